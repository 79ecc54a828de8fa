import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFile } from '../../src/files/parse.js';
import { formatProblem } from '../../src/model/problem.js';
import { BAD_CLAUSES } from './bad-clauses.js';
import type { BadFile } from './bad-file.js';
import { BAD_MEANING } from './bad-meaning.js';
import { BAD_MEANING_OTHERS } from './bad-meaning-others.js';
import { BAD_SHAPE } from './bad-shape.js';
import { BAD_SHAPE_OTHERS } from './bad-shape-others.js';
import { BAD_TEXT } from './bad-text.js';
import { BAD_YAML } from './bad-yaml.js';

const test = suite('bad files');
const ALL: readonly BadFile[] = [
  ...BAD_TEXT,
  ...BAD_YAML,
  ...BAD_SHAPE,
  ...BAD_SHAPE_OTHERS,
  ...BAD_CLAUSES,
  ...BAD_MEANING,
  ...BAD_MEANING_OTHERS,
];

for (const { name, kind, content, problems } of ALL) {
  test(`${name} is told at its place (${kind}; DESIGN 3, RELIABILITY 3)`, () => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const file = parseFile(kind, bytes);
    const told = file.problems.map(
      ({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`,
    );
    assert.equal(
      told,
      problems,
      file.problems.map((problem) => formatProblem({ path: name, ...problem })).join('\n'),
    );
    const isBroken = problems.some((problem) => problem.includes(' error '));
    assert.is(file.value === undefined, isBroken);
  });
}

test('each sentence is one line without a full stop, and says something', () => {
  for (const { name, kind, content } of ALL) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    for (const { message } of parseFile(kind, bytes).problems) {
      assert.match(message, /^[^\n]{10,}[^.\n]$/, name);
    }
  }
});

test('at least 100 kinds of bad input are told (P9)', () => {
  assert.ok(new Set(ALL.map(({ name }) => name)).size >= 100);
});

test.run();
