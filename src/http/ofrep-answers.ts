import { createHash } from 'node:crypto';
import type { Evaluation } from '../model/evaluation.js';
import type { FlatMetadata } from '../model/values.js';
import type { View } from './access.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** An answer that is ready to be written. */
export interface Answer {
  readonly status: number;
  /** Names and values by turns, as `writeHead` takes them fastest. */
  readonly headers: readonly string[];
  readonly body: string;
  /** `latin1` where the body is ASCII: node writes that fastest. */
  readonly encoding: 'latin1' | 'utf8';
}

/** An answer that a caller may have already. */
export interface TaggedAnswer {
  /** The strong entity tag, without its quotes. */
  readonly tag: string;
  /** With these event streams, as JSON, where there are any. */
  readonly whole: (eventStreams: string | undefined) => Answer;
  readonly notModified: () => Answer;
}

/** The JSON of an evaluation, made once: evaluations are shared, so the same outcome is the same object. */
interface Rendered {
  /** As a list has it. */
  readonly fragment: string;
  /** The hash of the fragment. */
  readonly digest: string;
  /** As a single answer has it, with the revision that it was last asked at. */
  single: { readonly revision: string; readonly answer: Answer } | undefined;
}

const rendered: Readonly<Record<View, WeakMap<Evaluation, Rendered>>> = {
  full: new WeakMap(),
  client: new WeakMap(),
};
/** What metadata says of rules, segments and people. Callers whose key is no secret do not learn it. */
const INNER_NAMES = ['rule', 'segment', 'override', 'requires'];

/** The answer to a question for one flag: status 200 with the revision in header and metadata. */
export function singleAnswer(evaluation: Evaluation, revision: string, view: View): Answer {
  const entry = render(evaluation, view);
  if (entry.single?.revision === revision) return entry.single.answer;
  const body = JSON.stringify(answerObject(evaluation, view, { revision }));
  const answer = jsonAnswer(200, body, ['Flagstaff-Revision', revision]);
  entry.single = { revision, answer };
  return answer;
}

/**
 * The answer to a question for all flags, with an entity tag. The tag is a hash of the parts' hashes: equal bodies have
 * equal tags, and a part is hashed once instead of with every body.
 */
export function bulkAnswer(evaluations: readonly Evaluation[], revision: string, view: View): TaggedAnswer {
  let flags = '';
  let digests = '';
  for (const evaluation of evaluations) {
    const { fragment, digest } = render(evaluation, view);
    flags = flags === '' ? fragment : `${flags},${fragment}`;
    digests += digest;
  }
  const tag = hash(digests);
  const headers = ['ETag', `"${tag}"`, 'Flagstaff-Revision', revision];
  return {
    tag,
    whole: (eventStreams) => {
      const streams = eventStreams === undefined ? '' : `,"eventStreams":${eventStreams}`;
      return jsonAnswer(200, `{"flags":[${flags}],"metadata":{}${streams}}`, headers);
    },
    notModified: () => ({ status: 304, headers, body: '', encoding: 'latin1' }),
  };
}

/** A body with the headers that all JSON answers carry. */
export function jsonAnswer(status: number, body: string, headers: readonly string[]): Answer {
  const length = Buffer.byteLength(body);
  return {
    status,
    body,
    encoding: length === body.length ? 'latin1' : 'utf8',
    headers: [...TYPE, 'Content-Length', String(length), ...SAFETY, ...headers],
  };
}

const TYPE = ['Content-Type', 'application/json; charset=utf-8'];
const SAFETY = [...Object.entries(SECURITY_HEADERS).flat(), 'Cache-Control', 'no-store'];

function render(evaluation: Evaluation, view: View): Rendered {
  const known = rendered[view].get(evaluation);
  if (known !== undefined) return known;
  const fragment = JSON.stringify(answerObject(evaluation, view, {}));
  const entry: Rendered = { fragment, digest: hash(fragment), single: undefined };
  rendered[view].set(evaluation, entry);
  return entry;
}

/** Without a value the caller's own default holds; an answer says so by having no `value`. */
function answerObject(evaluation: Evaluation, view: View, more: FlatMetadata): object {
  const { flagKey: key } = evaluation;
  if (evaluation.kind === 'missing') return { key, errorCode: evaluation.errorCode, metadata: more };
  const { reason } = evaluation;
  const metadata = { ...visibleMetadata(evaluation.metadata, view), ...more };
  if (evaluation.kind === 'default') return { key, reason, metadata };
  return { key, value: evaluation.value, reason, variant: evaluation.variant, metadata };
}

function visibleMetadata(metadata: FlatMetadata, view: View): FlatMetadata {
  if (view === 'full') return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !INNER_NAMES.includes(name)));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
