/**
 * Writes what it is told in a process of its own, and is ended by its disk at the call that it is told. Each
 * acknowledged commit is a line on standard output, written at once.
 */
import { writeSync } from 'node:fs';
import { openOn, type Writable } from '../../test/repository/writable.js';
import { repositoryAt } from '../../test/support/git.js';
import { faultDisk } from './fault-disk.js';
import { roundOf } from './round.js';
import { type Meant, scenarioOf } from './scenario.js';

const [dir = '', task = '', name = '', call = '0'] = process.argv.slice(2);
await main();

async function main(): Promise<void> {
  const disk = faultDisk();
  const on = await openOn(repositoryAt(dir), { disk, now: Date.now });
  disk.arm('SIGKILL', Number(call));
  if (task === 'scenario') await writeAll(on, scenarioOf(name).writes);
  for (let turn = 0; task === 'rounds'; turn += 1) await writeAll(on, roundOf(name, turn));
  disk.disarm();
  await on.close();
}

async function writeAll({ writer }: Writable, writes: readonly Meant[]): Promise<void> {
  await Promise.all(
    writes.map(async ({ request }) => {
      const { commit } = await writer.write(request);
      writeSync(1, `${commit}\n`);
    }),
  );
}
