import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LOADER, programOf } from '../support/program.js';

interface Folder {
  path: string;
}

const runner = suite<Folder>('scripts/test.ts');
const RUNNER = [...LOADER, programOf('scripts/test.ts')];
const IMPORTS = [
  `import { suite, test } from ${JSON.stringify(import.meta.resolve('uvu'))};`,
  `import * as assert from ${JSON.stringify(import.meta.resolve('uvu/assert'))};`,
];

runner.before.each((folder) => {
  folder.path = mkdtempSync(path.join(tmpdir(), 'flagstaff-runner-'));
});

runner.after.each((folder) => {
  rmSync(folder.path, { recursive: true, force: true });
});

/** Writes the files under `test/` of the folder, runs the runner there, and returns its exit code, last line and all it printed. */
function run(
  folder: string,
  files: Readonly<Record<string, readonly string[]>>,
  ...named: readonly string[]
) {
  for (const [name, lines] of Object.entries(files)) {
    const file = path.join(folder, 'test', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, [...IMPORTS, ...lines].join('\n'));
  }
  mkdirSync(path.join(folder, 'test'), { recursive: true });
  const child = spawnSync(process.execPath, [...RUNNER, ...named], {
    cwd: folder,
    encoding: 'utf8',
  });
  return {
    exitCode: child.status,
    last: child.stdout.trimEnd().split('\n').at(-1),
    output: child.stdout + child.stderr,
  };
}

const GOOD = ["test('works', () => assert.is(1, 1));", 'test.run();'];

runner('good files pass, in every folder, and the last line counts their tests', ({ path: folder }) => {
  const two = ["test('one', () => {});", "test('two', async () => {});", 'test.run();'];
  const { exitCode, last } = run(folder, { 'a.test.ts': GOOD, 'deep/er/b.test.ts': two, 'c.ts': ['('] });
  assert.is(last, '3 passed, 0 failed');
  assert.is(exitCode, 0);
});

runner('a failure names the line of the source, whatever became of it on the way', ({ path: folder }) => {
  const bad = [
    'interface Wanted {',
    '  readonly is: number;',
    '}',
    "test('fails', () => {",
    '  const wanted: Wanted = { is: 2 };',
    '  assert.is(1, wanted.is);',
    '});',
    'test.run();',
  ];
  const { output } = run(folder, { 'deep/a.test.ts': bad });
  assert.match(output, `${path.join(folder, 'test/deep/a.test.ts')}:8:10)`);
});

runner(
  'a file that is gone is gone for the tests too, and one that changed has changed',
  ({ path: folder }) => {
    const user = [
      "import { is } from './value.js';",
      "test('works', () => assert.is(is, 2));",
      'test.run();',
    ];
    const files = { 'a.test.ts': user, 'value.ts': ['export const is: number = 1;'] };
    assert.is(run(folder, files).last, '0 passed, 1 failed');
    assert.is(run(folder, { 'value.ts': ['export const is: number = 2;'] }).last, '1 passed, 0 failed');
    rmSync(path.join(folder, 'test/value.ts'));
    assert.match(run(folder, {}).output, 'ERR_MODULE_NOT_FOUND');
  },
);

runner('only the files named on the command line run', ({ path: folder }) => {
  const bad = ["test('fails', () => assert.is(1, 2));", 'test.run();'];
  const { exitCode, last } = run(folder, { 'a.test.ts': GOOD, 'b.test.ts': bad }, 'test/a.test.ts');
  assert.is(last, '1 passed, 0 failed');
  assert.is(exitCode, 0);
});

runner('a failing test is counted, and the output of its file is printed whole', ({ path: folder }) => {
  const bad = [
    "console.log('printed by the file');",
    "test('fails', () => assert.is(1, 2));",
    "test('works', () => {});",
    'test.run();',
  ];
  const { exitCode, last, output } = run(folder, { 'a.test.ts': GOOD, 'b.test.ts': bad });
  assert.is(last, '2 passed, 1 failed');
  assert.is(exitCode, 1);
  assert.match(output, 'printed by the file');
  assert.match(output, 'FAIL  "fails"');
});

/** What uvu 0.5.6 lets pass with exit code 0, and the reason that the runner gives. */
const CHEATS: readonly (readonly [title: string, lines: readonly string[], reason: RegExp])[] = [
  ['a file that forgets .run()', ["test('never', () => {});"], /test\.run\(\) is missing/],
  ['a file without any test', ['export const nothing = suite;'], /no summary/],
  ['a suite without tests', ['test.run();'], /no test ran/],
  [
    'a second suite that forgets .run()',
    [...GOOD, "const other = suite('other');", "other('never', () => {});"],
    /other\.run\(\) is missing/,
  ],
  [
    'a suite made under another name that forgets .run()',
    [
      `import { suite as s } from ${JSON.stringify(import.meta.resolve('uvu'))};`,
      ...GOOD,
      "const other = s('other');",
      "other('never', () => {});",
    ],
    /other\.run\(\) is missing/,
  ],
  ['a test after .run()', [...GOOD, "test('late', () => {});"], /stands after test\.run\(\)/],
  [
    'a before that throws',
    ["test.before(() => { throw new Error('no'); });", ...GOOD],
    /0 of 1 passed: a test failed, or a hook threw/,
  ],
  [
    'a test that throws a text',
    ["test('bad', () => { throw 'text'; });", ...GOOD],
    /0 of 2 passed: a test failed, or a hook threw/,
  ],
  ['a test that throws undefined', ["test('bad', () => { throw undefined; });", ...GOOD], /0 of 2 passed/],
  ['.only on one of two tests', ["test.only('mine', () => {});", ...GOOD], /line 3: test\.only is left in/],
  [
    '.only on the only test',
    ["test.only('mine', () => {});", 'test.run();'],
    /line 3: test\.only is left in/,
  ],
  ['.skip on a test', ["test.skip('later', () => {});", ...GOOD], /1 skipped; line 3: test\.skip is left in/],
  [
    'a process that ends early',
    ["test('bye', () => process.exit(0));", 'test.run();'],
    /exit code 1|no summary/,
  ],
  [
    'a process that is killed',
    ["test('bye', () => process.kill(process.pid, 'SIGKILL'));", 'test.run();'],
    /ended by SIGKILL/,
  ],
  ['a file that does not compile', ["test('bad', () => {"], /exit code 1/],
];

runner('what uvu lets pass fails here, each for its reason', ({ path: folder }) => {
  const files = Object.fromEntries(CHEATS.map(([title, lines]) => [`${title}.test.ts`, lines]));
  const { exitCode, last, output } = run(folder, files);
  for (const [title, , reason] of CHEATS) {
    const line = output.split('\n').find((text) => text.startsWith(`FAILED test/${title}.test.ts: `));
    assert.match(line ?? `no line for ${title}`, reason);
  }
  assert.match(last ?? '', /^\d+ passed, \d+ failed$/);
  assert.is(exitCode, 1);
});

runner('no file at all fails', ({ path: folder }) => {
  const { exitCode, last, output } = run(folder, {});
  assert.match(output, 'no test ran');
  assert.is(last, '0 passed, 0 failed');
  assert.is(exitCode, 1);
});

runner('the words only and skip in texts and of other objects are no mistakes', ({ path: folder }) => {
  const lines = [
    "const page = { skip: (rows: number) => rows, only: 'test.only(' };",
    "test('works', () => assert.is(page.skip(3), 3));",
    '// test.skip( is what nobody should write',
    'test.run();',
  ];
  const { exitCode, last } = run(folder, { 'a.test.ts': lines });
  assert.is(last, '1 passed, 0 failed');
  assert.is(exitCode, 0);
});

runner.run();
