import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServeOptions } from '../../src/cli/surroundings.js';
import { gitEnvironment } from '../support/git.js';
import { until } from '../support/until.js';
import { committedRepository, run } from './run.js';

interface Place {
  repo: string;
  children: ChildProcess[];
}

/** As it is built: what runs TypeScript changes the standard error of its process. */
const PROGRAM = path.resolve('dist/cli.js');
/** The promise is itself a time. */
const END_MS = 5_000;
/** Their lines are more than a pipe or a socket holds. */
const ENOUGH_REQUESTS = 1_000;

const test = suite<Place>('a server that is watched');

test.before.each(async (place) => {
  place.repo = (await committedRepository()).dir;
  place.children = [];
});
test.after.each(({ children }) => {
  for (const child of children) child.kill('SIGKILL');
});

interface Start {
  readonly words?: readonly string[];
  /** Whoever gets what the program writes to standard error, by a pipe of the shell; this test where it is left out. */
  readonly reader?: string | undefined;
}

/** Starts the real program, and gives its address once it serves. */
async function start(place: Place, { words = [], reader }: Start = {}): Promise<[ChildProcess, string]> {
  const command = [process.execPath, PROGRAM, 'serve', '--repo', place.repo, '--port', '0', ...words];
  const pipe = reader === undefined ? '' : `2> >(exec ${reader} >/dev/null 2>&1)`;
  const child = spawn('bash', ['--norc', '-c', `exec "$@" ${pipe}`, 'bash', ...command], {
    env: gitEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  place.children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return [child, String(line).replace('listening on ', '')];
}

test('SIGHUP makes a server read everything from git again, and it serves on', async (place) => {
  const [child, url] = await start(place);
  const loadedAt = async (): Promise<unknown> => {
    const health = await (await fetch(`${url}/health`)).json();
    return (health as { readonly orgs: readonly { readonly loadedAt: string }[] }).orgs[0]?.loadedAt;
  };
  const before = await loadedAt();
  child.kill('SIGHUP');
  await until(async () => (await loadedAt()) !== before);
  child.kill('SIGTERM');
  assert.equal(await once(child, 'exit'), [0, null]);
});

test('requests are lines on standard error: JSON where that is asked for', async (place) => {
  const [child, url] = await start(place, { words: ['--log-format', 'json'] });
  const lines: unknown[] = [];
  createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) =>
    lines.push(JSON.parse(line)),
  );
  await fetch(`${url}/ready`);
  const isOf = (line: unknown): boolean => (line as { readonly path?: string }).path === '/ready';
  await until(() => lines.some(isOf));
});

for (const [kind, reader] of [
  ['socket', undefined],
  ['pipe', 'sleep 30'],
] as const) {
  test(`P20: a log that nobody reads from its ${kind} holds up neither answers nor the end`, async (place) => {
    const [child, url] = await start(place, { reader });
    const long = 'a'.repeat(400);
    for (let count = 0; count < ENOUGH_REQUESTS; count += 1) await (await fetch(`${url}/${long}`)).text();
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const late = wait(END_MS, 'not ended', { ref: false });
    assert.equal(await Promise.race([exited, late]), [0, null]);
  });
}

test('how a server is watched comes from the environment, and the command line beats it', async ({
  repo,
}) => {
  const started: ServeOptions[] = [];
  const startServer = async (options: ServeOptions) => {
    started.push(options);
    const nothing = () => undefined;
    return { url: '', ready: Promise.resolve(), reread: nothing, close: async () => undefined };
  };
  const env = {
    FLAGSTAFF_LOG: 'json',
    FLAGSTAFF_METRICS_TOKEN: 'of-those-who-collect',
    FLAGSTAFF_TRACE_CONTEXT_ID: 'raw',
  };
  await run(['serve', '--repo', repo], { env, startServer });
  await run(['serve', '--repo', repo, '--log-format', 'text'], { env, startServer });
  await run(['serve', '--repo', repo], { startServer });
  const told = started.map(({ logFormat, metricsToken, tracesContextIds }) => [
    logFormat,
    metricsToken,
    tracesContextIds,
  ]);
  assert.equal(told, [
    ['json', 'of-those-who-collect', true],
    ['text', 'of-those-who-collect', true],
    ['text', undefined, false],
  ]);
});

test('what says nothing of use is wrong use, and a token is not repeated', async ({ repo }) => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['FLAGSTAFF_LOG', 'xml', /FLAGSTAFF_LOG: "xml" is not text, json/],
    ['FLAGSTAFF_METRICS_TOKEN', 'too-short', /FLAGSTAFF_METRICS_TOKEN: wanted 16 characters/],
    ['FLAGSTAFF_METRICS_TOKEN', 'with spaces in between', /FLAGSTAFF_METRICS_TOKEN: wanted/],
    ['FLAGSTAFF_TRACE_CONTEXT_ID', 'yes', /FLAGSTAFF_TRACE_CONTEXT_ID: "yes" is not raw/],
  ];
  for (const [name, value, sentence] of wrong) {
    const { code, err } = await run(['serve', '--repo', repo], { env: { [name]: value } });
    assert.is(code, 2);
    assert.match(err, sentence);
    if (name.endsWith('TOKEN')) assert.not.match(err, value);
  }
});

test.run();
