import { isDeepStrictEqual } from 'node:util';
import { type Issue, warningAt } from '../../files/issue.js';
import type { Finding } from '../../files/parsed.js';
import { toFindings } from '../../files/settle.js';
import { flagVariants, type Rule } from '../../model/flag.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import type { ChangeChecking } from './change-checks.js';
import { type Dial, dialsOf } from './dials.js';
import { movedShares } from './moved-shares.js';

/** Less than this is the rounding of fractions. */
const SMALLEST_SHARE = 1e-9;

/** What gives people another place in the percentages and splits of a flag that was there before. */
export function judgeRebucketed(before: Flag, after: Flag): Finding[] {
  const [old, young] = [dialsOf(before), dialsOf(after)];
  const known = new Map(old.map((dial) => [dial.name, dial]));
  const pairs = young.flatMap((dial) => {
    const one = known.get(dial.name);
    return one === undefined ? [] : [{ before: one, after: dial }];
  });
  return toFindings(after.path, [
    ...judgeSalt(pairs),
    ...judgeBucketBy(pairs),
    ...judgeReplaced(old, young),
    ...pairs.flatMap(judgeWeights),
  ]);
}

/** A project in two versions, and which of its files are judged and which are there. */
interface ProjectChange extends Pick<ChangeChecking, 'isWanted' | 'isThere'> {
  readonly before: ProjectSnapshot;
  readonly after: ProjectSnapshot;
}

/**
 * Flags that were given another key, and with it another salt: one came that places people as one that went did. One that
 * is broken now did not go.
 */
export function judgeRenamedFlags({ before, after, isWanted, isThere }: ProjectChange): Finding[] {
  const gone = [...before.flags.values()].filter(({ key, path }) => !after.flags.has(key) && !isThere(path));
  if (gone.length === 0) return [];
  const fresh = [...after.flags.values()].filter(({ key, path }) => !before.flags.has(key) && isWanted(path));
  return fresh.flatMap((flag) => {
    const dials = dialsOf(flag);
    const old = dials.length === 0 ? undefined : gone.find((one) => isSameFlag(one, flag));
    const salt = old?.file.salt ?? old?.key;
    if (old === undefined || dials.every((dial) => dial.salt === salt)) return [];
    const sentence = `flag ${old.key} is now ${flag.key}, which places everybody anew in ${wordsOf(dials)}; salt: ${salt} keeps them`;
    return toFindings(flag.path, [warningAt([], 'REBUCKETED', sentence)]);
  });
}

/** The same variants at the same places of the same dials, whatever else the files say; or the id that one of them says. */
function isSameFlag(one: Flag, other: Flag): boolean {
  if (one.file.id !== undefined && one.file.id === other.file.id) return true;
  const placing = (flag: Flag) => [flagVariants(flag.file), dialsOf(flag).map(placingOf)];
  return isDeepStrictEqual(placing(one), placing(other));
}

/** Whom a dial places and where, apart from the salt. */
function placingOf(dial: Dial): object {
  const { name, when, bucketBy } = dial;
  if (dial.kind === 'split') return { name, when, bucketBy, split: dial.split };
  const { percentage, serve } = dial.rule;
  return { name, when, bucketBy, percentage, serve };
}

interface Pair {
  readonly before: Dial;
  readonly after: Dial;
}

function judgeSalt(pairs: readonly Pair[]): Issue[] {
  const moved = pairs.filter(({ before, after }) => before.salt !== after.salt);
  const [first] = moved;
  if (first === undefined) return [];
  const sentence = `salt ${first.before.salt} → ${first.after.salt} places everybody anew in ${wordsOf(moved.map(({ after }) => after))}`;
  return [warningAt(['salt'], 'REBUCKETED', sentence)];
}

/** One issue for each place that says another attribute. */
function judgeBucketBy(pairs: readonly Pair[]): Issue[] {
  const moved = pairs.filter(({ before, after }) => before.bucketBy !== after.bucketBy);
  const own = moved.filter(({ before, after }) => before.isOwn || after.isOwn);
  const others = moved.filter((pair) => !own.includes(pair));
  return [
    ...bucketByIssue(others, ['bucketBy']),
    ...own.flatMap((pair) => bucketByIssue([pair], bucketByOfRule(pair.after))),
  ];
}

function bucketByIssue(moved: readonly Pair[], at: Pointer): Issue[] {
  const [first] = moved;
  if (first === undefined) return [];
  const { before, after } = first;
  const sentence = `bucketBy ${before.bucketBy} → ${after.bucketBy} places everybody anew in ${wordsOf(moved.map((pair) => pair.after))}`;
  return [warningAt(at, 'REBUCKETED', sentence)];
}

/** Where the rule of a dial says what it buckets by. */
function bucketByOfRule({ at }: Dial): Pointer {
  return [...at.slice(0, 4), 'bucketBy'];
}

/** A rule of another id, and a percentage in place of a split, are the same to people, but draw others. */
function judgeReplaced(old: readonly Dial[], young: readonly Dial[]): Issue[] {
  const [names, known] = [new Set(young.map(({ name }) => name)), new Set(old.map(({ name }) => name))];
  const left = new Set(old.filter(({ name }) => !names.has(name)));
  return young.flatMap((dial) => {
    if (known.has(dial.name)) return [];
    const [renamed] = [...left].filter((one) => isRenamed(one, dial));
    const was = renamed ?? [...left].find((one) => isTurned(one, dial));
    if (was === undefined) return [];
    left.delete(was);
    const sentence = `${was.words} of ${dial.environment} is now ${dial.words}, which draws other people`;
    return [warningAt(renamed === undefined ? dial.at : [...dial.at, 'id'], 'REBUCKETED', sentence)];
  });
}

/** The same people got some of the same variants, by weights before and by a percentage now, or the other way round. */
function isTurned(one: Dial, other: Dial): boolean {
  if (one.kind === other.kind || one.environment !== other.environment) return false;
  if (!isDeepStrictEqual(one.when, other.when)) return false;
  const variants = variantsOf(one);
  return variantsOf(other).some((variant) => variants.includes(variant));
}

function variantsOf(dial: Dial): readonly string[] {
  const { serve = 'on' } = dial.kind === 'split' ? { serve: dial.split } : dial.rule;
  if (serve === null || typeof serve === 'string') return serve === null ? [] : [serve];
  return Object.entries(serve).flatMap(([variant, weight]) => (weight > 0 ? [variant] : []));
}

function isRenamed(one: Dial, other: Dial): boolean {
  if (one.kind !== 'gate' || other.kind !== 'gate' || one.environment !== other.environment) return false;
  return isDeepStrictEqual(withoutName(one.rule), withoutName(other.rule));
}

function withoutName({ id: _id, description: _description, percentage: _percentage, ...rule }: Rule): object {
  return rule;
}

/** Weights that are only shifted move as few people as they must; in another order they move more. */
function judgeWeights({ before, after }: Pair): Issue[] {
  if (before.kind !== 'split' || after.kind !== 'split') return [];
  if (before.salt !== after.salt || before.bucketBy !== after.bucketBy) return [];
  const { moved, needed } = movedShares(before.split, after.split);
  if (moved - needed < SMALLEST_SHARE) return [];
  const sentence = `${after.words} in ${after.environment} gives ${percent(moved)} of its people another variant, where ${percent(needed)} would do; the order of the variants decides who`;
  return [warningAt(after.at, 'REBUCKETED', sentence)];
}

/** `rule canary (5 %) and the split in production; the split in staging`. */
function wordsOf(dials: readonly Dial[]): string {
  const environments = [...new Set(dials.map(({ environment }) => environment))];
  return environments
    .map((environment) => {
      const here = dials.filter((dial) => dial.environment === environment);
      return `${here.map(({ words }) => words).join(' and ')} in ${environment}`;
    })
    .join('; ');
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
