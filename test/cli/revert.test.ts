import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RunningServer, startServer } from '../../src/server.js';
import type { TestRepository } from '../support/git.js';
import { committedRepository, DARK_MODE, PERSON, run } from './run.js';

interface Place {
  repository: TestRepository;
  server: RunningServer | undefined;
  /** The flag's file before anybody changed it. */
  text: string;
}

const revert = suite<Place>('flagstaff revert');
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const SALE = 'flags/globex/shop/flags/sale.yaml';
const GLOBEX = {
  'flags/globex/org.yaml': 'name: Globex\n',
  'flags/globex/shop/project.yaml': 'environments: [live]\n',
  [SALE]: 'environments: {}\n',
};

revert.before.each(async (place) => {
  place.server = undefined;
  place.repository = await committedRepository(GLOBEX);
  place.text = textOf(place) ?? '';
  await change(place, { serve: 'serve: on' }, 'Dark mode for all');
});

revert.after.each(async ({ server }) => {
  await server?.close();
});

/** Commits the flag with something else served to the rest, or with another description. */
async function change(
  place: Place,
  to: { readonly serve?: string; readonly description?: string },
  message: string,
): Promise<string> {
  const { serve = 'serve: off', description = 'Dark theme' } = to;
  const text = (textOf(place) ?? place.text)
    .replace(/serve: o\w+$/m, serve)
    .replace(/^description: .*$/m, `description: ${description}`);
  return place.repository.commit({ [DARK_MODE]: text }, message);
}

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(['revert', ...words], { cwd: repository.dir, env: PERSON });
}

function textOf({ repository }: Pick<Place, 'repository'>, path = DARK_MODE): string | undefined {
  const file = join(repository.dir, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function serve(place: Place): Promise<void> {
  const { dir: repo } = place.repository;
  place.server = await startServer({ repo, port: 0, host: '127.0.0.1', log: () => undefined });
  await place.server.ready;
}

revert('a commit is taken back by a new one, which says what, by whom and why', async (place) => {
  const id = await place.repository.head();
  const { code, out, err } = await flagstaff(place, 'HEAD', '--reason', 'too bright');
  assert.equal([code, err], [0, '']);
  assert.match(out, /^[0-9a-f]{7} acme\/web-app: revert "Dark mode for all"$/);
  assert.is(textOf(place), place.text);
  const message = await place.repository.git('log', '-1', '--format=%an%n%B');
  assert.match(message, /^Ada\n/);
  assert.match(message, `Flagstaff-Reverts: ${id}`);
  assert.match(message, 'Flagstaff-Reason: too bright');
  assert.is(await place.repository.git('status', '--porcelain'), '');
});

revert('what was changed since stays, where it does not conflict', async (place) => {
  const id = await place.repository.head();
  await change(place, { serve: 'serve: on', description: 'Easy on the eyes' }, 'Describe it');
  assert.is((await flagstaff(place, id.slice(0, 7))).code, 0);
  assert.is(textOf(place), place.text.replace('Dark theme', 'Easy on the eyes'));
});

revert('later changes that conflict refuse it, and are named', async (place) => {
  const id = await place.repository.head();
  const later = await change(place, { serve: 'serve: { on: 5, off: 95 }' }, 'Five of a hundred');
  const { code, out, err } = await flagstaff(place, id);
  assert.equal([code, out], [1, '']);
  assert.match(
    err,
    `${DARK_MODE} was changed after ${id.slice(0, 7)} by\n  ${later.slice(0, 7)} Five of a hundred\n`,
  );
  assert.is(await place.repository.head(), later);
});

revert('--to gives one flag the version of a revision, with its overrides and tests', async (place) => {
  await place.repository.commit({ [TESTS]: null, [SALE]: null }, 'Fewer files');
  const { code, out } = await flagstaff(place, 'dark-mode', '--to', 'HEAD~2');
  assert.is(code, 0);
  assert.match(out, /^[0-9a-f]{7} acme\/web-app: restore dark-mode to [0-9a-f]{7,}$/);
  assert.is(textOf(place), place.text);
  assert.ok(textOf(place, TESTS)?.includes('a German sees it'));
  assert.is(textOf(place, SALE), undefined);
});

revert('a flag that is gone comes back', async (place) => {
  await place.repository.commit({ [SALE]: null }, 'No more sale');
  const { code } = await flagstaff(place, 'sale', '--to', 'HEAD~1', '--org', 'globex');
  assert.is(code, 0);
  assert.is(textOf(place, SALE), 'environments: {}\n');
});

revert('--dry-run shows lines and sentences, and writes nothing', async (place) => {
  const head = await place.repository.head();
  const { code, out } = await flagstaff(place, 'HEAD', '--dry-run');
  assert.is(code, 0);
  assert.match(out, `--- a/${DARK_MODE}\n+++ b/${DARK_MODE}\n`);
  assert.match(out, /^-\s+serve: on$/m);
  assert.match(out, /^\+\s+serve: off$/m);
  assert.match(out.split('\n').at(-1) ?? '', /^production: /);
  assert.is(await place.repository.head(), head);
  assert.is(await place.repository.git('status', '--porcelain'), '');
});

revert('--dry-run tells what would refuse it, and not that a server would be asked', async (place) => {
  await serve(place);
  assert.equal((await flagstaff(place, 'HEAD', '--dry-run')).code, 0);
  place.repository.write({ [DARK_MODE]: `${textOf(place)}# mine\n` });
  const beside = await flagstaff(place, 'HEAD', '--dry-run');
  await place.server?.close();
  const alone = await flagstaff(place, 'HEAD', '--dry-run');
  for (const { code, out, err } of [beside, alone]) {
    assert.is(code, 1);
    assert.match(out, '+    serve: off');
    assert.match(err, `${DARK_MODE} cannot be written: it has changes that are not committed`);
    assert.not.match(err, 'another');
  }
});

revert('a commit that removed an organization says how git takes it back (ACCESS_FILES)', async (place) => {
  const gone = Object.fromEntries(Object.keys(GLOBEX).map((path) => [path, null]));
  const oid = await place.repository.commit(gone, 'No more Globex');
  const { code, err } = await flagstaff(place, 'HEAD');
  assert.is(code, 1);
  assert.match(err, `\`git revert ${oid.slice(0, 10)}\``);
});

revert('a test that it breaks refuses it, unless it is forced with a reason', async (place) => {
  const guarded = '- { name: all see it, environment: production, context: {}, expect: { variant: on } }\n';
  await place.repository.commit({ [TESTS]: guarded }, 'Test it');
  const refused = await flagstaff(place, 'HEAD~1');
  assert.equal([refused.code, refused.out], [1, '']);
  const line = 'web-app/dark-mode: all see it (production): variant: expected "on", got "off"';
  assert.match(refused.err, line);
  const shown = await flagstaff(place, 'HEAD~1', '--dry-run');
  assert.equal([shown.code, shown.err], [1, line]);
  assert.is((await flagstaff(place, 'HEAD~1', '--force', 'the test is wrong')).code, 0);
  assert.match(await place.repository.git('log', '-1', '--format=%B'), 'Flagstaff-Force: the test is wrong');
});

revert('of a commit that changed several organizations one must be named', async (place) => {
  await change(place, { description: 'Night' }, 'unused');
  await place.repository.commit(
    { [SALE]: 'owner: team-shop\nenvironments: {}\n', [DARK_MODE]: place.text },
    'Both',
  );
  const wrong = await flagstaff(place, 'HEAD');
  assert.is(wrong.code, 2);
  assert.match(wrong.err, 'changed several organizations, acme, globex: name one with --org');
  assert.is((await flagstaff(place, 'HEAD', '--org', 'globex')).code, 0);
  assert.is(textOf(place, SALE), 'environments: {}\n');
  assert.is(textOf(place), place.text);
});

revert(
  'a running server is asked, for a commit and for a flag; what conflicts is named alike',
  async (place) => {
    await serve(place);
    const id = await place.repository.head();
    const commit = await flagstaff(place, 'HEAD', '--reason', 'too bright');
    assert.is(commit.code, 0, commit.err);
    assert.is(commit.err, `flagstaff: the server at ${place.server?.url} wrote it`);
    assert.match(commit.out, /^[0-9a-f]{7} acme\/web-app: revert "Dark mode for all"$/);
    const flag = await flagstaff(place, 'dark-mode', '--to', id);
    assert.match(flag.out, /^[0-9a-f]{7} acme\/web-app: restore dark-mode to /);
    assert.is(await place.repository.git('log', '-1', '--format=%an'), 'Ada');
    const later = await change(place, { serve: 'serve: { on: 5, off: 95 }' }, 'Five of a hundred');
    const refused = await flagstaff(place, id);
    assert.is(refused.code, 1);
    assert.match(refused.err, `  ${later.slice(0, 7)} Five of a hundred\n`);
  },
);

revert('a running server takes back a single flag of any project', async (place) => {
  const sold = 'owner: team-shop\nenvironments: {}\n';
  const files = { 'flags/globex/app/project.yaml': 'environments: [live]\n', [SALE]: sold };
  await place.repository.commit(files, 'An app before the shop');
  await serve(place);
  const shop = ['--org', 'globex', '--project', 'shop'];
  const { code, out, err } = await flagstaff(
    place,
    'sale',
    '--to',
    'HEAD~1',
    ...shop,
    '--reason',
    'sold out',
  );
  assert.is(code, 0, err);
  assert.match(out, /^[0-9a-f]{7} globex\/shop: restore sale to /);
  assert.is(textOf(place, SALE), 'environments: {}\n');
  assert.match(await place.repository.git('log', '-1', '--format=%B'), 'Flagstaff-Reason: sold out');
});

revert('a flag without --to is wrong use that says so', async (place) => {
  const { code, err } = await flagstaff(place, 'dark-mode');
  assert.equal(
    [code, err],
    [2, "flagstaff: dark-mode is no commit but a flag: say with --to which revision's version it gets"],
  );
});

revert('what is no commit or flag, or never was, is wrong use', async (place) => {
  for (const words of [
    ['nothing'],
    ['HEAD', '--project', 'web-app'],
    ['-x-', '--to', 'HEAD'],
    ['dark-mod', '--to', 'HEAD'],
    ['dark-mode', '--to', 'v9'],
    ['dark-mode', '--to', 'HEAD', '--org', 'nope'],
  ]) {
    const { code, out } = await flagstaff(place, ...words);
    assert.equal([code, out], [2, ''], words.join(' '));
  }
});

revert.run();
