import type { Edit } from '../../files/edit.js';
import { Failure } from '../../model/failure.js';
import { attachmentEntry, environmentState } from '../../model/flag.js';
import type { SegmentKey } from '../../model/keys.js';
import type { JsonValue } from '../../model/values.js';
import { changedMeanwhile, projectAfter, readWanted } from '../admin/exact-write.js';
import { readFields, readText, required } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { environmentOf, projectOf } from '../scope.js';
import { headersOfWrite } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { givesAccess } from './allowed.js';
import { attachmentId } from './attachments.js';
import { type ConfigOptions, routeOf } from './default-place.js';
import { accessVariantOf } from './feature-overrides.js';
import { type FeatureNow, featureNow, headersOfFeature, writeFeature } from './feature-write.js';
import { featureOf } from './features.js';
import { findSegmentNamed, refuseNoSegment } from './segment-lookup.js';

const SEGMENTS = '/api/admin/config/features/:id/segments';
const ID_LENGTH = { from: 1, to: 100 };

/** The segments whose members have access in the default environment. Source: seed 002. */
export function featureSegmentRoutes(options: ConfigOptions): readonly Route[] {
  return [
    routeOf(`POST ${SEGMENTS}`, options, attachSegment),
    routeOf(`DELETE ${SEGMENTS}/:segmentId`, options, detachSegment),
  ];
}

/** One that is attached already stays where it is, and the answer is the same. */
async function attachSegment(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['segmentId', ...WORD_FIELDS]);
  const wanted = required(readText(fields, 'segmentId', ID_LENGTH), fields, 'segmentId');
  const { key } = featureOf(asked);
  const segment = findSegmentNamed(projectOf(asked), wanted);
  const result = await writeFeature(options, asked, {
    key,
    changesOf: (current) => {
      const now = featureNow(options, asked, { current, key });
      return [{ kind: 'flag.update', project: now.project, flag: key, edits: attachment(now, segment.key) }];
    },
    words: readWords(fields),
  });
  const current = projectAfter(result, asked);
  const flag = current.project.flags.get(key);
  if (flag === undefined) throw changedMeanwhile(result.commit);
  const place = { project: current.project, environment: environmentOf(asked) };
  const id = attachmentId(key, segment.key, place);
  const headers = { ...headersOfFeature(current, flag), ...headersOfWrite(result) };
  return { status: 200, headers, body: { id, featureFlagId: key, segmentId: segment.id } };
}

/** The segment may be named by its id or key, or by the id of the attachment. */
async function detachSegment(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const { key } = featureOf(asked);
  const { segmentId: wanted = '' } = asked.params;
  refuseNoSegment(projectOf(asked), wanted);
  const result = await writeFeature(options, asked, {
    key,
    changesOf: (current) => {
      const now = featureNow(options, asked, { current, key });
      const attached = keysOf(now);
      const place = { project: current.project, environment: now.environment };
      const named = attached.find((segment) => attachmentId(key, segment, place) === wanted);
      const segment = named ?? findSegmentNamed(current.project, wanted).key;
      return [{ kind: 'flag.update', project: now.project, flag: key, edits: [detachment(now, segment)] }];
    },
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** Throws `Failure` ATTACHED_OTHERWISE where the members get something else now, and NO_ACCESS_VARIANT. */
function attachment(now: FeatureNow, segment: SegmentKey): readonly Edit[] {
  const { key, file, environment } = now;
  const at = ['environments', environment];
  const { enabled, segments } = environmentState(file, environment);
  const attached = segments?.map(attachmentEntry).find((each) => each.segment === segment);
  if (attached !== undefined && givesAccess(file, attached.serve)) return [];
  if (attached !== undefined) {
    const sentence = `segment ${segment}: is attached to ${key} in ${environment} for something else; detach it first`;
    throw new Failure('conflict', 'ATTACHED_OTHERWISE', sentence);
  }
  const variant = accessVariantOf(now);
  const entry: JsonValue = variant === 'on' ? segment : { segment, serve: variant };
  if (segments !== undefined) return [{ at: [...at, 'segments', segments.length], insert: entry }];
  const list: Edit = { at: [...at, 'segments'], set: [entry] };
  // A block that is written says whether the flag is enabled.
  return Object.hasOwn(file.environments, environment)
    ? [list]
    : [{ at: [...at, 'enabled'], set: enabled }, list];
}

/** Throws `Failure` ATTACHMENT_NOT_FOUND where there is none. */
function detachment(now: FeatureNow, segment: string): Edit {
  const { key, environment } = now;
  const attached = keysOf(now);
  const index = attached.indexOf(segment);
  const at = ['environments', environment, 'segments'];
  if (index >= 0) return { at: attached.length === 1 ? at : [...at, index], remove: true };
  const sentence = `segment ${segment}: not attached to flag ${key} in ${environment}`;
  throw new Failure('not-found', 'ATTACHMENT_NOT_FOUND', sentence);
}

function keysOf({ file, environment }: FeatureNow): readonly string[] {
  return (environmentState(file, environment).segments ?? []).map((each) => attachmentEntry(each).segment);
}
