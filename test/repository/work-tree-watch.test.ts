import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { watchFolder } from '../../src/repository/folder-watch.js';
import type { Watching } from '../../src/repository/watch.js';
import { RestingTree, walkWorkTree } from '../../src/repository/work-stamp.js';
import { writeFiles } from '../cli/run.js';
import { temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';

const test = suite<{ watching: Watching[]; alive: NodeJS.Timeout }>('watching a work tree');
const FILE = 'flags/acme/org.yaml';

test.before.each((opened) => {
  opened.watching = [];
  // A watch keeps no process alive.
  opened.alive = setInterval(() => undefined, 1_000);
});

test.after.each(async ({ watching, alive }) => {
  clearInterval(alive);
  for (const one of watching) await one.close();
});

/** A tree whose followers look at each change, as all of them do. */
class Watched {
  readonly dir = temporaryFolder();
  /** What the system says of a watch that it no longer keeps, for each that was begun. */
  readonly fails: (() => void)[] = [];
  isRefusing = false;
  beforeWatch: (folder: string) => void = () => undefined;
  readonly #tree: RestingTree;
  #looking: Promise<unknown> = Promise.resolve();
  #calls = 0;
  seen: string | undefined;

  constructor({ watching }: { readonly watching: Watching[] }) {
    writeFiles(this.dir, { [FILE]: 'name: Acme\n' });
    this.#tree = new RestingTree(this.dir, {
      watch: (...how) => {
        this.beforeWatch(how[0]);
        const { on, close } = watchFolder(...how);
        return {
          close,
          on: (event, listener) => {
            const fail = (): void => listener(new Error('ENOSPC: no watches left'));
            this.fails.push(fail);
            if (this.isRefusing) setImmediate(fail);
            return on(event, listener);
          },
        };
      },
    });
    this.follow(watching);
  }

  follow(watching: Watching[]): void {
    watching.push(this.#tree.follow(() => this.#look()));
  }

  #look(): void {
    this.#calls += 1;
    this.#looking = this.#looking
      .then(() => this.#tree.look())
      .then((stamp) => {
        this.seen = stamp;
      });
  }

  /** The number of calls until nothing has come for a while. */
  async settled(): Promise<number> {
    for (let before = -1; before !== this.#calls; ) {
      before = this.#calls;
      await this.#looking;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return this.#calls;
  }

  /** Begins to watch. */
  async begin(): Promise<void> {
    this.#look();
    await this.settled();
  }

  /** Fulfils when what this does was seen, which a call alone can have told of. */
  async sees(change: () => void): Promise<void> {
    await this.settled();
    const before = this.seen;
    change();
    await until(() => this.seen !== before);
  }

  /** Glances until that was a look. */
  async poll(): Promise<void> {
    await until(async () => (await this.#tree.glance()) !== this.seen);
    await this.settled();
  }

  async seesSaves(): Promise<void> {
    for (const name of ['Globex', 'Initech Ltd'])
      await this.sees(() => writeFiles(this.dir, { [FILE]: `name: ${name}\n` }));
  }

  path(name: string): string {
    return join(this.dir, name);
  }
}

test('a folder that went and returned, as with a branch that has it not, is watched again', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  await watched.sees(() => rmSync(watched.path('flags'), { recursive: true }));
  await watched.sees(() => writeFiles(watched.dir, { [FILE]: 'name: Acme\n' }));
  await watched.seesSaves();
});

test('a folder in whose place a copy came is watched as the copy', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  cpSync(watched.path('flags/acme'), watched.path('copy'), { recursive: true });
  await watched.sees(() => {
    rmSync(watched.path('flags/acme'), { recursive: true });
    renameSync(watched.path('copy'), watched.path('flags/acme'));
  });
  await watched.seesSaves();
});

test('a folder that was elsewhere for a while is watched as before', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  await watched.sees(() => renameSync(watched.path('flags'), watched.path('elsewhere')));
  await watched.sees(() => renameSync(watched.path('elsewhere'), watched.path('flags')));
  await watched.seesSaves();
});

test('settings that went and returned are heard', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  const settings = watched.path('.flagstaff.yaml');
  for (const org of ['acme', 'globex']) {
    await watched.sees(() => writeFiles(watched.dir, { '.flagstaff.yaml': `defaultOrg: ${org}\n` }));
    await watched.sees(() => writeFiles(watched.dir, { '.flagstaff.yaml': '' }));
    await watched.sees(() => rmSync(settings));
  }
});

test('what changes between the first look and the watch is seen, though nobody tells of it', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  for (const one of opened.watching) await one.close();
  watched.beforeWatch = () => writeFiles(watched.dir, { [FILE]: 'name: Globex\n' });
  watched.follow(opened.watching);
  await watched.begin();
  assert.is(watched.seen, (await walkWorkTree(watched.dir)).stamp);
});

test('spare files of editors and what else lies in the repository call nobody', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  const before = await watched.settled();
  writeFiles(watched.dir, { 'flags/acme/.org.yaml.swp': 'x', 'flags/acme/org.yaml~': 'x', 'README.md': 'x' });
  assert.is(await watched.settled(), before);
});

test('a watch that fails is begun again with the next look, which who polls takes', async (opened) => {
  const watched = new Watched(opened);
  await watched.begin();
  assert.is(watched.fails.length, 3);
  for (const fail of watched.fails) fail();
  const before = await watched.settled();
  writeFiles(watched.dir, { [FILE]: 'name: Globex\n' });
  assert.is(await watched.settled(), before);
  await watched.poll();
  await watched.seesSaves();
});

test('a system that refuses to watch a moment after it was asked is asked with each look, and calls for none', async (opened) => {
  const watched = new Watched(opened);
  watched.isRefusing = true;
  await watched.begin();
  const before = await watched.settled();
  assert.is(await watched.settled(), before);
  assert.ok(watched.fails.length <= 12, `asked ${watched.fails.length} times`);
  watched.isRefusing = false;
  writeFiles(watched.dir, { [FILE]: 'name: Globex\n' });
  await watched.poll();
  await watched.seesSaves();
});

test.run();
