import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newRecord } from '../scripts/chaos/record.js';
import { writeOverRest } from '../scripts/chaos/requests.js';
import { ServerProcess } from '../scripts/chaos/server.js';
import { startFiles } from '../scripts/chaos/setting.js';
import { judgeHistory } from '../scripts/chaos/verdict.js';
import { seeded } from '../scripts/random.js';
import { createRepository } from './support/git.js';
import { until } from './support/until.js';

const WRITERS = 20;
/** The promise is itself a time. */
const END_MS = 5_000;

test('SIGTERM under load: what runs is finished, what comes is refused, and the process ends with 0 within 5 s; nothing is lost (P20)', async () => {
  const clone = await createRepository(startFiles());
  const server = new ServerProcess(clone.dir);
  await server.start();
  const record = newRecord();
  let isOver = false;
  const part = { server, record, random: seeded(1), isOver: () => isOver };
  const writers = Array.from({ length: WRITERS }, (_, number) => writeOverRest(part, `writer-${number}`));
  await until(() => record.acknowledged.length >= 2 * WRITERS);
  const start = performance.now();
  const end = await server.end('SIGTERM');
  const tookMs = performance.now() - start;
  isOver = true;
  await Promise.all(writers);
  assert.is(end, 0);
  assert.ok(tookMs < END_MS, `${tookMs} ms`);
  assert.equal(await judgeHistory(clone, record), []);
  const commits = Number(await clone.git('rev-list', '--count', 'HEAD')) - 1;
  assert.is(commits, record.acknowledged.length, 'every write that was made was answered');
  assert.ok([...record.refused.keys()].every((code) => code === 'SHUTTING_DOWN' || code === 'no server'));
});

test.run();
