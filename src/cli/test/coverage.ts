import { compileNow } from '../../evaluation/compile.js';
import { coverageOf, type DecidingPlace } from '../../evaluation/coverage.js';
import { placeInFiles, placeWords } from '../../files/checks/deciding-places.js';
import { locateFindings } from '../../files/locate.js';
import type { LineAndColumn } from '../../files/text.js';
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
interface LocatedPlace extends LineAndColumn {
  readonly place: DecidingPlace;
  /** How many cases it decides. */
  readonly cases: number;
  readonly path: string;
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
        const placed = places.map(({ at: place, cases }) => ({
          ...{ place, cases },
          ...placeInFiles(project, flag, place),
        }));
        return { flag: name, places: locateFindings(placed, textOf) };
      });
    });
}

/** A line for each place that no case reaches. */
export function coverageLines(coverage: readonly CoveredFlag[]): readonly string[] {
  return coverage.flatMap(({ flag, places }) =>
    unreached(places).map(
      ({ path, line, column, place }) =>
        `${path}:${line}:${column}: ${flag}: ${placeWords(place)}: no case reaches it`,
    ),
  );
}

/** The same beside the lines of a pull request. */
export function coverageFound(coverage: readonly CoveredFlag[]): readonly Found[] {
  return coverage.flatMap(({ flag, places }) =>
    unreached(places).map(({ path, line, column, place }) => {
      const message = `${placeWords(place)}: no test case reaches it`;
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
      places: places.map(({ place, cases, path, line }) => ({ ...place, path, line, cases })),
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
