import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { locate, locateAll, locateFindings } from '../../src/files/locate.js';
import type { Finding } from '../../src/files/parsed.js';

const test = suite('locate');

const TEXT = `# a comment
name: Dark mode
environments:
  production:
    enabled: true
    rules:
      - id: one
        when: [{ attribute: country, in: [DE, "AT"] }]
    serve: { on: 20, off: 80 }
`;

test('a value is where its text begins', () => {
  assert.equal(locate(TEXT, ['name']), { line: 2, column: 7 });
  assert.equal(locate(TEXT, ['environments', 'production', 'enabled']), { line: 5, column: 14 });
  assert.equal(locate(TEXT, ['environments', 'production', 'serve', 'off']), { line: 9, column: 27 });
  const at = ['environments', 'production', 'rules', 0, 'when', 0, 'in', 1];
  assert.equal(locate(TEXT, at), { line: 8, column: 47 });
});

test('a map or a list is where its key is, an entry of a list where it begins', () => {
  assert.equal(locate(TEXT, ['environments', 'production']), { line: 4, column: 3 });
  assert.equal(locate(TEXT, ['environments', 'production', 'rules']), { line: 6, column: 5 });
  assert.equal(locate(TEXT, ['environments', 'production', 'rules', 0]), { line: 7, column: 9 });
  assert.equal(locate(TEXT, []), { line: 2, column: 1 });
});

test('a pointer that leads nowhere is as near as the document goes', () => {
  assert.equal(locate(TEXT, ['environments', 'production', 'requires', 0]), { line: 4, column: 3 });
  assert.equal(locate('', ['name']), { line: 1, column: 1 });
  assert.equal(locate('name: [', ['name']), { line: 1, column: 1 });
});

test('line ends of both kinds count, and a byte order mark takes no column', () => {
  assert.equal(locate('a: 1\r\nb:\r\n  - c\r\n', ['b', 0]), { line: 3, column: 5 });
  assert.equal(locate('\uFEFFa: 1\n', ['a']), { line: 1, column: 4 });
});

test('columns are UTF-16 units', () => {
  assert.equal(locate('"🎌": [1, "🎌", 2]\n', ['🎌', 2]), { line: 1, column: 17 });
});

test('many places of one file are found in one reading, in the order of the question', () => {
  const entries = Array.from(
    { length: 20_000 },
    (_, place) => `- { users: [u-${place}], until: 2020-01-01 }\n`,
  );
  const places = entries.map((_, place) => [entries.length - 1 - place, 'until']);
  const found = locateAll(entries.join(''), places);
  assert.is(found.length, entries.length);
  assert.equal(found[0], { line: 20_000, column: 30 });
  assert.equal(found.at(-1), { line: 1, column: 26 });
});

test('findings of one file ask for its text once', () => {
  const asked: string[] = [];
  const finding: Finding = {
    path: 'a.yaml',
    at: ['name'],
    code: 'EXPIRED',
    severity: 'warning',
    message: 'x',
  };
  const problems = locateFindings(
    [finding, { ...finding, at: [] }, { ...finding, path: 'gone.yaml' }],
    (path) => {
      asked.push(path);
      return path === 'a.yaml' ? TEXT : undefined;
    },
  );
  assert.equal(asked, ['a.yaml', 'gone.yaml']);
  assert.equal(
    problems.map(({ path, line, column }) => `${path}:${line}:${column}`),
    ['a.yaml:2:7', 'a.yaml:2:1', 'gone.yaml:1:1'],
  );
});

test.run();
