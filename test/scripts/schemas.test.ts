import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generateSchemas, undescribed } from '../../scripts/schemas/generate.js';

const test = suite('schemas (DESIGN 3)');
const schemas = generateSchemas();

test('the committed schemas are those that the types give', () => {
  for (const { path, text } of schemas) {
    assert.is(
      readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'),
      text,
      `${path}: run npm run schemas`,
    );
  }
});

test('there is one for each kind of file, with a title and an id that is no real host', () => {
  assert.equal(
    schemas.map(({ path }) => path),
    ['flag', 'segment', 'overrides', 'tests', 'project', 'org', 'keys', 'flagstaff'].map(
      (name) => `schemas/${name}.json`,
    ),
  );
  for (const { schema } of schemas) {
    assert.match(schema.title ?? '', /^Flagstaff /);
    assert.match(schema.$id ?? '', /^https:\/\/flagstaff\.invalid\//);
    assert.is(schema.$schema, 'http://json-schema.org/draft-07/schema#');
  }
});

test('every property says what it is', () => {
  assert.equal(
    schemas.flatMap(({ schema }) => undescribed(schema)),
    [],
  );
  const bare = { type: 'object', properties: { a: { type: 'string' } }, definitions: { B: {} } } as const;
  assert.equal(undescribed(bare), ['#/properties/a', '#/definitions/B']);
});

test('every map of fields is closed', () => {
  const open = schemas.flatMap(({ schema }) =>
    [schema, ...Object.values(schema.definitions ?? {})].filter(
      (node) =>
        typeof node === 'object' && node.properties !== undefined && node.additionalProperties !== false,
    ),
  );
  assert.equal(open, []);
});

test('the keys of a map are of the form that their type has', () => {
  const schema: object = schemas.find(({ path }) => path === 'schemas/flag.json')?.schema ?? {};
  const flag = new Ajv({ strict: false }).compile(schema);
  assert.ok(flag({ environments: { production: { enabled: true, serve: { on: 1, off: 1 } } } }));
  const wrong = [
    { environments: { Production: { enabled: true } } },
    { environments: { production: { enabled: true, serve: { '1st': 1 } } } },
    { variants: { 'a b': true }, environments: {} },
    { metadata: JSON.parse('{ "__proto__": 1 }'), environments: {} },
  ];
  for (const value of wrong) assert.not.ok(flag(value), JSON.stringify(value));
});

test.run();
