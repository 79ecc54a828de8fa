import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mintToken } from '../../src/http/auth.js';
import { type RunningServer, startServer } from '../../src/server.js';
import { gitEnvironment, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, PERSON, run } from './run.js';

interface Place {
  repository: TestRepository;
  /** Set where a server holds the clone. */
  server: RunningServer | undefined;
}

const kill = suite<Place>('flagstaff kill');
const SECRET = 'another secret of the tests, long enough for HS256';

kill.before.each(async (place) => {
  place.server = undefined;
  place.repository = await committedRepository({
    'flags/acme/billing/project.yaml': 'environments: [live]\n',
    'flags/acme/billing/flags/invoices.yaml': 'environments:\n  live: { enabled: true }\n',
  });
});

kill.after.each(async ({ server }) => {
  await server?.close();
});

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(words, { cwd: repository.dir, env: PERSON });
}

/** A server of the clone, with the clone's own secret. */
async function serve(place: Place, secret?: string): Promise<void> {
  const { dir: repo } = place.repository;
  const trust = secret === undefined ? undefined : ({ kind: 'secret', secret } as const);
  place.server = await startServer({ repo, port: 0, host: '127.0.0.1', log: () => undefined, trust });
  await place.server.ready;
}

function textOf({ repository }: Place, path = DARK_MODE): string {
  return readFileSync(join(repository.dir, path), 'utf8');
}

function hasVersion6(): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'));
}

const WORDS = ['kill', 'dark-mode', '--reason', 'orders are lost', '--project', 'web-app'];

kill(
  'makes one commit by whom git knows, with the reason, and prints it as git log does (design 6)',
  async (place) => {
    const { code, out, err } = await flagstaff(place, ...WORDS);
    const { repository } = place;
    assert.equal([code, err], [0, '']);
    assert.is(out, `${await repository.git('log', '-1', '--format=%h %s', '--abbrev=7')}`);
    assert.match(out, /^[0-9a-f]{7} acme\/web-app: kill dark-mode in production$/);
    assert.is(await repository.git('log', '-1', '--format=%an <%ae>'), 'Ada <ada@example.com>');
    assert.match(await repository.git('log', '-1', '--format=%B'), 'Flagstaff-Reason: orders are lost');
    assert.is(await repository.git('rev-list', '--count', 'HEAD'), '2');
    assert.is(await repository.git('status', '--porcelain'), '');
    assert.match(textOf(place), 'killed: true');
  },
);

kill('again changes nothing, says so and ends with 0', async (place) => {
  await flagstaff(place, ...WORDS);
  const head = await place.repository.head();
  const again = await flagstaff(place, ...WORDS);
  assert.equal(again, { code: 0, out: `${head.slice(0, 7)} nothing to change: it is so already`, err: '' });
  assert.is(await place.repository.head(), head);
});

kill('unkill takes it back', async (place) => {
  await flagstaff(place, ...WORDS);
  const { code, out } = await flagstaff(place, 'unkill', ...WORDS.slice(1));
  assert.is(code, 0);
  assert.match(out, /^[0-9a-f]{7} acme\/web-app: unkill dark-mode in production$/);
  assert.not.match(textOf(place), 'killed: true');
});

kill('the project and the environment are those that are named, else the default ones', async (place) => {
  const other = await flagstaff(place, ...WORDS, '--environment', 'development');
  assert.match(other.out, 'acme/web-app: kill dark-mode in development');
  const first = await flagstaff(place, 'kill', 'invoices', '--reason', 'wrong sums');
  assert.match(first.out, 'acme/billing: kill invoices in live');
});

for (const isServed of [false, true]) {
  const way = isServed ? 'through a server' : 'by itself';
  kill(
    `works ${way} on a file that is broken at HEAD: its last good text, killed (design 6)`,
    async (place) => {
      const good = textOf(place);
      await place.repository.commit({ [DARK_MODE]: 'environments: [\n' }, 'break it');
      if (isServed) await serve(place);
      const { code, out } = await flagstaff(place, ...WORDS);
      assert.is(code, 0);
      assert.match(out, 'kill dark-mode in production');
      const killed = textOf(place);
      assert.match(killed, 'killed: true');
      assert.is(killed.replace(/^ *killed: true\n/m, ''), good);
    },
  );
}

kill(
  'a flag, a project or an environment that is not there is wrong use, with the nearest one',
  async (place) => {
    for (const [words, sentence] of [
      [['kill', 'invoice'], 'acme/billing has no flag invoice (did you mean invoices?)'],
      [['kill', 'x1', '--project', 'shop'], 'no project of acme is called shop: there are billing, web-app'],
      [
        ['kill', 'invoices', '--environment', 'prod'],
        'no environment of acme/billing is called prod: there is live',
      ],
    ] as const) {
      const told = await flagstaff(place, ...words, '--reason', 'why');
      assert.equal(told, { code: 2, out: '', err: `flagstaff: ${sentence}` });
    }
    const silent = await flagstaff(place, 'kill', 'invoices');
    assert.is(silent.code, 2);
    assert.match(silent.err, '--reason');
  },
);

kill('a reason is one line of up to 500 characters, as a server takes it', async (place) => {
  const head = await place.repository.head();
  for (const reason of ['', ' ', 'two\nlines', 'x'.repeat(501)]) {
    const { code, out, err } = await flagstaff(place, 'kill', 'invoices', '--reason', reason);
    assert.equal([code, out], [2, '']);
    assert.match(err, "option '--reason <text>'");
  }
  assert.is(await place.repository.head(), head);
});

kill('nobody knows who writes: wrong use that says how to tell git', async ({ repository }) => {
  const env = { ...gitEnvironment(), GIT_AUTHOR_NAME: undefined, GIT_AUTHOR_EMAIL: undefined };
  const told = await run(WORDS, { cwd: repository.dir, env });
  assert.is(told.code, 2);
  assert.match(told.err, "set git's user.name and user.email");
  await repository.git('config', 'user.name', 'Grace');
  await repository.git('config', 'user.email', 'grace@example.com');
  assert.is((await run(WORDS, { cwd: repository.dir, env })).code, 0);
  assert.is(await repository.git('log', '-1', '--format=%an <%ae>'), 'Grace <grace@example.com>');
});

kill(
  'the git program is needed only where the environment does not say who writes',
  async ({ repository }) => {
    const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL } = PERSON;
    const told = await run(WORDS, { cwd: repository.dir, env: { PATH: '/no/such/folder', GIT_AUTHOR_NAME } });
    assert.is(told.code, 2);
    assert.match(told.err, 'the git program is not installed');
    const env = { PATH: '/no/such/folder', GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL };
    assert.is((await run(WORDS, { cwd: repository.dir, env })).code, 0);
  },
);

kill('a bare clone cannot be written to, and a sentence says why', async ({ repository }) => {
  const cwd = temporaryFolder();
  await repositoryAt(cwd).git('clone', '--quiet', '--bare', repository.dir, '.');
  const { code, out, err } = await run(WORDS, { cwd, env: PERSON });
  assert.equal([code, out], [1, '']);
  assert.match(err, /^flagstaff: .*bare[^\n]*$/);
});

kill('a file with edits that are not committed refuses it, and the edits stay (P6)', async (place) => {
  const edited = `${textOf(place)}# mine\n`;
  place.repository.write({ [DARK_MODE]: edited });
  const head = await place.repository.head();
  const { code, out, err } = await flagstaff(place, ...WORDS);
  assert.equal([code, out], [1, '']);
  assert.match(err, DARK_MODE);
  assert.is(textOf(place), edited);
  assert.is(await place.repository.head(), head);
});

kill('a folder that is no repository is wrong use', async () => {
  const { code, err } = await run(WORDS, { cwd: temporaryFolder(), env: PERSON });
  assert.is(code, 2);
  assert.match(err, 'no git repository at');
});

kill('where a server holds the clone it is asked to write, and the same is printed', async (place) => {
  await serve(place);
  const { code, out, err } = await flagstaff(place, ...WORDS);
  const { repository, server } = place;
  assert.is(code, 0, err);
  assert.is(err, `flagstaff: the server at ${server?.url} wrote it`);
  assert.is(out, await repository.git('log', '-1', '--format=%h %s', '--abbrev=7'));
  assert.is(await repository.git('log', '-1', '--format=%an <%ae>'), 'Ada <ada@example.com>');
  assert.match(await repository.git('log', '-1', '--format=%B'), 'Flagstaff-Reason: orders are lost');
  const again = await flagstaff(place, ...WORDS);
  assert.is(again.out, `${out.slice(0, 7)} nothing to change: it is so already`);
});

for (const host of ['0.0.0.0', ...(hasVersion6() ? ['::'] : [])]) {
  kill(`a server that listens on every address, ${host}, is asked too`, async (place) => {
    const { dir: repo } = place.repository;
    place.server = await startServer({ repo, port: 0, host, log: () => undefined });
    await place.server.ready;
    const { code, err } = await flagstaff(place, ...WORDS);
    assert.equal([code, err], [0, `flagstaff: the server at ${place.server.url} wrote it`]);
  });
}

kill('what the server refuses is refused in its words, with the code of wrong use', async (place) => {
  await serve(place);
  const { code, out, err } = await flagstaff(place, 'kill', 'nothing', '--reason', 'why');
  assert.equal([code, out], [2, '']);
  assert.match(err, /^flagstaff: .*nothing/);
});

kill('a server that signs with another secret says which variable is wanted', async (place) => {
  await serve(place, SECRET);
  const refused = await flagstaff(place, ...WORDS);
  assert.is(refused.code, 1);
  assert.match(refused.err, 'set FLAGSTAFF_JWT_SECRET');
  const env = { ...PERSON, FLAGSTAFF_JWT_SECRET: SECRET };
  assert.is((await run(WORDS, { cwd: place.repository.dir, env })).code, 0);
});

kill('a server whose tokens come from elsewhere takes the one of FLAGSTAFF_TOKEN', async (place) => {
  await serve(place, SECRET);
  const token = await mintToken({ secret: SECRET, sub: 'grace', name: 'Grace', superAdmin: true });
  const env = { ...PERSON, FLAGSTAFF_TOKEN: token };
  assert.is((await run(WORDS, { cwd: place.repository.dir, env })).code, 0);
  assert.is(await place.repository.git('log', '-1', '--format=%an'), 'Grace');
});

kill('what a server left that died does not stop the command', async (place) => {
  await serve(place);
  const note = join(place.repository.dir, '.git', 'flagstaff', 'server.json');
  const left = JSON.parse(readFileSync(note, 'utf8'));
  await place.server?.close();
  writeFileSync(note, JSON.stringify(left));
  const { code, err } = await flagstaff(place, ...WORDS);
  assert.equal([code, err], [0, '']);
});

kill('two commands at once wait for each other: one commit each (P2)', async (place) => {
  const both = [flagstaff(place, ...WORDS), flagstaff(place, 'kill', 'invoices', '--reason', 'wrong sums')];
  for (const { code, err } of await Promise.all(both)) assert.is(code, 0, err);
  assert.is(await place.repository.git('rev-list', '--count', 'HEAD'), '3');
});

kill.run();
