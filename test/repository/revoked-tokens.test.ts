import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Failure } from '../../src/model/failure.js';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { openRevokedTokens } from '../../src/repository/revoked-tokens.js';
import { temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';

const test = suite('repository/revoked-tokens');
const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;
const now = () => NOW;
const log = (line: string) => assert.unreachable(line);
const idOf = (digit: string) => digit.repeat(64);
const folderOf = (stateDir: string) => join(stateDir, 'revoked-tokens');

test('a token is refused as soon as it is revoked, and after a restart', async () => {
  const repository = { stateDir: temporaryFolder() };
  const tokens = openRevokedTokens({ repository, log, now });
  assert.is(tokens.has(idOf('a')), false);
  await tokens.revoke({ id: idOf('a'), expiresAt: NOW + HOUR_MS });
  assert.is(tokens.has(idOf('a')), true);
  assert.is(tokens.has(idOf('b')), false);
  const later = openRevokedTokens({ repository, log, now });
  assert.is(later.has(idOf('a')), true);
  assert.is(later.has(idOf('b')), false);
});

test('nothing is made where nobody logs out', () => {
  const repository = { stateDir: temporaryFolder() };
  openRevokedTokens({ repository, log, now });
  assert.equal(readdirSync(repository.stateDir), []);
});

test('many at once are all kept, also those of two processes', async () => {
  const repository = { stateDir: temporaryFolder() };
  const both = [openRevokedTokens({ repository, log, now }), openRevokedTokens({ repository, log, now })];
  const ids = Array.from({ length: 40 }, (_, number) => number.toString(16).padStart(64, '0'));
  await Promise.all(
    ids.map((id, number) => both[number % 2]?.revoke({ id, expiresAt: NOW + number * HOUR_MS })),
  );
  const later = openRevokedTokens({ repository, log, now });
  assert.ok(ids.every((id) => later.has(id)));
});

test('what another process of the clone revokes is refused here soon, also on a day that has a file', async () => {
  const repository = { stateDir: temporaryFolder() };
  const [here, there] = [
    openRevokedTokens({ repository, log, now }),
    openRevokedTokens({ repository, log, now }),
  ];
  for (const id of [idOf('a'), idOf('b')]) {
    await there.revoke({ id, expiresAt: NOW });
    await until(() => here.has(id));
  }
  assert.is(here.has(idOf('c')), false);
  here.close();
  there.close();
});

test('a disk that cannot be read later is told once, and what is known goes on', async () => {
  const repository = { stateDir: temporaryFolder() };
  const told: string[] = [];
  let lists = 0;
  const disk: Disk = {
    ...machineDisk,
    list: (path) => {
      lists += 1;
      if (lists > 1) throw new Error('the disk is gone');
      return machineDisk.list(path);
    },
  };
  const tokens = openRevokedTokens({ repository, now, disk, log: (line) => told.push(line) });
  await tokens.revoke({ id: idOf('a'), expiresAt: NOW });
  await until(() => lists > 3);
  assert.equal(told, ['who logged out elsewhere is not known: Error: the disk is gone']);
  assert.is(tokens.has(idOf('a')), true);
  tokens.close();
  const looked = lists;
  await tokens.revoke({ id: idOf('b'), expiresAt: NOW });
  assert.is(lists, looked);
});

test('the file of a day goes when the day is over', async () => {
  const repository = { stateDir: temporaryFolder() };
  let time = NOW;
  const tokens = openRevokedTokens({ repository, log, now: () => time });
  await tokens.revoke({ id: idOf('a'), expiresAt: NOW + HOUR_MS });
  await tokens.revoke({ id: idOf('b'), expiresAt: NOW + 24 * HOUR_MS });
  assert.equal(readdirSync(folderOf(repository.stateDir)).sort(), ['2026-11-21', '2026-11-22']);
  time = NOW + 12 * HOUR_MS;
  await tokens.revoke({ id: idOf('c'), expiresAt: NOW + 24 * HOUR_MS });
  assert.equal(readdirSync(folderOf(repository.stateDir)), ['2026-11-22']);
  assert.equal(
    ['a', 'b', 'c'].map((digit) => tokens.has(idOf(digit))),
    [false, true, true],
  );
});

test('a token that hardly ever ends can be revoked, too', async () => {
  const repository = { stateDir: temporaryFolder() };
  const tokens = openRevokedTokens({ repository, log, now });
  await tokens.revoke({ id: idOf('a'), expiresAt: Number.MAX_SAFE_INTEGER });
  assert.equal(readdirSync(folderOf(repository.stateDir)), ['9999-12-31']);
  assert.is(openRevokedTokens({ repository, log, now }).has(idOf('a')), true);
});

test('what a crash left of a line takes no other line along', async () => {
  const repository = { stateDir: temporaryFolder() };
  await openRevokedTokens({ repository, log, now }).revoke({ id: idOf('a'), expiresAt: NOW });
  const path = join(folderOf(repository.stateDir), '2026-11-21');
  writeFileSync(path, `${readFileSync(path, 'utf8')}${'e'.repeat(20)}`);
  const torn = openRevokedTokens({ repository, log, now });
  assert.is(torn.has(idOf('a')), true);
  await torn.revoke({ id: idOf('b'), expiresAt: NOW });
  const later = openRevokedTokens({ repository, log, now });
  assert.equal([later.has(idOf('a')), later.has(idOf('b'))], [true, true]);
});

test('the disk has it before the answer: file, then folders are flushed', async () => {
  const repository = { stateDir: temporaryFolder() };
  const calls: string[] = [];
  const disk: Disk = {
    ...machineDisk,
    append: (path, text) => {
      calls.push('append');
      machineDisk.append(path, text);
    },
    sync: async (path) => {
      calls.push(`sync ${path.slice(repository.stateDir.length)}`);
      await machineDisk.sync(path);
    },
  };
  await openRevokedTokens({ repository, log, now, disk }).revoke({ id: idOf('a'), expiresAt: NOW });
  const folder = '/revoked-tokens';
  assert.equal(calls, ['append', `sync ${folder}/2026-11-21`, `sync ${folder}`, 'sync ']);
});

test('a full disk is said so, and the token is good then', async () => {
  const repository = { stateDir: temporaryFolder() };
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const disk: Disk = { ...machineDisk, sync: () => Promise.reject(full) };
  const tokens = openRevokedTokens({ repository, log, now, disk });
  const failure: Failure | undefined = await tokens.revoke({ id: idOf('a'), expiresAt: NOW }).then(
    () => undefined,
    (error) => error,
  );
  assert.is(failure?.kind, 'full');
  assert.is(tokens.has(idOf('a')), false);
});

test.run();
