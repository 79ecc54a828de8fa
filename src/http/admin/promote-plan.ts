import type { Change } from '../../changes/change.js';
import type { Promotion } from '../../changes/subject.js';
import { Failure } from '../../model/failure.js';
import { environmentState, type FlagFile } from '../../model/flag.js';
import { numericId } from '../../model/ids.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import { pause } from '../../repository/slices.js';
import type { Asked } from '../route.js';
import { environmentId } from '../scope.js';
import type { CallersWrite } from '../write-changes.js';
import { preconditionsOfOne } from '../write-headers.js';
import { type CurrentProject, fileNow } from './exact-write.js';
import { headBlob } from './lookup.js';
import { changesOfPromotion } from './promote-changes.js';
import type { RulesPlace } from './rules-changes.js';
import { stateAsItIs } from './rules-write.js';

/** From one environment to another one of the same project. */
export type Way = Promotion;

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

/** So many flags may differ: what a write does is told in full. */
export const MOST_PROMOTED = 1_000;

/** What a promotion is about. */
interface Question {
  readonly asked: Asked;
  readonly current: CurrentProject;
  readonly way: Way;
  readonly flags: readonly Flag[];
}

/**
 * What is worked out from the files as they are is written on just those. Throws `Failure` TOO_MANY_FLAGS, and FILE_BROKEN
 * where nobody can tell what a flag does.
 */
export async function planOf(question: Question): Promise<Plan> {
  const { asked, flags } = question;
  const { served } = question.current;
  const planned = await plannedFlags(question);
  const touched = planned.filter(({ changes }) => changes.length > 0);
  if (touched.length > MOST_PROMOTED) throw tooManyFlags(touched.length);
  const own = touched.map(({ flag }) => ({ path: flag.path, ifMatch: [headBlob(served, flag)] }));
  const paths = flags.map(({ path }) => path);
  const none = planned.slice(0, 1).map(({ place, file }) => stateAsItIs(place, file));
  const changes = touched.length === 0 ? none : touched.flatMap((one) => one.changes);
  const preconditions = [...own, ...preconditionsOfOne(asked, paths)];
  return { write: { served, changes, preconditions }, summary: summaryOf(question, planned) };
}

/** A flag, and what lets it do the same. */
interface PlannedFlag {
  readonly flag: Flag;
  readonly file: FlagFile;
  readonly place: RulesPlace;
  readonly changes: readonly Change[];
}

/** Many flags hold up nobody. */
async function plannedFlags({ current, way, flags }: Question): Promise<readonly PlannedFlag[]> {
  const planned: PlannedFlag[] = [];
  for (const flag of flags) {
    await pause();
    const file = fileNow(current.served, flag.path).value as FlagFile;
    const place = { project: current.project.key, flag: flag.key, environment: way.to };
    planned.push({ flag, file, place, changes: changesOfPromotion(place, { file, from: way.from }) });
  }
  return planned;
}

function summaryOf({ current: { project }, way, flags }: Question, planned: readonly PlannedFlag[]): Summary {
  const isKilled = ({ file }: PlannedFlag) => environmentState(file, way.to).killed === true;
  return {
    from: namedEnvironment(project, way.from),
    to: namedEnvironment(project, way.to),
    flags: planned.filter(({ changes }) => changes.length > 0).map(({ flag }) => named(flag)),
    killed: planned.filter(isKilled).map(({ flag }) => named(flag)),
    overrides: flags.flatMap((flag) => exceptionsOf(flag, way)),
  };
}

function tooManyFlags(count: number): Failure {
  const sentence = `${count} flags differ, and ${MOST_PROMOTED} are promoted at a time: name them`;
  return new Failure('conflict', 'TOO_MANY_FLAGS', sentence);
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
