import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { parseEnvironmentKey } from '../../src/model/keys.js';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import { openRepository } from '../../src/repository/git.js';
import { ObjectBatch } from '../../src/repository/object-batch.js';
import { withObjects } from '../../src/repository/staged-objects.js';
import { createRepository, type Files } from '../support/git.js';
import { inManyTurns } from '../support/turns.js';
import { FILES, openOn, PROJECT, type Writable, writeOf } from './writable.js';

const test = suite('repository/writer: turns');

const FLAGS = 160;
/** Of some thirty files: to look at one, with the folders above it, takes six. */
const MOST_CALLS = 400;

const STAGING = parseEnvironmentKey('staging');
if (STAGING === undefined) throw new Error('no key');

const CHANGES: Readonly<Record<string, Change>> = {
  'an environment that goes from all flags': {
    kind: 'environment.delete',
    project: PROJECT,
    environment: STAGING,
    cascade: true,
  },
  'a project that goes with all flags': { kind: 'project.delete', project: PROJECT, cascade: true },
};

/** Calls of disk and git since somebody else had a turn, and the most of them. */
class Calls {
  most = 0;
  #now = 0;

  counting<Arguments extends unknown[], Result>(call: (...of: Arguments) => Result) {
    return (...of: Arguments): Result => {
      this.#now += 1;
      this.most = Math.max(this.most, this.#now);
      return call(...of);
    };
  }

  turn(): void {
    this.#now = 0;
  }
}

/** Flushing leaves the thread, which gives turns by itself: without it only those count that the write gives. */
function countedDisk(calls: Calls): Disk {
  const unflushed: Disk = {
    ...machineDisk,
    create: async (path, bytes, mode) => machineDisk.createQuickly(path, bytes, mode),
    sync: async () => undefined,
  };
  const counted = Object.entries(unflushed).map(([name, call]) => [name, calls.counting(call)]);
  return Object.fromEntries(counted) as Disk;
}

function manyFlags(): Files {
  const flags = Array.from({ length: FLAGS }, (_, number) => [
    `flags/acme/web-app/flags/flag-${number}.yaml`,
    `description: Flag ${number}\nenvironments:\n  staging: { enabled: true }\n`,
  ]);
  const project = 'environments: [development, staging, production]\n';
  return { ...FILES, 'flags/acme/web-app/project.yaml': project, ...Object.fromEntries(flags) };
}

async function openCounted(calls: Calls): Promise<Writable> {
  const clone = await createRepository(manyFlags());
  const plain = withObjects(await openRepository(clone.dir), new ObjectBatch());
  const repository = { ...plain, readBlob: calls.counting(plain.readBlob) };
  return openOn(clone, { repository, disk: countedDisk(calls) });
}

for (const [what, change] of Object.entries(CHANGES)) {
  test(`${what} is looked at and written without holding others for more than a few files (P13)`, async () => {
    const calls = new Calls();
    const on = await openCounted(calls);
    const counted = (work: () => Promise<unknown>) => inManyTurns(work, () => calls.turn());
    await counted(() => on.writer.preview(writeOf(change)));
    await counted(() => on.writer.write(writeOf(change)));
    assert.ok(calls.most <= MOST_CALLS, `${calls.most} calls in a turn`);
    assert.is(await on.clone.git('status', '--porcelain'), '');
    await on.close();
  });
}

test.run();
