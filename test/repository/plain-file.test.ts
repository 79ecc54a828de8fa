import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_BYTES, readPlainFile } from '../../src/repository/plain-file.js';
import { temporaryFolder } from '../support/git.js';

test('only a plain file is read: no link, no pipe that nobody writes to, no folder, nothing that is gone or huge', async () => {
  const dir = temporaryFolder();
  const at = (name: string): string => join(dir, name);
  writeFileSync(at('file'), 'text');
  symlinkSync('file', at('link'));
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('huge'), '');
  truncateSync(at('huge'), MOST_BYTES + 1);
  const server = createServer().listen(at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  assert.is(readPlainFile(at('file'))?.toString(), 'text');
  for (const name of ['link', 'folder', 'pipe', 'huge', 'socket', 'gone', 'file/below'])
    assert.is(readPlainFile(at(name)), undefined, name);
  server.close();
});

test.run();
