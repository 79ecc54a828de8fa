import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { validateAction } from '@action-validator/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { committedRepository, DARK_MODE } from './run.js';

const FOLDER = path.resolve('.github/actions/flagstaff');
const TEXT = readFileSync(path.join(FOLDER, 'action.yml'), 'utf8');

interface Step {
  readonly name: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
const action: Action = parse(TEXT);

/** What the runner has beside what the workflow gives. */
interface Runner {
  /** What was checked out. */
  readonly workspace: string;
  readonly temporary: string;
  /** The values of expressions, such as `inputs.base`. */
  readonly values: Readonly<Record<string, string>>;
  readonly api?: string;
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** What it wrote for the runner. */
  readonly summary: string;
  readonly output: string;
}

/** Runs a step as GitHub's runner does: its own bash, the paths and outputs of the steps before it. */
async function runStep(name: string, runner: Runner): Promise<Ended> {
  const step = action.runs.steps.find((one) => one.name === name);
  const file = (kind: string): string => path.join(runner.temporary, kind);
  const read = (kind: string): string => readFileSync(file(kind), 'utf8');
  for (const kind of ['path', 'summary', 'output']) writeFileSync(file(kind), '', { flag: 'a' });
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
    GITHUB_API_URL: runner.api,
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
      ? action.inputs[name.slice('inputs.'.length)]?.default
      : undefined;
    const value = values[name] ?? input;
    if (value === undefined) throw new Error(`nothing is known of ${name}`);
    return value;
  });
}

interface Context {
  runner: Runner;
}
const test = suite<Context>('action');

/** A package whose command is the one of these sources. */
function packageFolder(): string {
  const folder = temporaryFolder();
  const words = [process.execPath, ...LOADER, programOf('src/cli.ts')].map((word) => `'${word}'`);
  const manifest = { name: 'flagstaff', version: '0.0.0', bin: { flagstaff: 'run' } };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'run'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(path.join(folder, 'run'), 0o755);
  return folder;
}

test.before(async (context) => {
  const repository = await committedRepository();
  const base = await repository.head();
  const text = readFileSync(path.join(repository.dir, DARK_MODE), 'utf8');
  await repository.commit({ [DARK_MODE]: text.replace('serve: off', 'serve: on') }, 'Dark mode for all');
  const temporary = path.join(temporaryFolder(), 'runner');
  mkdirSync(temporary);
  const values = { 'inputs.package': packageFolder(), 'inputs.base': base };
  context.runner = { workspace: repository.dir, temporary, values };
  const installed = await runStep('Install', context.runner);
  assert.is(installed.status, 0, installed.err);
});

test('the metadata is as GitHub wants it, and installs the version that it belongs to', () => {
  assert.equal(validateAction(TEXT).errors, []);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.is(action.inputs.package?.default, `flagstaff@${version}`);
});

test('it validates and tests what was checked out', async ({ runner }) => {
  const validated = await runStep('Validate', runner);
  assert.equal(
    [validated.status, validated.out],
    [0, '5 files checked: 0 errors, 0 warnings\n'],
    validated.err,
  );
  const tested = await runStep('Test', runner);
  assert.equal([tested.status, tested.out], [0, '2 passed, 0 failed\n'], tested.err);
});

test('an error fails the step and is annotated; what was there before `since` is not told', async ({
  runner,
}) => {
  const file = path.join(runner.workspace, 'flags/acme/web-app/flags/broken.yaml');
  writeFileSync(file, 'environments: {}\nexpires: 2020-01-01\n');
  const strict = { ...runner.values, 'inputs.strict': 'true', 'inputs.since': 'HEAD' };
  const { status, out } = await runStep('Validate', { ...runner, values: strict });
  assert.is(status, 1);
  assert.match(out, '::warning file=flags/acme/web-app/flags/broken.yaml,line=2,col=10,title=EXPIRED::');
});

test('the summary says what the change does, in sentences and in people who move', async ({ runner }) => {
  const { status, err, summary, output } = await runStep('Say what the change does', runner);
  assert.is(status, 0, err);
  assert.match(summary, 'dark-mode');
  assert.match(summary, 'serve');
  assert.match(summary, /off → on/);
  assert.is(output, `file=${path.join(runner.temporary, 'flagstaff-report.md')}\n`);
});

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
}

test('one comment is written, and updated by the next run', async ({ runner }) => {
  const asked: Asked[] = [];
  const comments: { body: string; url: string; html_url: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    asked.push({ method: request.method, url: request.url, body });
    const own = {
      body: body && JSON.parse(body).body,
      url: `${addressOf(server)}/comments/7`,
      html_url: 'the comment',
    };
    if (request.method !== 'GET') comments[0] = own;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.method === 'GET' ? comments : own));
  });
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', fulfil));
  try {
    const values = {
      ...runner.values,
      'inputs.token': 'a-token',
      'github.event.pull_request.number': '12',
      'github.action_path': FOLDER,
      'steps.report.outputs.file': path.join(runner.temporary, 'flagstaff-report.md'),
    };
    for (const word of ['wrote', 'updated']) {
      const { status, out, err } = await runStep('Comment', { ...runner, values, api: addressOf(server) });
      assert.equal([status, out], [0, `${word} the comment\n`], err);
    }
  } finally {
    server.close();
  }
  assert.equal(
    asked.map(({ method }) => method),
    ['GET', 'POST', 'GET', 'PATCH'],
  );
  assert.is(asked[0]?.url, '/repos/acme/flags/issues/12/comments?per_page=100&page=1');
  assert.is(asked[3]?.url, '/comments/7');
  assert.match(JSON.parse(asked[1]?.body ?? '{}').body, /^<!-- flagstaff -->\n(?:.*\n)*.*dark-mode/);
});

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

test.run();
