import { readFileSync } from 'node:fs';
import path from 'node:path';
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
interface RunInput {
  /** The top of the flags repository. */
  readonly folder: string;
  readonly orgs: readonly OrgSnapshot[];
  /** The moment of the run, in epoch milliseconds. */
  readonly now: number;
}

/** Runs every case of every tests file, in order of organization, project and flag. */
export function runAllCases({ folder, orgs, now }: RunInput): CaseRun[] {
  return orgs
    .flatMap((org) => [...org.projects.values()])
    .flatMap((project) => {
      const compiled = compileNow(project);
      const flags = [...project.flags.values()].filter((flag) => flag.tests.length > 0);
      return flags.flatMap((flag) => runCases({ folder, compiled, flag, now }));
    });
}

interface FlagInput {
  readonly folder: string;
  readonly compiled: CompiledProject;
  readonly flag: Flag;
  readonly now: number;
}

function runCases({ folder, compiled, flag, now }: FlagInput): CaseRun[] {
  const { org, key: project } = compiled.project;
  const file = pathOf({ kind: 'tests', org, project, key: flag.key });
  const text = readFileSync(path.join(folder, file), 'utf8');
  return runTests(compiled, flag, now).map((result, place) => ({
    flag: `${org}/${project}/${flag.key}`,
    result,
    path: file,
    ...locate(text, [place]),
  }));
}
