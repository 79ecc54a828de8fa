import { compileNow } from '../../evaluation/compile.js';
import { type CoveredPlace, coverageOf, type DecidingPlace } from '../../evaluation/coverage.js';
import { locateAll } from '../../files/locate.js';
import { pathOf } from '../../files/paths.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag } from '../../model/snapshot.js';
import { unreachable } from '../../model/unreachable.js';
import { count } from '../format.js';
import type { Found } from '../found.js';
import type { RunInput } from './run-all.js';

/** What the cases of a flag reach. */
export interface CoveredFlag {
  /** `acme/web-app/dark-mode`. */
  readonly flag: string;
  readonly places: readonly LocatedPlace[];
}

/** A place that decides answers, and where it is written. */
interface LocatedPlace extends CoveredPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What the test cases reach, for every flag that is wanted, those without any case too. */
export function coverAll({ orgs, textOf, isWanted = () => true, now }: RunInput): readonly CoveredFlag[] {
  return orgs
    .flatMap((org) => [...org.projects.values()])
    .flatMap((project) => {
      const compiled = compileNow(project);
      const flags = [...project.flags.values()].filter(({ path }) => isWanted(path));
      return flags.map((flag) => {
        const { places } = coverageOf(compiled, flag, now);
        const name = `${project.org}/${project.key}/${flag.key}`;
        const overrides = pathOf({
          kind: 'overrides',
          org: project.org,
          project: project.key,
          key: flag.key,
        });
        return { flag: name, places: located(places, { flag, overrides, textOf }) };
      });
    });
}

interface Located extends Pick<RunInput, 'textOf'> {
  readonly flag: Flag;
  /** The path of its overrides. */
  readonly overrides: string;
}

function located(places: readonly CoveredPlace[], { flag, overrides, textOf }: Located): LocatedPlace[] {
  const isOverride = ({ at }: CoveredPlace): boolean => at.kind === 'override';
  return [
    { path: overrides, own: places.filter(isOverride) },
    { path: flag.path, own: places.filter((place) => !isOverride(place)) },
  ].flatMap(({ path, own }) => {
    if (own.length === 0) return [];
    const lines = locateAll(
      textOf(path) ?? '',
      own.map(({ at }) => pointerOf(at, flag)),
    );
    return own.map((place, index) => ({ ...place, path, ...(lines[index] ?? { line: 1, column: 1 }) }));
  });
}

function pointerOf(at: DecidingPlace, { file }: Flag): Pointer {
  switch (at.kind) {
    case 'override':
      return [at.place];
    case 'segment':
      return ['environments', at.environment, 'segments', at.place];
    case 'rule':
      return ['environments', at.environment, 'rules', at.place];
    case 'serve': {
      const isWritten = file.environments[at.environment]?.serve !== undefined;
      return ['environments', at.environment, ...(isWritten ? ['serve'] : [])];
    }
    default:
      return unreachable(at);
  }
}

/** A line for each place that no case reaches. */
export function coverageLines(coverage: readonly CoveredFlag[]): readonly string[] {
  return coverage.flatMap(({ flag, places }) =>
    unreached(places).map(
      ({ path, line, column, at }) =>
        `${path}:${line}:${column}: ${flag}: ${placeText(at)}: no case reaches it`,
    ),
  );
}

/** The same beside the lines of a pull request. */
export function coverageFound(coverage: readonly CoveredFlag[]): readonly Found[] {
  return coverage.flatMap(({ flag, places }) =>
    unreached(places).map(({ path, line, column, at }) => {
      const message = `${placeText(at)}: no test case reaches it`;
      return { severity: 'warning', code: 'UNTESTED', path, line, column, title: flag, message } as const;
    }),
  );
}

/** `12 of 15 places of 4 flags are tested (80 %)`. */
export function coverageSummary(coverage: readonly CoveredFlag[]): string {
  const { places, tested } = numbersOf(coverage);
  const share = places === 0 ? 100 : Math.floor((100 * tested) / places);
  return `${tested} of ${count(places, 'place')} of ${count(coverage.length, 'flag')} tested (${share} %)`;
}

/** What `--json` tells of it. */
export function coverageJson(coverage: readonly CoveredFlag[]) {
  return {
    ...numbersOf(coverage),
    flags: coverage.map(({ flag, places }) => ({
      flag,
      places: places.map(({ at, cases, path, line }) => ({ ...at, path, line, cases })),
    })),
  };
}

function numbersOf(coverage: readonly CoveredFlag[]) {
  const all = coverage.flatMap(({ places }) => places);
  return { places: all.length, tested: all.length - unreached(all).length };
}

function unreached(places: readonly LocatedPlace[]): readonly LocatedPlace[] {
  return places.filter(({ cases }) => cases === 0);
}

function placeText(at: DecidingPlace): string {
  switch (at.kind) {
    case 'override':
      return `override ${at.place + 1}`;
    case 'segment':
      return `segment ${at.segment} in ${at.environment}`;
    case 'rule':
      return `rule ${at.rule} in ${at.environment}`;
    case 'serve':
      return `serve in ${at.environment}`;
    default:
      return unreachable(at);
  }
}
