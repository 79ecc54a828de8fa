import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTooLongToCompare, unifiedDiff, unifiedDiffInTurns } from '../../src/changes/text-diff.js';

const test = suite('unified diffs');

const FILE = 'flags/acme/web-app/flags/a.yaml';
const LINES = Array.from({ length: 30 }, (_, place) => `line ${place}\n`).join('');
const LONG = Array.from({ length: 3000 }, (_, place) => `old ${place}\n`).join('');
const PAIRS: Readonly<Record<string, readonly [string | null, string | null]>> = {
  'a line': ['a: 1\n', 'a: 2\n'],
  'lines far apart': [LINES, LINES.replace('line 3\n', '').replace('line 27\n', 'LINE 27\nmore\n')],
  'a file that comes': [null, 'a: 1\nb: 2\n'],
  'a file that goes': ['a: 1\nb: 2\n', null],
  'a last line without an end': ['a: 1\nb: 2', 'a: 1\nb: 3'],
  'an end that comes': ['a: 1', 'a: 1\n'],
  'an end that goes': ['a: 1\n', 'a: 1'],
  'line ends of Windows': ['a: 1\r\nb: 2\r\n', 'a: 1\r\nb: 3\r\n'],
  'line ends that change': ['a: 1\r\n', 'a: 1\n'],
  'all lines of a long file': [LONG, Array.from({ length: 3000 }, (_, place) => `new ${place}\n`).join('')],
  'all lines of a long file without ends': [`${'old\n'.repeat(3000)}old`, `${'new\n'.repeat(3000)}new`],
  'a long file that comes': [null, LONG],
  'a long file that goes': [LONG, null],
  'a long text from nothing': ['', LONG],
  'a long text to nothing': [LONG, ''],
  'a text from nothing': ['', 'a: 1\n'],
  'a text to nothing': ['a: 1\n', ''],
};

for (const [what, [before, after]] of Object.entries(PAIRS)) {
  test(`${what}: git applies it, and reads the same as from its own`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'diff-'));
    const file = path.join(folder, FILE);
    mkdirSync(path.dirname(file), { recursive: true });
    if (before !== null) writeFileSync(file, before);
    const diff = unifiedDiff([{ path: FILE, before, after }]);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: diff });
    assert.is(readIfThere(file), after);
    rmSync(folder, { recursive: true });
  });
}

test('it looks as git prints it', () => {
  const diff = unifiedDiff([
    { path: 'flags/a.yaml', before: 'x: 1\ny: 2\n', after: 'x: 1\ny: 3' },
    { path: 'flags/b.yaml', before: null, after: 'x: 1\n' },
    { path: 'flags/c.yaml', before: 'x: 1\n', after: null },
    { path: 'flags/d.yaml', before: 'x: 1\n', after: 'x: 1\n' },
    { path: 'flags/e.yaml', before: null, after: '' },
  ]);
  assert.is(
    diff,
    `diff --git a/flags/a.yaml b/flags/a.yaml
--- a/flags/a.yaml
+++ b/flags/a.yaml
@@ -1,2 +1,2 @@
 x: 1
-y: 2
+y: 3
\\ No newline at end of file
diff --git a/flags/b.yaml b/flags/b.yaml
new file mode 100644
--- /dev/null
+++ b/flags/b.yaml
@@ -0,0 +1 @@
+x: 1
diff --git a/flags/c.yaml b/flags/c.yaml
deleted file mode 100644
--- a/flags/c.yaml
+++ /dev/null
@@ -1 +0,0 @@
-x: 1
diff --git a/flags/e.yaml b/flags/e.yaml
new file mode 100644
`,
  );
});

const ODD_PATHS = [
  'ä.yaml',
  'a b.yaml',
  'ä b.yaml',
  'a"b.yaml',
  'a\\b.yaml',
  'a\tb.yaml',
  'a\u0001\u007fb.yaml',
  '日本.yaml',
];

for (const name of ODD_PATHS) {
  test(`the path ${JSON.stringify(name)} is written as git writes it (core.quotePath)`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'diff-'));
    const git = (...args: readonly string[]): string => {
      return execFileSync('git', ['-c', 'core.abbrev=40', ...args], { cwd: folder, encoding: 'utf8' });
    };
    git('init', '--quiet');
    writeFileSync(path.join(folder, name), 'a: 1\n');
    git('add', '.');
    writeFileSync(path.join(folder, name), 'a: 2\n');
    const theirs = git('diff', '--no-ext-diff').replace(/^index .*\n/m, '');
    assert.is(unifiedDiff([{ path: name, before: 'a: 1\n', after: 'a: 2\n' }]), theirs);
    rmSync(folder, { recursive: true });
  });
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

test('in long texts the search gives others a turn at each step, and finds the same (P13)', async () => {
  const lines = Array.from({ length: 10_000 }, (_, number) => `- user-${number}`);
  const before = lines.join('\n');
  const after = lines.map((line, number) => (number % 100 === 0 ? `${line}!` : line)).join('\n');
  let turns = 0;
  let isDone = false;
  const next = (): void => {
    turns += 1;
    if (!isDone) setImmediate(next);
  };
  next();
  const found = await unifiedDiffInTurns([{ path: 'a.yaml', before, after }]);
  isDone = true;
  assert.is(found, unifiedDiff([{ path: 'a.yaml', before, after }]));
  assert.ok(turns > 200, `${turns} turns`);
  const rewritten = [{ path: 'a.yaml', before, after: before.replaceAll('user', 'company') }];
  assert.is(await unifiedDiffInTurns(rewritten), unifiedDiff(rewritten));
  const short = [{ path: 'a.yaml', before: 'a\n', after: null }];
  assert.is(await unifiedDiffInTurns(short), unifiedDiff(short));
});

test('texts that are too long are not searched where others wait, and what came of the others is told (P13)', async () => {
  const before = `${'- user\n'.repeat(40_000)}`;
  const long = { path: 'a.yaml', before, after: `${before}- more\n` };
  const short = { path: 'b.yaml', before: 'a\n', after: 'b\n' };
  assert.ok(isTooLongToCompare(long));
  assert.not.ok(isTooLongToCompare({ ...long, after: before }));
  assert.is(
    await unifiedDiffInTurns([long, short]),
    `# a.yaml: 280000 characters before, 280007 after: too long to be compared here\n${unifiedDiff([short])}`,
  );
  assert.match(unifiedDiff([long]), /^\+- more$/m);
});

const TOO_LONG = '- user\n'.repeat(80_000);
const LONG_PAIRS: Readonly<Record<string, readonly [string | null, string | null]>> = {
  comes: [null, TOO_LONG],
  goes: [TOO_LONG, null],
  changes: [TOO_LONG, `${TOO_LONG}- more\n`],
};

for (const [what, [before, after]] of Object.entries(LONG_PAIRS)) {
  test(`git leaves a file alone that is too long and ${what}, and applies what stands around it`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'diff-'));
    const write = (name: string, text: string | null) =>
      text === null || writeFileSync(path.join(folder, name), text);
    const around = [
      { path: 'a.yaml', before: 'a: 1\n', after: 'a: 2' },
      { path: 'c.yaml', before: 'c: 1\n', after: null },
      { path: 'e.yaml', before: null, after: '' },
    ];
    const long = ['b d.yaml', 'd.yaml', 'z\n+.yaml'].map((name) => ({ path: name, before, after }));
    const pairs = [long[0], around[0], long[1], around[1], around[2], long[2]].flatMap((pair) => pair ?? []);
    for (const pair of pairs) write(pair.path, pair.before);
    execFileSync('git', ['apply', '-'], { cwd: folder, input: await unifiedDiffInTurns(pairs) });
    const got = pairs.map(({ path: name }) => readIfThere(path.join(folder, name)));
    assert.equal(got, [before, 'a: 2', before, null, '', before]);
    rmSync(folder, { recursive: true });
  });
}

test.run();
