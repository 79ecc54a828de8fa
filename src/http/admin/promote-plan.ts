import { environmentState, type FlagFile } from '../../model/flag.js';
import { numericId } from '../../model/ids.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import type { Asked } from '../route.js';
import { environmentId } from '../scope.js';
import type { CallersWrite } from '../write-changes.js';
import { preconditionsOfOne } from '../write-headers.js';
import { type CurrentProject, fileNow } from './exact-write.js';
import { headBlob } from './lookup.js';
import { changesOfPromotion } from './promote-changes.js';
import { stateAsItIs } from './rules-write.js';

/** From one environment to another one of the same project. */
export interface Way {
  readonly from: EnvironmentKey;
  readonly to: EnvironmentKey;
}

interface NamedThing {
  readonly id: number;
  readonly key: string;
}

/** What a promotion says besides what every write does. */
export interface Summary {
  readonly from: NamedThing;
  readonly to: NamedThing;
  /** Those that did not do the same already. */
  readonly flags: readonly NamedThing[];
  /** Those that are killed in the one, and stay so. */
  readonly killed: readonly NamedThing[];
  /** Those that have exceptions for one of the two, which stay where they are. */
  readonly overrides: readonly (NamedThing & { readonly environments: readonly string[] })[];
}

/** What is to be written, and what is said of it. */
export interface Plan {
  readonly write: CallersWrite;
  readonly summary: Summary;
}

/** What is worked out from the files as they are is written on just those. */
export function planOf({
  asked,
  current,
  way,
  flags,
}: {
  readonly asked: Asked;
  readonly current: CurrentProject;
  readonly way: Way;
  readonly flags: readonly Flag[];
}): Plan {
  const { served, project } = current;
  const planned = flags.map((flag) => {
    const file = fileNow(served, flag.path).value as FlagFile;
    const place = { project: project.key, flag: flag.key, environment: way.to };
    return { flag, file, place, changes: changesOfPromotion(place, { file, from: way.from }) };
  });
  const touched = planned.filter(({ changes }) => changes.length > 0);
  const own = touched.map(({ flag }) => ({ path: flag.path, ifMatch: [headBlob(served, flag)] }));
  const paths = flags.map(({ path }) => path);
  const none = planned.slice(0, 1).map(({ place, file }) => stateAsItIs(place, file));
  return {
    write: {
      served,
      changes: touched.length === 0 ? none : touched.flatMap(({ changes }) => changes),
      preconditions: [...own, ...preconditionsOfOne(asked, paths)],
    },
    summary: {
      from: namedEnvironment(project, way.from),
      to: namedEnvironment(project, way.to),
      flags: touched.map(({ flag }) => named(flag)),
      killed: planned
        .filter(({ file }) => environmentState(file, way.to).killed === true)
        .map(({ flag }) => named(flag)),
      overrides: flags.flatMap((flag) => exceptionsOf(flag, way)),
    },
  };
}

/** The environments of the two that exceptions of the flag name. */
function exceptionsOf(flag: Flag, { from, to }: Way): Summary['overrides'] {
  const environments = [from, to].filter((environment) =>
    flag.overrides.some((entry) => entry.environments?.includes(environment)),
  );
  return environments.length === 0 ? [] : [{ ...named(flag), environments }];
}

function named({ id, key }: Flag): NamedThing {
  return { id: numericId(id), key };
}

function namedEnvironment(project: ProjectSnapshot, key: EnvironmentKey): NamedThing {
  return { id: numericId(environmentId(project, key)), key };
}
