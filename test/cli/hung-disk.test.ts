import { execFileSync, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { until } from '../support/until.js';
import { committedRepository } from './run.js';

/**
 * Recorded contexts and the use of keys wait for the other end of a pipe, for ever: as calls to a disk that hangs do. What
 * webhooks flush is never flushed.
 */
const HANGS = `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { open, writeFile } = fs.promises;
fs.promises.open = (path, ...more) =>
  String(path).endsWith('production.jsonl') ? open(path, fs.constants.O_WRONLY) : open(path, ...more);
fs.promises.writeFile = (path, ...more) =>
  String(path).includes('key-use') ? open(process.env.PIPE, fs.constants.O_WRONLY) : writeFile(path, ...more);
const { openSync, fsync } = fs;
const ofWebhooks = new Set();
fs.openSync = (path, ...more) => {
  const file = openSync(path, ...more);
  if (String(path).includes('/flagstaff/webhooks/')) ofWebhooks.add(file);
  else ofWebhooks.delete(file);
  return file;
};
fs.fsync = (file, ...more) => ofWebhooks.has(file) ? undefined : fsync(file, ...more);
syncBuiltinESMExports();
`;
const KEY = `fs_server_${'k'.repeat(43)}`;
const PROJECT = `environments: [development, production]
attributes: { country: string }
recording: { production: { percentage: 100 } }
webhooks: [{ url: 'https://hooks.example.com/hook' }]
`;
const KEYS = `- id: key_one
  name: one
  environment: production
  kind: server
  hash: ${hash('sha256', KEY, 'hex')}
  prefix: ${KEY.slice(0, 14)}
`;

test('a disk that hangs keeps no server from ending at SIGTERM (P20)', async () => {
  const repository = await committedRepository({
    'flags/acme/web-app/project.yaml': PROJECT,
    'flags/acme/web-app/keys.yaml': KEYS,
  });
  const folder = join(repository.dir, '.git/flagstaff/contexts/acme/web-app');
  mkdirSync(folder, { recursive: true });
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [join(folder, 'production.jsonl'), pipe]);
  const hangs = join(temporaryFolder(), 'hangs.mjs');
  writeFileSync(hangs, HANGS);
  const words = ['--import', hangs, ...LOADER, programOf('src/cli.ts'), 'serve', '--port', '0'];
  const server = spawn(process.execPath, [...words, '--repo', repository.dir], {
    env: { PATH: process.env.PATH, PIPE: pipe },
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
      headers: { 'Content-Type': 'application/json', 'X-API-Key': KEY },
      body: '{"context":{"targetingKey":"u-1"}}',
    };
    const { status } = await fetch(`${url}/ofrep/v1/evaluate/flags/dark-mode`, question);
    assert.is(status, 200);
    await until(() => existsSync(join(repository.dir, '.git/flagstaff/webhooks')));
    server.kill('SIGTERM');
    const [, signal] = await ended;
    assert.is(signal, 'SIGTERM');
    assert.match(err, 'contexts are not recorded: the disk does not answer\n');
    assert.match(err, 'the last use of API keys is not kept: the disk does not answer\n');
    assert.match(err, 'webhooks: the disk does not answer; what nobody was told of yet is told after');
  } finally {
    clearTimeout(killer);
    server.kill('SIGKILL');
  }
});

test.run();
