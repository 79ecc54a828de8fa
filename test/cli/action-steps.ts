import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** Where the action lies. */
export const ACTION_FOLDER = path.resolve('.github/actions/flagstaff');
export const ACTION_TEXT = readFileSync(path.join(ACTION_FOLDER, 'action.yml'), 'utf8');

interface Step {
  readonly name: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
export const ACTION: Action = parse(ACTION_TEXT);

/** What the runner has beside what the workflow gives. */
export interface Runner {
  /** What was checked out. */
  readonly workspace: string;
  readonly temporary: string;
  /** The values of expressions, such as `inputs.base`. */
  readonly values: Readonly<Record<string, string>>;
  readonly api?: string;
}

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** What it wrote for the runner. */
  readonly summary: string;
  readonly output: string;
}

/** Runs a step as GitHub's runner does: its own bash, the paths and outputs of the steps before it. */
export async function runStep(name: string, runner: Runner): Promise<Ended> {
  const step = ACTION.runs.steps.find((one) => one.name === name);
  const file = (kind: string): string => path.join(runner.temporary, kind);
  const read = (kind: string): string => readFileSync(file(kind), 'utf8');
  for (const kind of ['path', 'summary']) writeFileSync(file(kind), '', { flag: 'a' });
  writeFileSync(file('output'), '');
  const paths = read('path').trim().split('\n').reverse().filter(Boolean);
  const given = Object.entries(step?.env ?? {}).map(([key, text]) => [key, textOf(text, runner)]);
  const env = {
    ...Object.fromEntries(given),
    HOME: runner.temporary,
    PATH: [...paths, process.env.PATH].join(':'),
    RUNNER_TEMP: runner.temporary,
    GITHUB_WORKSPACE: runner.workspace,
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_REPOSITORY: 'acme/flags',
    GITHUB_REF: 'refs/pull/12/merge',
    GITHUB_API_URL: runner.api,
    GITHUB_GRAPHQL_URL: `${runner.api}/graphql`,
  };
  const words = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''];
  const ended = await new Promise<Pick<Ended, 'status' | 'out' | 'err'>>((fulfil) => {
    const child = execFile('bash', words, { cwd: runner.workspace, env }, (_error, out, err) =>
      fulfil({ status: child.exitCode, out, err }),
    );
  });
  return { ...ended, summary: read('summary'), output: read('output') };
}

function textOf(text: string, { values }: Runner): string {
  return String(text).replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => {
    const input = name.startsWith('inputs.')
      ? ACTION.inputs[name.slice('inputs.'.length)]?.default
      : undefined;
    const value = values[name] ?? input;
    if (value === undefined) throw new Error(`nothing is known of ${name}`);
    return value;
  });
}
