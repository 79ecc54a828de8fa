import type { ParsedFile } from '../files/parsed.js';
import { type Place, pathOf, placeOf } from '../files/paths.js';
import { diffPlaced } from './difference/placed.js';
import { compareResources, resourceNamer, resourceOf } from './difference/resource.js';
import { finish, flatMapInSteps, type Steps } from './difference/steps.js';
import type { Difference } from './difference.js';

/** One file in two versions. */
export interface FilePair {
  readonly path: string;
  /** Undefined where it was not there. */
  readonly before: FileSide | undefined;
  /** Undefined where it is not there. */
  readonly after: FileSide | undefined;
  /**
   * The newest older version that can be read, where the one before cannot: what is different since is told too, or a
   * repair would hide it.
   */
  readonly lastReadable?: FileSide | undefined;
}

/** One version of a file. */
export interface FileSide {
  /** The blob's id: files of one id are the same. */
  readonly blob: string;
  /** Undefined, or without a value, where the file cannot be read. */
  readonly parsed: ParsedFile | undefined;
}

/**
 * What is different in meaning between two versions of the files, smallest things first named: by organization and
 * project, then by path, then by place in the file. Pure. A file of which only the text differs gives one `layout`.
 */
export function diffFiles(files: readonly FilePair[]): readonly Difference[] {
  return finish(diffFilesInSteps(files));
}

/** The same in steps of few milliseconds, for who has others waiting. */
export function* diffFilesInSteps(files: readonly FilePair[]): Steps<readonly Difference[]> {
  const changed = files
    .filter(({ before, after }) => before?.blob !== after?.blob)
    .map((pair) => ({ ...pair, resource: resourceOf(pair.path) }))
    .sort(
      (one, other) => compareResources(one.resource, other.resource) || compareTexts(one.path, other.path),
    );
  const whole = new Set(changed.filter(isWhole).map(({ path }) => path));
  const told: (readonly Difference[])[] = [];
  for (const { path, resource, before, after, lastReadable } of changed) {
    yield;
    const place = placeIn(path);
    const goesAlong = place !== undefined && whole.has(flagPathOf(place) ?? '');
    const differences = yield* diffPlaced({ before, after, lastReadable, place, goesAlong });
    told.push(yield* flatMapInSteps(differences, (difference) => [{ path, resource, ...difference }]));
  }
  return told.flat();
}

/**
 * The differences as lines for people. Where they are about several resources, each line begins with its resource:
 * `new-checkout: production: killed`; with its project too where there are several of those.
 */
export function sentencesOf(differences: readonly Difference[]): readonly string[] {
  const nameOf = resourceNamer(differences.map(({ resource }) => resource));
  const names = differences.map(({ resource }) => nameOf(resource));
  if (new Set(names).size < 2) return differences.map(({ sentence }) => sentence);
  return differences.map(({ sentence }, index) => `${names[index]}: ${sentence}`);
}

function isWhole({ before, after }: FilePair): boolean {
  return before === undefined || after === undefined;
}

function placeIn(path: string): Place | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' ? meaning.place : undefined;
}

/** The path of the flag whose overrides or tests the place holds. */
function flagPathOf(place: Place): string | undefined {
  return place.kind === 'overrides' || place.kind === 'tests'
    ? pathOf({ ...place, kind: 'flag' })
    : undefined;
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
