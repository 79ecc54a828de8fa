import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Merge, mergeLines } from '../../src/changes/merge.js';

const test = suite('a change is made to a text that has changed as well');

const FROM = 'a\nb\nc\nd\ne\n';

test('changes of other lines come together, the same change is no conflict', () => {
  assert.is(mergeLines({ current: 'A\nb\nc\nd\ne\n', from: FROM, to: 'a\nb\nc\nd\nE\n' }), 'A\nb\nc\nd\nE\n');
  assert.is(mergeLines({ current: 'a\nb\nX\nd\ne\n', from: FROM, to: 'a\nb\nX\nd\nE\n' }), 'a\nb\nX\nd\nE\n');
  assert.is(mergeLines({ current: FROM, from: FROM, to: 'x' }), 'x');
  assert.is(mergeLines({ current: '', from: '', to: 'x\n' }), 'x\n');
});

test('changes of the same lines conflict', () => {
  assert.is(mergeLines({ current: 'a\nX\nc\nd\ne\n', from: FROM, to: 'a\nY\nc\nd\ne\n' }), undefined);
  assert.is(mergeLines({ current: 'a\nc\nd\ne\n', from: FROM, to: 'a\nY\nc\nd\ne\n' }), undefined);
  assert.is(mergeLines({ current: 'X\n', from: '', to: 'Y\n' }), undefined);
});

test('line ends stay as they are, and change as a whole', () => {
  const windows = (text: string): string => text.replaceAll('\n', '\r\n');
  const [current, to, merged] = ['A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n', 'A\nb\nc\nd\nE\n'];
  assert.is(mergeLines({ current: windows(current), from: windows(FROM), to: windows(to) }), windows(merged));
  assert.is(mergeLines({ current: windows(current), from: FROM, to }), windows(merged));
  assert.is(mergeLines({ current, from: windows(FROM), to }), merged);
  assert.is(mergeLines({ current, from: FROM, to: windows(to) }), windows(merged));
  assert.is(mergeLines({ current: 'A\r\nb\nc\n', from: 'a\r\nb\nc\n', to: 'a\r\nb\nC\n' }), 'A\r\nb\nC\n');
});

test('whether the last line has an end is kept, and changes by itself', () => {
  assert.is(mergeLines({ current: 'A\nb\nc', from: 'a\nb\nc', to: 'a\nb\nC' }), 'A\nb\nC');
  assert.is(mergeLines({ current: 'A\nb\nc\n', from: 'a\nb\nc', to: 'a\nb\nC' }), 'A\nb\nC\n');
  assert.is(mergeLines({ current: 'A\nb\nc\n', from: 'a\nb\nc\n', to: 'a\nb\nC' }), 'A\nb\nC');
});

test('texts of many equal lines hold nobody up: they conflict', () => {
  const many = (line: string): string => `${line}\n${'- x\n'.repeat(200_000)}${line}\n`;
  assert.is(mergeLines({ current: many('a'), from: many('b'), to: many('c') }), undefined);
  const long = Array.from({ length: 20_000 }, (_, place) => `- ${place}\n`).join('');
  assert.is(
    mergeLines({ current: `A\n${long}b\n`, from: `a\n${long}b\n`, to: `a\n${long}B\n` }),
    `A\n${long}B\n`,
  );
});

test('changes far apart in a long text of lines that look alike come together, as in git', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'merge-'));
  const entries = Array.from({ length: 3000 }, (_, place) => `- users: [u-${place}]\n  serve: on\n`);
  const withNotes = (...places: readonly number[]): string =>
    entries.map((entry, place) => entry + (places.includes(place) ? `  reason: ${place}\n` : '')).join('');
  const far = { current: withNotes(10, 1500, 2990), from: withNotes(1500), to: withNotes(1500, 20, 2000) };
  assert.ok(mergeLines(far) === withNotes(10, 20, 1500, 2000, 2990));
  assert.ok(mergeLines(far) === gitMerge(folder, far));
  const same = { current: withNotes(10, 2000), from: withNotes(10, 2990), to: withNotes(2000, 2990) };
  assert.ok(mergeLines(same) === withNotes(2000), 'each took one back, and both made the third');
  const off = far.current.replace('u-2000]\n  serve: on\n', 'u-2000]\n  serve: off\n');
  assert.ok(mergeLines({ ...far, current: off }) === undefined, 'neighbours conflict, as in git');
  assert.is(gitMerge(folder, { ...far, current: off }), undefined);
  rmSync(folder, { recursive: true });
});

test('where git merges, the same text comes out; where this merges, git does or calls neighbours a conflict', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'merge-'));
  const line = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  const text = fc.array(line, { minLength: 4, maxLength: 8 }).map((lines) => `${lines.join('\n')}\n`);
  fc.assert(
    fc.property(text, text, text, (current, from, to) => {
      const [own, theirs] = [mergeLines({ current, from, to }), gitMerge(folder, { current, from, to })];
      if (own !== undefined && theirs !== undefined) assert.is(own, theirs);
    }),
    { numRuns: 60, seed: 20_260_115 },
  );
  const merges: readonly Merge[] = [
    { current: 'A\nb\nc\nd\ne\n', from: FROM, to: 'a\nb\nc\nd\n' },
    { current: 'a\nb\nc\nd\ne\nf\n', from: FROM, to: 'a\nc\nd\ne\n' },
  ];
  for (const merge of merges) assert.is(mergeLines(merge), gitMerge(folder, merge));
  rmSync(folder, { recursive: true });
});

/** What `git merge-file` makes of it; undefined where it conflicts. */
function gitMerge(folder: string, merge: Merge): string | undefined {
  for (const [name, text] of Object.entries(merge)) writeFileSync(path.join(folder, name), text);
  try {
    return execFileSync('git', ['merge-file', '-p', '-q', 'current', 'from', 'to'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

test.run();
