import { compileNow } from '../../evaluation/compile.js';
import type { CompiledProject } from '../../evaluation/compiled.js';
import { runTests, type TestResult } from '../../evaluation/run-tests.js';
import { locate } from '../../files/locate.js';
import { pathOf } from '../../files/paths.js';
import type { Flag, OrgSnapshot } from '../../model/snapshot.js';

/** One case of one flag's tests, with where it stands. */
export interface CaseRun {
  readonly flag: string;
  readonly result: TestResult;
  /** The tests file, from the top of the repository, with `/`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What the cases are run on. */
export interface RunInput {
  readonly orgs: readonly OrgSnapshot[];
  /** The text of a file, by its path from the top of the repository. */
  readonly textOf: (path: string) => string | undefined;
  /** Which flags are asked, by the paths of their files; all where it is left out. */
  readonly isWanted?: (path: string) => boolean;
  /** The moment of the run, in epoch milliseconds. */
  readonly now: number;
}

/** Runs every case of every tests file that is wanted, in order of organization, project and flag. */
export function runAllCases({ orgs, textOf, isWanted = () => true, now }: RunInput): CaseRun[] {
  return orgs
    .flatMap((org) => [...org.projects.values()])
    .flatMap((project) => {
      const flags = [...project.flags.values()].filter(
        (flag) => flag.tests.length > 0 && isWanted(flag.path),
      );
      if (flags.length === 0) return [];
      const compiled = compileNow(project);
      return flags.flatMap((flag) => runCases({ textOf, compiled, flag, now }));
    });
}

interface FlagInput extends Pick<RunInput, 'textOf' | 'now'> {
  readonly compiled: CompiledProject;
  readonly flag: Flag;
}

function runCases({ textOf, compiled, flag, now }: FlagInput): CaseRun[] {
  const { org, key: project } = compiled.project;
  const file = pathOf({ kind: 'tests', org, project, key: flag.key });
  const text = textOf(file) ?? '';
  return runTests(compiled, flag, now).map((result, place) => ({
    flag: `${org}/${project}/${flag.key}`,
    result,
    path: file,
    ...locate(text, [place]),
  }));
}
