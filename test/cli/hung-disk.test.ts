import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { until } from '../support/until.js';
import { committedRepository } from './run.js';

/** Opens of recorded contexts wait for the other end of a pipe, for ever: as calls to a disk that hangs do. */
const HANGS = `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { open } = fs.promises;
fs.promises.open = (path, ...more) =>
  String(path).endsWith('production.jsonl') ? open(path, fs.constants.O_WRONLY) : open(path, ...more);
syncBuiltinESMExports();
`;

test('a disk that hangs keeps no server from ending at SIGTERM (P20)', async () => {
  const repository = await committedRepository({
    'flags/acme/web-app/project.yaml':
      'environments: [development, production]\nattributes: { country: string }\nrecording: { production: { percentage: 100 } }\n',
  });
  const folder = join(repository.dir, '.git/flagstaff/contexts/acme/web-app');
  mkdirSync(folder, { recursive: true });
  execFileSync('mkfifo', [join(folder, 'production.jsonl')]);
  const hangs = join(temporaryFolder(), 'hangs.mjs');
  writeFileSync(hangs, HANGS);
  const words = ['--import', hangs, ...LOADER, programOf('src/cli.ts'), 'serve', '--port', '0'];
  const server = spawn(process.execPath, [...words, '--repo', repository.dir], {
    env: { PATH: process.env.PATH },
  });
  let out = '';
  let err = '';
  server.stdout.on('data', (chunk) => {
    out += chunk;
  });
  server.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(server, 'exit');
  const killer = setTimeout(() => server.kill('SIGKILL'), 20_000);
  try {
    await until(() => out.includes('listening on'));
    const url = out.trim().split(' ').at(-1) ?? '';
    const question = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"context":{"targetingKey":"u-1"}}',
    };
    const { status } = await fetch(`${url}/ofrep/v1/evaluate/flags/dark-mode`, question);
    assert.is(status, 200);
    server.kill('SIGTERM');
    const [, signal] = await ended;
    assert.is(signal, 'SIGTERM');
    assert.match(err, 'contexts are not recorded: the disk does not answer\n');
  } finally {
    clearTimeout(killer);
    server.kill('SIGKILL');
  }
});

test.run();
