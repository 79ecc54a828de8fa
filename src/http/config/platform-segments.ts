import { pathOf } from '../../files/paths.js';
import { parseSegmentKey, type SegmentKey } from '../../model/keys.js';
import type { SegmentFile } from '../../model/segment.js';
import type { Segment } from '../../model/snapshot.js';
import type { WriteResult } from '../../repository/write-request.js';
import {
  type CurrentProject,
  changedMeanwhile,
  fileNow,
  projectAfter,
  readWanted,
  writeExactly,
} from '../admin/exact-write.js';
import { findSegmentIn, headBlob } from '../admin/lookup.js';
import { editsOfSegment } from '../admin/segments-body.js';
import { readFields, readKey, refuseChanged } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type ConfigOptions, routeOf } from './default-place.js';
import { keyFromName, PLATFORM_FIELDS, readPlatformSegment } from './platform-segments-body.js';
import { shownPlatformSegment } from './platform-segments-shape.js';
import { findSegmentNamed } from './segment-lookup.js';

const SEGMENTS = '/api/platform/segments';

/** The segments of the default project. Source: the sibling documents of seed 002. */
export function platformSegmentRoutes(options: ConfigOptions): readonly Route[] {
  return [
    routeOf(`GET ${SEGMENTS}`, options, listSegments),
    routeOf(`POST ${SEGMENTS}`, options, createSegment),
    routeOf(`GET ${SEGMENTS}/:id`, options, getSegment),
    routeOf(`PUT ${SEGMENTS}/:id`, options, updateSegment),
    routeOf(`DELETE ${SEGMENTS}/:id`, options, deleteSegment),
  ];
}

/** What cannot be changed. When it was changed moves on without the caller, so it is not compared. */
const READ_ONLY = ['id', 'createdAt'] as const;
const MOVING = ['updatedAt'];

function listSegments(options: ConfigOptions, asked: Asked): Reply {
  const project = projectOf(asked);
  const body = [...project.segments.values()].map((segment) =>
    shownPlatformSegment(options, segment, { project }),
  );
  return { status: 200, headers: { 'Flagstaff-Revision': orgOf(asked).revision }, body };
}

function getSegment(options: ConfigOptions, asked: Asked): Reply {
  const project = projectOf(asked);
  const segment = segmentOf(asked);
  const headers = headersOf({ served: orgOf(asked), project }, segment);
  return { status: 200, headers, body: shownPlatformSegment(options, segment, { project }) };
}

/** Whoever names no key gets one that is made of the name. */
async function createSegment(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['key', ...PLATFORM_FIELDS, ...WORD_FIELDS]);
  const segment = readKey(fields, 'key', parseSegmentKey) ?? keyFromName(fields);
  const served = orgOf(asked);
  const project = projectOf(asked).key;
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind: 'segment.create', project, segment, file: readPlatformSegment(fields, segment) }],
    preconditions: preconditionsOf(
      asked,
      pathOf({ kind: 'segment', org: served.snapshot.key, project, key: segment }),
    ),
    ...readWords(fields),
  });
  const { made, ...reply } = writtenReply(options, asked, { result, key: segment });
  return { ...reply, headers: { ...reply.headers, Location: `${SEGMENTS}/${made.id}` } };
}

async function updateSegment(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const known = [...READ_ONLY, ...MOVING, ...PLATFORM_FIELDS, ...WORD_FIELDS];
  const fields = readFields(await readWanted(asked), '', known);
  const { key } = segmentOf(asked);
  const result = await writeExactly(options, asked, {
    find: (current) => written(current, key),
    changesOf: ({ served, project }) => {
      const segment = findSegmentIn(project, key);
      refuseChanged(fields, READ_ONLY, shownPlatformSegment(options, segment, { project }));
      const file = fileNow(served, segment.path).value as SegmentFile;
      const edits = editsOfSegment(file, readPlatformSegment(fields, key, file));
      return [{ kind: 'segment.update', project: project.key, segment: key, edits }];
    },
    words: readWords(fields),
  });
  const { made: _, ...reply } = writtenReply(options, asked, { result, key });
  return reply;
}

/** SEGMENT_IN_USE says who needs it. */
async function deleteSegment(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const { key } = segmentOf(asked);
  const result = await writeExactly(options, asked, {
    find: (current) => written(current, key),
    changesOf: ({ project }) => [{ kind: 'segment.delete', project: project.key, segment: key }],
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

function segmentOf(asked: Asked): Segment {
  return findSegmentNamed(projectOf(asked), asked.params.id ?? '');
}

/** A segment as a write left it. Throws `Failure` CHANGED_MEANWHILE where it cannot be served so. */
function writtenReply(
  options: ConfigOptions,
  asked: Asked,
  { result, key }: { readonly result: WriteResult; readonly key: SegmentKey },
): Reply & { readonly made: Segment } {
  const current = projectAfter(result, asked);
  const made = current.project.segments.get(key);
  if (made === undefined) throw changedMeanwhile(result.commit);
  const body = shownPlatformSegment(options, made, { project: current.project, asOf: result.commit });
  return { made, status: 200, headers: { ...headersOf(current, made), ...headersOfWrite(result) }, body };
}

function written({ served, project }: CurrentProject, key: SegmentKey) {
  const { path, blob } = findSegmentIn(project, key);
  return { path, blob: headBlob(served, { path, blob }) };
}

function headersOf({ served }: CurrentProject, segment: Segment): Readonly<Record<string, string>> {
  return { ETag: `"${headBlob(served, segment)}"`, 'Flagstaff-Revision': served.revision };
}
