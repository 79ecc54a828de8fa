import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, flagsRepository, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const diff = suite<Place>('flagstaff diff');
const SALE = 'flags/globex/shop/flags/sale.yaml';

diff.before.each(async (place) => {
  const repository = await committedRepository({
    'flags/globex/org.yaml': 'name: Globex\n',
    'flags/globex/shop/project.yaml': 'environments: [live]\n',
    [SALE]: 'environments: {}\n',
  });
  place.repository = repository;
  await repository.git('tag', 'v1');
  const text = await repository.git('show', `HEAD:${DARK_MODE}`);
  await repository.commit({
    [DARK_MODE]: `${text.replace('serve: off', 'killed: true\n    serve: off')}\n`,
    'flags/acme/web-app/overrides/dark-mode.yaml': '- { users: [u-7, u-8] }\n',
    [SALE]: null,
  });
});

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(['diff', ...words], { cwd: repository.dir });
}

diff('two revisions: sentences below what they are about, overrides with their flag', async (place) => {
  const { code, out, err } = await flagstaff(place, 'v1', 'main');
  assert.equal([code, err], [0, '']);
  assert.match(
    out,
    /^acme\/web-app\/dark-mode\n {2}production: killed\n {2}.*u-8.*\nglobex\/shop\/sale\n {2}removed.*$/,
  );
  assert.is((await flagstaff(place, 'v1..main')).out, out);
  assert.is((await flagstaff(place, 'v1..')).out, out);
  assert.is((await flagstaff(place, 'HEAD~1', 'HEAD')).out, out);
});

diff('one revision is compared with the work tree, none is HEAD, as git does', async (place) => {
  assert.equal(await flagstaff(place), { code: 0, out: '', err: '' });
  place.repository.write({ [SALE]: 'environments: {}\n', [DARK_MODE]: null });
  assert.match(
    (await flagstaff(place)).out,
    /^acme\/web-app\/dark-mode\n {2}removed.*\nglobex\/shop\/sale\n {2}added/,
  );
  assert.not.match((await flagstaff(place, 'v1')).out, 'sale');
});

diff('only an organization or a project', async (place) => {
  assert.match(
    (await flagstaff(place, 'v1', 'main', '--org', 'globex')).out,
    /^globex\/shop\/sale\n {2}removed[^\n]*$/,
  );
  assert.not.match((await flagstaff(place, 'v1', 'main', '--project', 'web-app')).out, 'globex');
});

diff('--text is what git diff prints, but for ids and the names of hunks', async (place) => {
  const { out } = await flagstaff(place, 'v1', 'main', '--text');
  const printed = await place.repository.git('diff', '--no-color', 'v1', 'main');
  assert.is(out, printed.replace(/^index .*\n/gm, '').replace(/^(@@ .* @@).*$/gm, '$1'));
});

diff('git applies what --text prints, also where it ends in an empty line of the file', async (place) => {
  const { repository } = place;
  const text = await repository.git('show', `HEAD:${DARK_MODE}`);
  await repository.commit({ [DARK_MODE]: `${text}\n# the end\n\n` }, 'an empty line at the end');
  repository.write({ [DARK_MODE]: `${text}\n# another end\n\n` });
  const { out } = await flagstaff(place, '--text');
  const patch = path.join(temporaryFolder(), 'patch');
  writeFileSync(patch, `${out}\n`);
  await repository.git('apply', '--check', '--reverse', patch);
  await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
});

diff('--json is the differences as data', async (place) => {
  const differences = JSON.parse((await flagstaff(place, 'v1', 'main', '--json', '--org', 'acme')).out);
  const [killed] = differences;
  assert.equal(
    [killed.path, killed.resource, killed.environment, killed.part, killed.after],
    [
      DARK_MODE,
      { type: 'flag', org: 'acme', project: 'web-app', key: 'dark-mode' },
      'production',
      { kind: 'field', name: 'killed' },
      true,
    ],
  );
  assert.is((await flagstaff(place, 'v1', 'v1', '--json')).out, '[]');
});

diff('--exit-code ends with 1 where something differs', async (place) => {
  assert.is((await flagstaff(place, 'v1', 'main', '--exit-code')).code, 1);
  assert.is((await flagstaff(place, 'main', '--exit-code')).code, 0);
});

diff('an organization that is only in one of the two is told whole, either way', async (place) => {
  const { repository } = place;
  await repository.commit({ 'flags/globex': null }, 'No more globex');
  assert.match((await flagstaff(place, 'HEAD~1', 'HEAD')).out, /^globex\n {2}removed\n/);
  assert.match((await flagstaff(place, 'HEAD', 'HEAD~1')).out, /^globex\n {2}added\n/);
  await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
});

diff('a file that cannot be read is told', async (place) => {
  place.repository.write({ [DARK_MODE]: 'environments: [\n' });
  assert.match((await flagstaff(place)).out, /^acme\/web-app\/dark-mode\n {2}\S/);
});

diff('a bare clone compares commits; it has no work tree to compare with', async ({ repository }) => {
  const cwd = temporaryFolder();
  await repositoryAt(cwd).git('clone', '--quiet', '--bare', repository.dir, '.');
  assert.match((await run(['diff', 'v1', 'main'], { cwd })).out, /^acme\/web-app\/dark-mode\n/);
  const { code, err } = await run(['diff', 'v1'], { cwd });
  assert.equal(
    [code, err],
    [2, 'flagstaff: a bare repository has no work tree to compare with: name two revisions'],
  );
});

diff('what is no revision, or one too many, is wrong use', async (place) => {
  for (const words of [
    ['v2', 'main'],
    ['v1', 'main', 'v1'],
    ['v1....main'],
    ['v1..main', 'v1'],
    ['--org', 'nope'],
    ['v1', 'main', '--text', '--json'],
  ]) {
    const { code, out, err } = await flagstaff(place, ...words);
    assert.equal([code, out], [2, ''], words.join(' '));
    assert.match(err, /^(flagstaff: [^\n]+|error: option '--json' [^\n]+\n.*)$/);
  }
});

diff('before the first commit it is said that there is none, not that a revision is wrong', async () => {
  const cwd = flagsRepository();
  await repositoryAt(cwd).git('init', '--quiet');
  for (const words of [
    ['diff'],
    ['impact'],
    ['diff', 'HEAD', '--text'],
    ['impact', 'HEAD...HEAD'],
    ['diff', 'HEAD~1'],
    ['impact', 'HEAD^..HEAD'],
    ['diff', 'main'],
    ['diff', '0123456789'],
    ['diff', '2026-01-31'],
  ]) {
    const { code, err } = await run(words, { cwd });
    assert.equal([code, err], [2, 'flagstaff: there is no commit yet'], words.join(' '));
  }
  assert.match((await run(['diff', 'a b'], { cwd })).err, 'flagstaff: the revision: ');
});

diff(
  'on a branch without a commit the revisions of others are found, and a wrong name is told',
  async (place) => {
    await place.repository.git('symbolic-ref', 'HEAD', 'refs/heads/new');
    assert.is((await flagstaff(place, 'v1', 'main')).code, 0);
    assert.is((await flagstaff(place, 'HEAD~1')).err, 'flagstaff: there is no commit yet');
    for (const packed of [false, true]) {
      if (packed) await place.repository.git('pack-refs', '--all');
      assert.is((await flagstaff(place, 'v9')).err, 'flagstaff: revision v9: not found');
    }
  },
);

diff.run();
