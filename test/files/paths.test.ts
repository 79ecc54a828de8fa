import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pathOf, placeOf } from '../../src/files/paths.js';

const test = suite('paths (DESIGN 3)');

/** The path, and what it means: the kind of its content, `ignored`, or the code of its problem. */
const PATHS: readonly (readonly [string, string])[] = [
  ['.flagstaff.yaml', 'config'],
  ['.flagstaff.yml', 'WRONG_EXTENSION'],
  ['flags/acme/org.yaml', 'org'],
  ['flags/acme/web-app/project.yaml', 'project'],
  ['flags/acme/web-app/keys.yaml', 'api-keys'],
  ['flags/acme/web-app/flags/peer_review_beta.yaml', 'flag'],
  ['flags/acme/web-app/flags/a.b-c_D.yaml', 'flag'],
  ['flags/acme/web-app/segments/beta-testers.yaml', 'segment'],
  ['flags/acme/web-app/overrides/dark-mode.yaml', 'overrides'],
  ['flags/acme/web-app/tests/dark-mode.yaml', 'tests'],
  ['src/server.ts', 'ignored'],
  ['flags', 'ignored'],
  ['flagstaff/acme/org.yaml', 'ignored'],
  ['flags/README.md', 'ignored'],
  ['flags/acme/web-app/flags/NOTES.MD', 'ignored'],
  ['flags/acme/.editorconfig', 'ignored'],
  ['flags/.git/config.yaml', 'ignored'],
  ['flags/acme/web-app/flags/.dark-mode.yaml.swp', 'ignored'],
  ['flags/dark-mode.yaml', 'UNEXPECTED_FILE'],
  ['flags/acme/dark-mode.yaml', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/dark-mode.yaml', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/rules/dark-mode.yaml', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/flags/dark-mode.json', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/flags/dark-mode', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/flags/dark-mode.YAML', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/flags/ui/dark-mode.yaml', 'UNEXPECTED_FILE'],
  ['flags/acme/web-app/flags/dark-mode.yml', 'WRONG_EXTENSION'],
  ['flags/acme/org.yml', 'WRONG_EXTENSION'],
  ['flags/Acme/org.yaml', 'INVALID_KEY'],
  ['flags/acme/web_app/project.yaml', 'INVALID_KEY'],
  ['flags/con/org.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/nul.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/COM1.x.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/123.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/dark mode.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/-dark.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/dark..mode.yaml', 'INVALID_KEY'],
  ['flags/acme/web-app/flags/dänisch.yaml', 'INVALID_KEY'],
  [`flags/acme/web-app/flags/${'a'.repeat(101)}.yaml`, 'INVALID_KEY'],
  ['flags/acme/web-app/segments/__proto__.yaml', 'INVALID_KEY'],
];

for (const [path, wanted] of PATHS) {
  test(`${path.slice(0, 60)} is ${wanted}`, () => {
    const meaning = placeOf(path);
    const got =
      meaning.kind === 'file'
        ? meaning.place.kind
        : meaning.kind === 'problem'
          ? meaning.problem.code
          : 'ignored';
    assert.is(got, wanted);
    if (meaning.kind === 'file') assert.is(pathOf(meaning.place), path);
    if (meaning.kind === 'problem')
      assert.equal([meaning.problem.path, meaning.problem.severity], [path, 'error']);
  });
}

test('a file under the wrong extension is told its right name', () => {
  const meaning = placeOf('flags/acme/web-app/flags/dark-mode.yml');
  assert.match(meaning.kind === 'problem' ? meaning.problem.message : '', /rename it to dark-mode\.yaml$/);
});

test('no path means a place outside its folder, whatever its bytes (P14)', () => {
  const steps = fc.oneof(
    fc.constantFrom(
      'flags',
      'acme',
      'web-app',
      '..',
      '.',
      '',
      '.git',
      'org.yaml',
      'a.yaml',
      'segments',
      '%2e%2e',
      'a\\b',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 7 }), (parts) => {
      const path = parts.join('/');
      const meaning = placeOf(path);
      if (meaning.kind === 'file') assert.is(pathOf(meaning.place), path);
      if (meaning.kind === 'file') assert.not.match(path, /\.\.|\\|%|\/\//);
    }),
    { numRuns: 2000 },
  );
});

test.run();
