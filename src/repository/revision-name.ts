import { endOfDay, parseMoment } from '../evaluation/moment.js';
import { Failure } from '../model/failure.js';

/** What somebody wrote for a revision, read but not looked up: nothing of it was compared with the repository yet. */
export type RevisionName =
  | { readonly kind: 'time'; readonly now: number }
  | { readonly kind: 'name'; readonly name: string; readonly steps: readonly ParentStep[] };

/** Back over parents: `~3` is three times the first one, `^2` once the second, `^0` none. */
export interface ParentStep {
  readonly parent: number;
  readonly times: number;
}

/** Git itself has no bound, but a path of its file system has. */
const MOST_BYTES = 250;
/** So many parents are followed; further back a time or an id is the better name. */
const MOST_STEPS = 10_000;

/** What no name of a ref may hold: `git check-ref-format`, and a dash at the start, which would be an option. */
const BAD_NAME = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|(?:^|\/)\.|\.lock(?:\/|$)|^@?$/u;
const WITH_STEPS = /^([^~^]*)((?:[~^]\d*)*)$/s;
const STEP = /([~^])(\d*)/g;
const TIME = /^\d{4}-\d{2}-\d{2}[Tt ]/;

/**
 * Reads it without touching a file. Only what passes here may become part of a path. Throws `Failure` INVALID_REVISION
 * for what can be no commit, no ref and no time.
 */
export function parseRevision(text: string): RevisionName {
  if (Buffer.byteLength(text) > MOST_BYTES) throw invalid(`longer than ${MOST_BYTES} bytes`);
  if (TIME.test(text)) return readTime(text);
  const [, name = '', suffix = ''] = WITH_STEPS.exec(text) ?? [];
  if (BAD_NAME.test(name)) throw invalid('wanted a commit, a branch, a tag, a day or a time');
  return { kind: 'name', name, steps: readSteps(suffix) };
}

/**
 * The last millisecond, UTC, of a day such as `2026-01-31`: a day means all of it. Undefined for what is no day. A ref
 * may have such a name, so that refs are looked for first.
 */
export function lastMomentOf(day: string): number | undefined {
  const end = endOfDay(day);
  return end === undefined ? undefined : end - 1;
}

function readTime(text: string): RevisionName {
  const now = parseMoment(text);
  if (now === undefined) throw invalid('a time needs its zone, such as 2026-01-31T12:00:00Z');
  return { kind: 'time', now };
}

function readSteps(suffix: string): readonly ParentStep[] {
  const steps = [...suffix.matchAll(STEP)].map(([, sign, digits]): ParentStep => {
    const count = digits === '' ? 1 : Number(digits);
    if (sign === '~') return { parent: 1, times: count };
    return { parent: count, times: count === 0 ? 0 : 1 };
  });
  const total = steps.reduce((sum, { times }) => sum + times, 0);
  if (total > MOST_STEPS) throw invalid(`more than ${MOST_STEPS} commits back; name a commit or a time`);
  return steps;
}

function invalid(why: string): Failure {
  return new Failure('invalid', 'INVALID_REVISION', `the revision: ${why}`);
}
