import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../src/cli/program.js';
import type { Surroundings } from '../../src/cli/surroundings.js';
import { gitEnvironment, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';

/** What a command line is run with; all else is as in a process that has nothing. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** What a protocol is spoken over, until its input ends. */
  readonly streams?: Surroundings['streams'];
  /** Epoch milliseconds. */
  readonly now?: number;
  /** True where standard output is a terminal that shows colours. */
  readonly hasColors?: boolean;
  /** What stands for the server; there is none where it is left out. */
  readonly startServer?: Surroundings['startServer'];
}

/** What a command line did. */
export interface RunResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** 2026-11-21T12:00:00Z: no sample flag is past then. */
export const NOW = Date.UTC(2026, 10, 21, 12);

/** Runs a command line in this process. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(words, {
    ...surroundings(options),
    print: (line) => out.push(line),
    printExact: (text) => out.push(text),
    warn: (line) => err.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** What a command sees of the world, and to which it says nothing. */
export function surroundings(options: RunOptions = {}): Surroundings {
  return {
    cwd: options.cwd ?? tmpdir(),
    env: options.env ?? {},
    now: () => options.now ?? NOW,
    print: () => undefined,
    printExact: () => undefined,
    warn: () => undefined,
    readInput: async () => options.input ?? '',
    streams: options.streams ?? { input: Readable.from([options.input ?? '']), output: new PassThrough() },
    terminal: {
      hasColors: options.hasColors ?? false,
      hasErrorColors: options.hasColors ?? false,
      showProgress: () => undefined,
    },
    stopped: () => (options.streams === undefined ? Promise.resolve() : new Promise(() => undefined)),
    onHangup: () => () => undefined,
    startServer: options.startServer ?? (() => Promise.reject(new Error('no server in this test'))),
  };
}

/** The smallest useful flags repository, without git, and more files where they are given. Returns its folder. */
export function flagsRepository(more: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  writeFiles(folder, { ...SMALL, ...more });
  return folder;
}

/** The same as a git repository with one commit, `start`. */
export async function committedRepository(
  more: Readonly<Record<string, string>> = {},
): Promise<TestRepository> {
  const repository = repositoryAt(flagsRepository(more));
  await repository.git('init', '--quiet', '--initial-branch=main');
  await repository.commit({}, 'start');
  return repository;
}

/** The file of the flag that every such repository has. */
export const DARK_MODE = 'flags/acme/web-app/flags/dark-mode.yaml';

/** The environment of somebody whom git knows. */
export const PERSON = { ...gitEnvironment(), GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };

/** Writes files by their paths from the top of a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The files of the smallest useful flags repository. */
export const SMALL = {
  'flags/acme/org.yaml': 'name: Acme\n',
  'flags/acme/web-app/project.yaml':
    'environments: [development, production]\nattributes: { country: string }\n',
  'flags/acme/web-app/flags/dark-mode.yaml': `description: Dark theme
environments:
  development: { enabled: true }
  production:
    enabled: true
    rules:
      - { id: germans, when: [{ attribute: country, equals: DE }] }
    serve: off
`,
  'flags/acme/web-app/overrides/dark-mode.yaml': '- { users: [u-7] }\n',
  'flags/acme/web-app/tests/dark-mode.yaml': `- name: a German sees it
  context: { targetingKey: u-1, country: DE }
  expect: { variant: on, rule: germans }
- name: u-7 sees it in production
  environment: production
  context: { targetingKey: u-7 }
  expect: { value: true }
`,
};
