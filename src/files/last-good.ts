import { isDeepStrictEqual } from 'node:util';
import { type EnvironmentState, environmentState, type FlagFile } from '../model/flag.js';
import type { FlagKey, SegmentKey } from '../model/keys.js';
import type { Flag, ProjectSnapshot, Segment } from '../model/snapshot.js';
import { type Use, usesOfFlag, usesOfSegment } from './uses.js';
import type { Broken } from './verdict.js';

/** What the last good version of a flag is made from. */
export interface LastGood {
  /** The flag as it was served before. */
  readonly before: Flag;
  /** The project that it was served in. */
  readonly project: ProjectSnapshot;
  readonly broken: Broken;
  /** What its file says at this commit, where it can be read. */
  readonly head: FlagFile | undefined;
}

/**
 * The flag as it was last good, with the flags and segments that it needs from then. The kill switch is where its file
 * has it now, whatever is wrong with the flag: nobody waits for a repair to stop one, or to let it go again. Where its
 * own files are good and it only waits for those of others, it can be switched off as well.
 */
export function lastGood({ before, project, broken, head }: LastGood): Flag {
  const home = before.stale?.home ?? prunedHome(project, before);
  const good = home.flags.get(before.key) ?? before;
  const file = head === undefined ? before.file : switched(broken.isOwn ? before.file : good.file, head);
  const kept = broken.isOwn || head === undefined ? file : switchedOff(file, head);
  const stale: Flag = { ...good, file: kept, stale: { home, problems: broken.causes } };
  return isDeepStrictEqual({ ...stale, tests: [] }, { ...before, tests: [] }) ? before : stale;
}

/** The project with no more than the flag needs: itself, the flags that it asks and the segments of all of them. */
function prunedHome(project: ProjectSnapshot, flag: Flag): ProjectSnapshot {
  const flags = reached<FlagKey, Flag>(project.flags, [flag.key], ({ file }) => usesOfFlag(file).flags);
  const attached = [...flags.values()].flatMap(({ file }) => usesOfFlag(file).segments);
  const segments = reached<SegmentKey, Segment>(
    project.segments,
    attached.map(({ key }) => key),
    ({ file }) => usesOfSegment(file).segments,
  );
  return { ...project, flags, segments };
}

/** The things under these keys, and all that they name in turn. */
function reached<Key extends string, Thing extends { readonly key: Key }>(
  things: ReadonlyMap<string, Thing>,
  from: readonly string[],
  usesOf: (thing: Thing) => readonly Use[],
): ReadonlyMap<Key, Thing> {
  const found = new Map<Key, Thing>();
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const thing = things.get(key);
    if (thing === undefined || found.has(thing.key)) continue;
    found.set(thing.key, thing);
    for (const use of usesOf(thing)) open.push(use.key);
  }
  return found;
}

/** The kill switch of each environment that the file names now; the others keep theirs. */
function switched(good: FlagFile, head: FlagFile): FlagFile {
  const states = new Map(Object.entries(good.environments));
  for (const [environment, wanted] of Object.entries(head.environments)) {
    const isKilled = wanted.killed === true;
    const state = environmentState(good, environment);
    if (isKilled !== (state.killed === true)) {
      states.set(environment, isKilled ? { ...state, killed: true } : released(state));
    }
  }
  return { ...good, environments: Object.fromEntries(states) };
}

/** Without the switch, as if it had never been set: a first load of the same commit finds nothing either. */
function released({ killed: _, ...state }: EnvironmentState): EnvironmentState {
  return state;
}

function switchedOff(good: FlagFile, head: FlagFile): FlagFile {
  const states = Object.entries(good.environments).map(([environment, state]): [string, EnvironmentState] => [
    environment,
    environmentState(head, environment).enabled ? state : { ...state, enabled: false },
  ]);
  return { ...good, environments: Object.fromEntries(states) };
}
