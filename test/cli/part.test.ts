import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { committedRepository, flagsRepository, run, writeFiles } from './run.js';

const test = suite('a part of the work tree');
const PROJECT = 'environments: [development, production]\nattributes: { country: string }\n';
const FAILING = '- name: it is off\n  expect: { variant: off }\n';
const OFF = 'environments:\n  production: { enabled: false }\n';
const BROKEN = 'environments: 3\n';

/** A broken flag and a failing case in each of two other projects, and in another organization. */
function broken(places = ['acme/shop', 'acme/web-app', 'other/web-app']): Readonly<Record<string, string>> {
  const files = places.flatMap((place) => [
    [`flags/${place}/project.yaml`, PROJECT],
    [`flags/${place}/flags/broken.yaml`, BROKEN],
    [`flags/${place}/flags/off.yaml`, OFF],
    [`flags/${place}/tests/off.yaml`, FAILING],
  ]);
  return { 'flags/other/org.yaml': 'name: Other\n', ...Object.fromEntries(files) };
}

const SCOPES: readonly (readonly [words: readonly string[], places: readonly string[]])[] = [
  [[], ['acme/shop', 'acme/web-app', 'other/web-app']],
  [['--org', 'other'], ['other/web-app']],
  [
    ['--org', 'acme'],
    ['acme/shop', 'acme/web-app'],
  ],
  [['--project', 'web-app'], ['acme/web-app']],
  [['--org', 'acme', '--project', 'shop'], ['acme/shop']],
];

/** The paths of what is told, without the ends that tell flags apart. */
function placesOf(told: readonly { readonly path: string }[]): readonly string[] {
  return [...new Set(told.map(({ path }) => path.split('/').slice(1, 3).join('/')))];
}

async function askBoth(cwd: string, words: readonly string[]) {
  const [validated, tested] = [
    await run(['validate', '--json', ...words], { cwd }),
    await run(['test', '--json', ...words], { cwd }),
  ];
  assert.equal([validated.code, tested.code], [1, 1]);
  return { validated: JSON.parse(validated.out), tested: JSON.parse(tested.out) };
}

test('only what lies in the organization or project is told, counted and tested', async () => {
  const cwd = flagsRepository(broken());
  for (const [words, places] of SCOPES) {
    const { validated, tested } = await askBoth(cwd, words);
    assert.equal(placesOf(validated.problems), places);
    assert.equal([validated.errors, tested.failed], [places.length, places.length]);
    assert.equal(placesOf(tested.errors), places);
    assert.equal(placesOf(tested.cases), places);
  }
  const { out } = await run(['validate', '--org', 'acme', '--project', 'shop'], { cwd });
  assert.match(out, /^4 files checked: 1 error/m);
});

test('the same is so of what is new since a revision', async () => {
  const repository = await committedRepository();
  writeFiles(repository.dir, broken());
  for (const [words, places] of SCOPES) {
    const { validated, tested } = await askBoth(repository.dir, ['--since', 'HEAD', ...words]);
    assert.equal(placesOf(validated.problems), places);
    assert.equal([tested.failed, placesOf(tested.errors)], [places.length, places]);
  }
});

test('an error above the part is told: nothing in it can be judged', async () => {
  const cwd = flagsRepository({ ...broken([]), 'flags/acme/org.yaml': 'nonsense: 1\n' });
  for (const command of ['validate', 'test']) {
    assert.is((await run([command, '--project', 'web-app'], { cwd })).code, 1);
    assert.is((await run([command, '--org', 'other'], { cwd })).code, 0);
  }
});

test('a project whose own file is broken can be named, and a name that is not there is refused', async () => {
  const cwd = flagsRepository({ 'flags/acme/web-app/project.yaml': BROKEN });
  const words = ['--project', 'web-app'];
  assert.match((await run(['validate', ...words], { cwd })).out, 'flags/acme/web-app/project.yaml:1:');
  for (const command of ['validate', 'test']) {
    const unknown = await run([command, '--project', 'nope'], { cwd });
    assert.equal(
      [unknown.code, unknown.err],
      [2, 'flagstaff: no project of acme is called nope: there is web-app'],
    );
    assert.match((await run([command, '--org', 'nope'], { cwd })).err, 'no organization is called nope');
  }
});

test('an empty name is no name of the default organization or project', async () => {
  const cwd = flagsRepository();
  for (const command of ['validate', 'test']) {
    for (const words of [
      ['--org', ''],
      ['--project', ''],
      ['--org', 'acme', '--project', ''],
    ]) {
      const { code, out, err } = await run([command, ...words], { cwd });
      assert.equal([code, out], [2, ''], [command, ...words].join(' '));
      assert.match(err, /^flagstaff: no (organization|project of acme) is called : there is /);
    }
  }
});

test('--fix repairs nothing outside of the part', async () => {
  const cwd = flagsRepository({
    ...broken([]),
    'flags/other/web-app/project.yaml': PROJECT,
    'flags/other/web-app/flags/yes.yaml': `\uFEFF${OFF}`,
    'flags/acme/web-app/flags/yes.yaml': `\uFEFF${OFF}`,
  });
  const { err } = await run(['validate', '--fix', '--org', 'other'], { cwd });
  assert.match(err, 'flags/other/web-app/flags/yes.yaml:1:1: fixed');
  assert.not.match(err, 'flags/acme');
});

test.run();
