import { attachmentEntry, environmentState } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { CompiledProject } from './compiled.js';
import { endOfDay } from './moment.js';
import { explainTest } from './run-tests.js';
import type { StepTrace } from './trace.js';

/** A place of a flag's files that decides answers, and that a test case may reach. */
export type DecidingPlace =
  /** An entry of the flag's overrides; `place` counts them from 0. */
  | { readonly kind: 'override'; readonly place: number }
  | {
      readonly kind: 'segment';
      readonly environment: string;
      readonly segment: string;
      readonly place: number;
    }
  | { readonly kind: 'rule'; readonly environment: string; readonly rule: string; readonly place: number }
  /** What all others get, in an environment in which the flag is enabled. */
  | { readonly kind: 'serve'; readonly environment: string };

/** Which places of a flag its test cases reach: those that decide the answer of some case. */
export interface FlagCoverage {
  readonly flag: Flag;
  /** In the order in which evaluation looks at them, by environment. */
  readonly places: readonly CoveredPlace[];
}

/** A place, and how many cases it decides. */
export interface CoveredPlace {
  readonly at: DecidingPlace;
  readonly cases: number;
}

/**
 * What the flag's test cases reach. Each environment counts for itself; overrides whose last day is past do not count.
 * `now` (epoch milliseconds) is the moment of cases that name none.
 */
export function coverageOf(project: CompiledProject, flag: Flag, now: number): FlagCoverage {
  const reached = reachedBy(project, flag, now);
  const places = placesOf(project, flag, now);
  return { flag, places: places.map((at) => ({ at, cases: reached.get(nameOf(at)) ?? 0 })) };
}

/** By name of the place, how many cases it decides. */
function reachedBy(project: CompiledProject, flag: Flag, now: number): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const test of flag.tests) {
    const environment = project.environments.get(test.environment ?? project.project.defaultEnvironment);
    if (environment === undefined) continue;
    const decider = explainTest(environment, flag, test, now).steps.find(({ decided }) => decided);
    const name = decider && nameOfDecider(decider, environment.key);
    if (name !== undefined) reached.set(name, (reached.get(name) ?? 0) + 1);
  }
  return reached;
}

function placesOf({ project }: CompiledProject, flag: Flag, now: number): readonly DecidingPlace[] {
  const overrides = flag.overrides.flatMap(({ until }, place): DecidingPlace[] => {
    const end = until === undefined ? undefined : endOfDay(until);
    return end !== undefined && end <= now ? [] : [{ kind: 'override', place }];
  });
  return [...overrides, ...project.environments.flatMap((key) => placesIn(flag, key))];
}

function placesIn(flag: Flag, environment: string): readonly DecidingPlace[] {
  const { segments = [], rules = [], enabled } = environmentState(flag.file, environment);
  return [
    ...segments.map((attachment, place): DecidingPlace => {
      const { segment } = attachmentEntry(attachment);
      return { kind: 'segment', environment, segment, place };
    }),
    ...rules.map(({ id }, place): DecidingPlace => ({ kind: 'rule', environment, rule: id, place })),
    ...(enabled ? [{ kind: 'serve', environment } as const] : []),
  ];
}

function nameOf(at: DecidingPlace): string {
  switch (at.kind) {
    case 'override':
      return `override ${at.place}`;
    case 'segment':
      return `${at.environment} segment ${at.segment}`;
    case 'rule':
      return `${at.environment} rule ${at.rule}`;
    case 'serve':
      return `${at.environment} serve`;
  }
}

/** Undefined where a switch or a required flag decided: no place that could be left out of the file. */
function nameOfDecider(step: StepTrace, environment: string): string | undefined {
  switch (step.step) {
    case 'override':
      return step.entry && nameOf({ kind: 'override', place: step.entry.place });
    case 'segment':
      return nameOf({ kind: 'segment', environment, segment: step.segment, place: 0 });
    case 'rule':
      return nameOf({ kind: 'rule', environment, rule: step.rule, place: 0 });
    case 'serve':
      return nameOf({ kind: 'serve', environment });
    default:
      return undefined;
  }
}
