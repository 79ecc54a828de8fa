import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRepository } from '../../src/repository/git.js';
import { servedSource } from '../../src/repository/served-source.js';
import { pause } from '../../src/repository/slices.js';
import {
  type CommitSource,
  followWorkTree,
  type WorkTreeFollower,
} from '../../src/repository/work-tree-follower.js';
import { writeFiles } from '../cli/run.js';
import { createRepository, temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';

const test = suite<{ followers: WorkTreeFollower[] }>('following the plain files of a folder');
const FILE = 'flags/acme/org.yaml';
/** Longer than any test: the watch alone tells then. */
const NEVER_MS = 600_000;

test.before.each((opened) => {
  opened.followers = [];
});

test.after.each(async ({ followers }) => {
  for (const follower of followers) await follower.close();
});

function folder(): string {
  const dir = temporaryFolder();
  writeFiles(dir, { [FILE]: 'name: Acme\n' });
  return dir;
}

type Following = Parameters<typeof followWorkTree>[0];

function follow(
  { followers }: { readonly followers: WorkTreeFollower[] },
  following: Omit<Following, 'onTrouble'> & Partial<Following>,
): WorkTreeFollower {
  const onTrouble = (error: Error): void => assert.unreachable(error.message);
  const follower = followWorkTree({ onTrouble, pollMs: NEVER_MS, ...following });
  followers.push(follower);
  return follower;
}

test('tells at once what there is, then each change, and never twice at the same time', async (opened) => {
  const dir = folder();
  const seen: string[] = [];
  let running = 0;
  follow(opened, {
    dir,
    onChange: async () => {
      running += 1;
      assert.is(running, 1);
      seen.push(readText(dir));
      await new Promise(setImmediate);
      running -= 1;
    },
  });
  await until(() => seen.length === 1);
  for (const name of ['Globex', 'Initech']) {
    writeFiles(dir, { [FILE]: `name: ${name}\n` });
    await until(() => seen.at(-1) === `name: ${name}\n`);
  }
  rmSync(join(dir, 'flags'), { recursive: true });
  await until(() => seen.at(-1) === 'none');
});

function readText(dir: string): string {
  try {
    return readFileSync(join(dir, FILE), 'utf8');
  } catch {
    return 'none';
  }
}

test('a save in several steps is told once, when it has come to rest', async (opened) => {
  const dir = folder();
  const seen: string[] = [];
  follow(opened, {
    dir,
    onChange: async () => {
      seen.push(readText(dir));
    },
  });
  await until(() => seen.length === 1);
  const steps = ['', 'name: A', 'name: Ac', 'name: Acm', 'name: Acme 2\n'];
  for (const step of Array.from({ length: 10 }, () => steps).flat()) {
    writeFiles(dir, { [FILE]: step });
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await until(() => seen.includes('name: Acme 2\n'));
  assert.equal(seen, ['name: Acme\n', 'name: Acme 2\n']);
});

test('a commit alone is told too, as is one that another branch has', async (opened) => {
  const { dir, git } = await createRepository({ [FILE]: 'name: Acme\n' });
  const seen: string[] = [];
  follow(opened, {
    dir,
    commit: Promise.resolve(servedSource({ repository: await openRepository(dir) })),
    onChange: async () => {
      seen.push(await git('rev-parse', 'HEAD'));
    },
  });
  await until(() => seen.length === 1);
  await git('commit', '--quiet', '--allow-empty', '--message', 'next');
  await until(() => seen.length === 2);
  await git('switch', '--quiet', '--detach', 'HEAD~1');
  await until(() => seen.length === 3);
  assert.is(seen[0], seen[2]);
});

test('a commit that is known later is told at once, and once', async (opened) => {
  const { dir } = await createRepository({ [FILE]: 'name: Acme\n' });
  const source = servedSource({ repository: await openRepository(dir) });
  let know: (source: CommitSource) => void = () => undefined;
  let calls = 0;
  follow(opened, {
    dir,
    commit: new Promise((resolve) => {
      know = resolve;
    }),
    onChange: async () => {
      calls += 1;
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  know(source);
  await until(() => calls === 2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.is(calls, 2);
});

test('closing gives up what runs', async (opened) => {
  let isGivenUp = false;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const follower = follow(opened, {
    dir: folder(),
    onChange: async (signal) => {
      begin();
      for (;;) {
        await new Promise(setImmediate);
        await pause(signal).catch((error: unknown) => {
          isGivenUp = true;
          throw error;
        });
      }
    },
  });
  await begun;
  await follower.close();
  assert.ok(isGivenUp);
});

test('what the listener throws ends it, and is not lost', async (opened) => {
  const bug = new Error('a bug');
  const follower = follow(opened, { dir: folder(), onChange: () => Promise.reject(bug) });
  assert.is(await follower.failed.catch((error: unknown) => error), bug);
});

test('what the system refuses is told, and tried again', async (opened) => {
  const told: (string | undefined)[] = [];
  const read = new Promise<void>((resolve) => {
    let tries = 0;
    follow(opened, {
      dir: folder(),
      pollMs: 30,
      onChange: async () => {
        tries += 1;
        const refusal = Object.assign(new Error('refused'), { code: 'EMFILE', syscall: 'open' });
        if (tries === 1) throw refusal;
        resolve();
      },
      onTrouble: ({ code }) => told.push(code),
    });
  });
  await read;
  assert.equal(told, ['EMFILE']);
});

test.run();
