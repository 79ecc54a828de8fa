import { usesOfFlag, usesOfSegment } from '../files/uses.js';
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
  const changed = new Changed(before, after);
  return flags.filter(({ key }) => changed.hasFlag(key));
}

type ByKey<Thing> = ReadonlyMap<string, Thing>;

/** What changed between two snapshots, itself or by what it asks; each thing is looked at once. */
class Changed {
  readonly #flags: { readonly before: ByKey<Flag>; readonly after: ByKey<Flag> };
  readonly #segments: { readonly before: ByKey<Segment>; readonly after: ByKey<Segment> };
  readonly #known = new Map<string, boolean>();

  constructor(before: ProjectSnapshot, after: ProjectSnapshot) {
    this.#flags = { before: before.flags, after: after.flags };
    this.#segments = { before: before.segments, after: after.segments };
  }

  hasFlag(key: string): boolean {
    return this.#once(`flag ${key}`, () => {
      const flag = this.#flags.after.get(key);
      if (flag !== this.#flags.before.get(key)) return true;
      if (flag === undefined) return false;
      const { flags, segments } = usesOfFlag(flag.file);
      return flags.some((use) => this.hasFlag(use.key)) || segments.some((use) => this.hasSegment(use.key));
    });
  }

  hasSegment(key: string): boolean {
    return this.#once(`segment ${key}`, () => {
      const segment = this.#segments.after.get(key);
      if (segment !== this.#segments.before.get(key)) return true;
      return (
        segment !== undefined && usesOfSegment(segment.file).segments.some((use) => this.hasSegment(use.key))
      );
    });
  }

  /** A cycle is an error, and nothing in it is served as it is: it ends here. */
  #once(name: string, look: () => boolean): boolean {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#known.set(name, false);
    const isChanged = look();
    this.#known.set(name, isChanged);
    return isChanged;
  }
}
