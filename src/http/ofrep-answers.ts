import { createHash } from 'node:crypto';
import type { Evaluation } from '../model/evaluation.js';
import type { FlatMetadata } from '../model/values.js';
import type { View } from './access.js';

/** An answer that is ready to be written. */
export interface Answer {
  readonly status: number;
  /** Names and values by turns, as `writeHead` takes them fastest. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** The JSON of an evaluation, made once: evaluations are shared, so the same outcome is the same object. */
interface Rendered {
  /** As a list has it. */
  readonly fragment: string;
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

/** One flag's part of the answer for all of them. */
export function fragmentOf(evaluation: Evaluation, view: View): string {
  return render(evaluation, view).fragment;
}

/** The strong entity tag of a body: a hash of its bytes. */
export function entityTag(body: string): string {
  return `"${createHash('sha1').update(body).digest('base64url')}"`;
}

/** A body with the headers that all JSON answers carry. */
export function jsonAnswer(status: number, body: string, headers: readonly string[]): Answer {
  const length = String(Buffer.byteLength(body));
  return {
    status,
    body,
    headers: [
      'Content-Type',
      'application/json; charset=utf-8',
      'Content-Length',
      length,
      ...SAFETY,
      ...headers,
    ],
  };
}

const SAFETY = ['X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store'];

function render(evaluation: Evaluation, view: View): Rendered {
  const known = rendered[view].get(evaluation);
  if (known !== undefined) return known;
  const entry: Rendered = { fragment: JSON.stringify(answerObject(evaluation, view, {})), single: undefined };
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
