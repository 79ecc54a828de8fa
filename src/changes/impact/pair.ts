import type { CompiledFlag, CompiledSegment } from '../../evaluation/compiled.js';

/** The same thing in two versions; undefined where it is not there. */
export interface Pair<Thing> {
  readonly key: string;
  readonly before: Thing | undefined;
  readonly after: Thing | undefined;
}

/** What asks others. */
export type Asker = CompiledFlag | CompiledSegment;

type Versions<Thing> = Omit<Pair<Thing>, 'key'>;

/** What a reference of this name led to in both versions of what has it; undefined where that has no such reference. */
export function targets(asker: Versions<Asker>, kind: 'flag', key: string): Versions<CompiledFlag>;
export function targets(asker: Versions<Asker>, kind: 'segment', key: string): Versions<CompiledSegment>;
export function targets({ before, after }: Versions<Asker>, kind: 'flag' | 'segment', key: string) {
  const targetOf = (one: Asker | undefined) =>
    one?.uses.find((use) => use.kind === kind && use.key === key)?.target;
  return { before: targetOf(before), after: targetOf(after) };
}
