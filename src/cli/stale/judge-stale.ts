import { constantSince } from '../../files/checks/constant-flag.js';
import { count } from '../format.js';
import type { FlagUse, NameUses, SkippedFile } from '../references/tally.js';
import type { Ages, LastChange } from './ages.js';
import type { Candidate, Constant, FlagCandidate } from './candidate.js';

/** Something that can be removed, or could once what stands in its way is gone. */
export interface StaleThing {
  readonly candidate: Candidate;
  /** Why, in sentences without a dot. */
  readonly reasons: readonly StaleReason[];
  /** What must be done first; nothing is in the way of what is safe to remove now. */
  readonly blockers: readonly string[];
  /** What code gets in its place. */
  readonly replacement: Constant | undefined;
  /** Where code names the flag; undefined where no code was looked into. */
  readonly uses: NameUses | undefined;
  readonly lastChange: LastChange | undefined;
}

/** One thing that is said against it. */
export interface StaleReason {
  readonly kind: 'expired' | 'deprecated' | 'constant' | 'no-code' | 'no-flag' | 'past';
  readonly sentence: string;
}

/** What code says of flags. */
export interface CodeUses {
  useOf(flag: Pick<FlagCandidate, 'key'>): FlagUse;
  usesOf(key: string): NameUses;
  readonly skipped: readonly SkippedFile[];
}

/** What is judged by. */
export interface StaleMeasure {
  /** Undefined where there is no history. */
  readonly ages: Ages | undefined;
  /** Undefined where no code was looked into. */
  readonly code: CodeUses | undefined;
  /** So long a flag gives everybody the same before that is a reason. */
  readonly days: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

const DAY_MS = 86_400_000;

/** What there is a reason to remove: what is safe now comes first, then what was changed last. */
export async function judgeStale(
  candidates: readonly Candidate[],
  measure: StaleMeasure,
): Promise<readonly StaleThing[]> {
  const things: StaleThing[] = [];
  for (const candidate of candidates) {
    const thing = await judge(candidate, measure);
    if (thing !== undefined) things.push(thing);
  }
  return things.sort((one, other) => orderOf(one) - orderOf(other) || secondsOf(other) - secondsOf(one));
}

/** True where nothing else has to change first. */
export function isSafe({ blockers }: StaleThing): boolean {
  return blockers.length === 0;
}

function orderOf(thing: StaleThing): number {
  return isSafe(thing) ? 0 : 1;
}

/** What is not committed is newest. */
function secondsOf({ lastChange }: StaleThing): number {
  return lastChange?.commit.seconds ?? Number.MAX_SAFE_INTEGER;
}

async function judge(candidate: Candidate, measure: StaleMeasure): Promise<StaleThing | undefined> {
  const { ages, code } = measure;
  const reasons = candidate.kind === 'flag' ? await flagReasons(candidate, measure) : [fileReason(candidate)];
  if (reasons.length === 0) return undefined;
  const isConstant = reasons.some(({ kind }) => kind === 'constant');
  return {
    candidate,
    reasons,
    blockers: candidate.kind === 'flag' ? flagBlockers(candidate, code) : [],
    replacement: candidate.kind === 'flag' && isConstant ? candidate.constant : undefined,
    uses: candidate.kind === 'flag' ? code?.usesOf(candidate.key) : undefined,
    lastChange: await ages?.lastChange(candidate.path),
  };
}

function fileReason(candidate: Exclude<Candidate, FlagCandidate>): StaleReason {
  return candidate.kind === 'segment'
    ? { kind: 'no-flag', sentence: 'no flag uses it' }
    : { kind: 'past', sentence: `it ended with ${candidate.until}` };
}

async function flagReasons(
  flag: FlagCandidate,
  { ages, code, days, now }: StaleMeasure,
): Promise<readonly StaleReason[]> {
  const { expired, isDeprecated, constant } = flag;
  const since = await longConstantSince(flag, ages, { days, now });
  return [
    ...(code?.useOf(flag) === 'unused' ? [reason('no-code', 'no code uses it')] : []),
    ...(expired === undefined ? [] : [reason('expired', `it expired on ${expired}`)]),
    ...(isDeprecated ? [reason('deprecated', 'it is deprecated')] : []),
    ...(since === undefined || constant === undefined
      ? []
      : [
          reason(
            'constant',
            `everybody gets ${constant.variant} everywhere, since ${dayOf(since)} at the latest`,
          ),
        ]),
  ];
}

function reason(kind: StaleReason['kind'], sentence: string): StaleReason {
  return { kind, sentence };
}

/** A moment in epoch milliseconds since which it gives everybody the same; undefined where that is not long enough. */
async function longConstantSince(
  candidate: FlagCandidate,
  ages: Ages | undefined,
  { days, now }: Pick<StaleMeasure, 'days' | 'now'>,
): Promise<number | undefined> {
  const { project, key, constant } = candidate;
  const flag = project.flags.get(key);
  if (flag === undefined || constant === undefined) return undefined;
  const cutoff = now - days * DAY_MS;
  const seconds = await ages?.unchangedSince(candidate, cutoff / 1_000);
  if (seconds === undefined) return undefined;
  const since = constantSince({ flag, variant: constant.variant, changed: seconds * 1_000, now });
  return since > cutoff ? undefined : since;
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

function flagBlockers(flag: FlagCandidate, code: CodeUses | undefined): readonly string[] {
  return [...codeBlockers(flag, code), ...flag.askers.map((asker) => `flag ${asker} asks it`)];
}

function codeBlockers(flag: FlagCandidate, code: CodeUses | undefined): readonly string[] {
  if (code === undefined) return ['no code was looked into: name it with --src'];
  const use = code.useOf(flag);
  if (use === 'unused') return unreadBlockers(code);
  const [first, ...rest] = code.usesOf(flag.key).places;
  const { asked, quoted, named } = code.usesOf(flag.key).counts;
  const more = asked + quoted + named - 1;
  const place = first === undefined ? '' : ` at ${first.path}:${first.line}:${first.column}`;
  const others = rest.length === 0 ? '' : `, and at ${more} more ${more === 1 ? 'place' : 'places'}`;
  return [`code ${use === 'asked' ? 'asks' : 'names'} it${place}${others}`];
}

/** A file that may be code and could not be read may use any flag. */
function unreadBlockers({ skipped }: CodeUses): readonly string[] {
  const [first, ...rest] = skipped.filter(({ why }) => MAY_USE_FLAGS[why]);
  if (first === undefined) return [];
  const others = rest.length === 0 ? '' : `, and into ${count(rest.length, 'other')}`;
  return [`look into ${first.path}, which was not read (${first.why})${others}`];
}

const MAY_USE_FLAGS: Readonly<Record<SkippedFile['why'], boolean>> = {
  binary: false,
  generated: false,
  'too large': true,
  unreadable: true,
};
