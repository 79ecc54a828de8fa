import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import * as assert from 'uvu/assert';
import type { ServeOptions } from '../../src/cli/surroundings.js';
import { startServer } from '../../src/server.js';
import { LOADER, programOf } from '../support/program.js';
import { until } from '../support/until.js';
import { devSuite, start } from './dev-session.js';
import { committedRepository, DARK_MODE, SMALL, writeFiles } from './run.js';

const dev = devSuite('flagstaff dev, serving');

const FLAG = SMALL[DARK_MODE];
/** A line of a check. */
const CHECK = /^\d\d:\d\d:\d\d (?:ok|broken): /;

dev('uncommitted edits are served as they are saved, whatever FLAGSTAFF_BRANCH says', async (open) => {
  const { dir } = await committedRepository();
  const session = start(
    open,
    {
      cwd: dir,
      env: { FLAGSTAFF_BRANCH: 'release' },
      startServer: ({ repo, port, host, worktree, branch }: ServeOptions) =>
        startServer({ repo, port, host, worktree, branch, log: () => undefined }),
    },
    ['--port', '0'],
  );
  const lines = await session.told(/^listening on /);
  const url = lines.at(-1)?.replace('listening on ', '') ?? '';
  const variant = async (): Promise<string> => {
    const response = await fetch(`${url}/ofrep/v1/evaluate/flags/dark-mode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"context":{"country":"AT"}}',
    });
    return ((await response.json()) as { readonly variant: string }).variant;
  };
  assert.is(await variant(), 'off');
  writeFiles(dir, { [DARK_MODE]: FLAG.replace('DE', 'AT') });
  await session.told(CHECK);
  await until(async () => (await variant()) === 'on');
  assert.is(await session.end(), 0);
  assert.not(await fetch(url).then(Boolean, () => false));
});

dev('a port that is taken is told with the ways around it', async (open) => {
  const { dir } = await committedRepository();
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const { port } = taken.address() as AddressInfo;
  const session = start(
    open,
    { cwd: dir, startServer: (options) => startServer({ ...options, log: () => undefined }) },
    ['--port', String(port)],
  );
  assert.is(await session.end(), 1);
  assert.match(session.warnings.join('\n'), /EADDRINUSE.*: --port 0 takes any free port, --no-serve serves/);
  taken.close();
});

dev('while the real program serves, a save is one line, and requests are none', async () => {
  const { dir } = await committedRepository();
  const words = [...LOADER, programOf('src/cli.ts'), 'dev', '--port', '0'];
  const child = spawn(process.execPath, words, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let out = '';
  let errors = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  await until(() => /^listening on /m.test(out));
  const url = /^listening on (.*)$/m.exec(out)?.[1] ?? '';
  const swapped = async (): Promise<boolean> => {
    const response = await fetch(`${url}/ofrep/v1/evaluate/flags/dark-mode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"context":{"country":"AT"}}',
    });
    return ((await response.json()) as { readonly variant: string }).variant === 'on';
  };
  writeFiles(dir, { [DARK_MODE]: FLAG.replace('DE', 'AT') });
  await until(swapped);
  await until(() => /TEST_FAILED/.test(out));
  child.kill('SIGINT');
  assert.equal(await ended, [0, null]);
  assert.is(errors, '');
  assert.is(out.split('\n').filter((line) => CHECK.test(line)).length, 2, out);
});

dev.run();
