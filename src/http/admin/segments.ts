import type { Change } from '../../changes/change.js';
import { pathOf } from '../../files/paths.js';
import { parseSegmentKey } from '../../model/keys.js';
import type { SegmentFile } from '../../model/segment.js';
import type { Segment } from '../../model/snapshot.js';
import { readFields, readKey, refuseChanged, required } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import {
  type AdminOptions,
  type CurrentProject,
  changedMeanwhile,
  currentProject,
  fileNow,
  projectAfter,
  readWanted,
  writeExactly,
} from './exact-write.js';
import { findSegmentIn, headBlob, segmentOf } from './lookup.js';
import { editsOfSegment, readSegment, SEGMENT_FIELDS } from './segments-body.js';
import { type ShownSegment, shownSegment } from './segments-shape.js';

const SEGMENTS = '/api/admin/projects/:projectId/segments';

/** The segments of a project. */
export function segmentRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${SEGMENTS}`, query: [], handle: (asked) => listSegments(options, asked) },
    { operation: `POST ${SEGMENTS}`, query: [], handle: (asked) => createSegment(options, asked) },
    { operation: `GET ${SEGMENTS}/:segmentId`, query: [], handle: (asked) => getSegment(options, asked) },
    { operation: `PUT ${SEGMENTS}/:segmentId`, query: [], handle: (asked) => updateSegment(options, asked) },
    {
      operation: `DELETE ${SEGMENTS}/:segmentId`,
      query: [],
      handle: (asked) => deleteSegment(options, asked),
    },
  ];
}

/** What cannot be changed. Who uses it and when it was changed moves on without the caller, so it is not compared. */
const READ_ONLY = ['id', 'key', 'projectId', 'createdAt'] as const;
const MOVING = ['usedBy', 'updatedAt'];

function listSegments(options: AdminOptions, asked: Asked): Reply {
  const current = { served: orgOf(asked), project: projectOf(asked) };
  const body = [...current.project.segments.values()].map((segment) => shown(options, current, segment));
  return { status: 200, headers: { 'Flagstaff-Revision': current.served.revision }, body };
}

function getSegment(options: AdminOptions, asked: Asked): Reply {
  const current = { served: orgOf(asked), project: projectOf(asked) };
  const segment = segmentOf(asked);
  return {
    status: 200,
    headers: headersOf(current, segment),
    body: shown(options, current, segment),
  };
}

async function createSegment(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['key', ...SEGMENT_FIELDS, ...WORD_FIELDS]);
  const segment = required(readKey(fields, 'key', parseSegmentKey), fields, 'key');
  const { served, project } = currentProject(options.cache, asked);
  const change: Change = {
    kind: 'segment.create',
    project: project.key,
    segment,
    file: readSegment(fields, segment),
  };
  const path = pathOf({ kind: 'segment', org: served.snapshot.key, project: project.key, key: segment });
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [change],
    preconditions: preconditionsOf(asked, path),
    ...readWords(fields),
  });
  const current = projectAfter(result, asked);
  const made = current.project.segments.get(segment);
  if (made === undefined) throw changedMeanwhile(result.commit);
  const body = shown(options, current, made, result.commit);
  const location = `/api/admin/projects/${asked.params.projectId}/segments/${body.id}`;
  const headers = { ...headersOf(current, made), ...headersOfWrite(result), Location: location };
  return { status: 201, headers, body };
}

async function updateSegment(options: AdminOptions, asked: Asked): Promise<Reply> {
  const known = [...READ_ONLY, ...MOVING, ...SEGMENT_FIELDS, ...WORD_FIELDS];
  const fields = readFields(await readWanted(asked), '', known);
  const { key } = segmentOf(asked);
  const current = { served: orgOf(asked), project: projectOf(asked) };
  refuseChanged(fields, READ_ONLY, shown(options, current, segmentOf(asked)));
  const result = await writeExactly(options, asked, {
    find: (now) => written(now, key),
    changesOf: ({ served, project }) => {
      const file = fileNow(served, findSegmentIn(project, key).path).value as SegmentFile;
      const edits = editsOfSegment(file, readSegment(fields, key, file));
      return [{ kind: 'segment.update', project: project.key, segment: key, edits }];
    },
    words: readWords(fields),
  });
  const after = projectAfter(result, asked);
  const segment = after.project.segments.get(key);
  if (segment === undefined) throw changedMeanwhile(result.commit);
  const headers = { ...headersOf(after, segment), ...headersOfWrite(result) };
  return { status: 200, headers, body: shown(options, after, segment, result.commit) };
}

/** SEGMENT_IN_USE says who needs it. */
async function deleteSegment(options: AdminOptions, asked: Asked): Promise<Reply> {
  const { key } = segmentOf(asked);
  const result = await writeExactly(options, asked, {
    find: (now) => written(now, key),
    changesOf: ({ project }) => [{ kind: 'segment.delete', project: project.key, segment: key }],
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** As it is served, or as a commit left it. */
function shown(
  { cache }: AdminOptions,
  { project }: CurrentProject,
  segment: Segment,
  asOf?: string,
): ShownSegment {
  return shownSegment(segment, { project, times: cache.history.timesOf(segment.path, asOf) });
}

function written({ served, project }: CurrentProject, key: string) {
  const { path, blob } = findSegmentIn(project, key);
  return { path, blob: headBlob(served, { path, blob }) };
}

function headersOf({ served }: CurrentProject, segment: Segment): Readonly<Record<string, string>> {
  return { ETag: `"${headBlob(served, segment)}"`, 'Flagstaff-Revision': served.revision };
}
