import { type Uses, usesOfFlag, usesOfSegment } from '../files/uses.js';
import type { Flag, ProjectSnapshot, Segment } from '../model/snapshot.js';

/**
 * The flags of a project that have cases which may go otherwise than before: what the flags say, or what they ask, is
 * another. Their files are asked, not their compiled forms: a flag that is off asks nobody, but its cases switch it on.
 * Whatever did not change is the same object in both snapshots.
 */
export function affectedFlags(before: ProjectSnapshot | undefined, after: ProjectSnapshot): readonly Flag[] {
  if (before === after) return [];
  const flags = [...after.flags.values()].filter(({ tests }) => tests.length > 0);
  if (before === undefined || before.file !== after.file) return flags;
  if (flags.length === 0) return [];
  const affected = affectedThings(before, after);
  return flags.filter((flag) => affected.has(flag));
}

type Thing = Flag | Segment;

/**
 * Goes from what changed to whatever asks it, and on to what asks that. Each is come to once, so it ends where flags ask
 * each other: no cycle as long as they do so in different environments.
 */
function affectedThings(before: ProjectSnapshot, after: ProjectSnapshot): ReadonlySet<Thing> {
  const askers = new Askers(after);
  const affected = new Set<Thing>([
    ...changedThings(before.flags, after.flags),
    ...changedThings(before.segments, after.segments),
  ]);
  // A set gives what is added to it meanwhile, too.
  for (const thing of affected) for (const asker of askers.of(thing)) affected.add(asker);
  return affected;
}

/** Those that are another, came or went. */
function changedThings<Kind extends Thing>(
  before: ReadonlyMap<string, Kind>,
  after: ReadonlyMap<string, Kind>,
): readonly Kind[] {
  const fresh = [...after].filter(([key, thing]) => before.get(key) !== thing);
  const gone = [...before].filter(([key]) => !after.has(key));
  return [...fresh, ...gone].map(([, thing]) => thing);
}

/** Who names a flag or a segment in its file. */
class Askers {
  readonly #ofFlags = new Map<string, Thing[]>();
  readonly #ofSegments = new Map<string, Thing[]>();

  constructor({ flags, segments }: ProjectSnapshot) {
    for (const flag of flags.values()) this.#add(flag, usesOfFlag(flag.file));
    for (const segment of segments.values()) this.#add(segment, usesOfSegment(segment.file));
  }

  of(thing: Thing): readonly Thing[] {
    return ('tests' in thing ? this.#ofFlags : this.#ofSegments).get(thing.key) ?? [];
  }

  #add(asker: Thing, { flags, segments }: Uses): void {
    for (const { key } of flags) note(this.#ofFlags, key, asker);
    for (const { key } of segments) note(this.#ofSegments, key, asker);
  }
}

function note(askers: Map<string, Thing[]>, key: string, asker: Thing): void {
  const known = askers.get(key);
  if (known === undefined) askers.set(key, [asker]);
  else known.push(asker);
}
