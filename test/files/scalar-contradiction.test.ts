import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pick, seeded } from '../../scripts/random.js';
import { compileAll } from '../../src/evaluation/clause.js';
import { scalarContradictionIn } from '../../src/files/scalar-contradiction.js';
import type { AttributeClause, Clause } from '../../src/model/clause.js';
import type { AttributeType } from '../../src/model/project.js';
import type { Scalar } from '../../src/model/values.js';
import { flagsRepository, run } from '../cli/run.js';

const test = suite('clauses that contradict each other by the declared types');
const DE = { attribute: 'country', equals: 'DE' };
const FR = { attribute: 'country', equals: 'FR' };

function contradicts(type: AttributeType, ...clauses: readonly Clause[]): boolean {
  return scalarContradictionIn(clauses, { country: type }) !== undefined;
}

test('one value cannot be two', () => {
  assert.ok(contradicts('string', DE, FR));
  assert.ok(contradicts(['DE', 'FR'], { all: [DE] }, { attribute: 'country', in: ['FR', 'IT'] }));
  assert.ok(contradicts('string', DE, { attribute: 'country', startsWith: 'F' }));
  assert.ok(contradicts('string', { ...DE, ignoreCase: true }, { ...FR, ignoreCase: true }));
  assert.ok(
    contradicts(
      'string',
      { attribute: 'country', in: ['DE', 'FR'] },
      { attribute: 'country', notIn: ['DE'] },
      DE,
    ),
  );
  assert.ok(contradicts('number', { attribute: 'country', lt: 5, gte: 5 }));
  assert.ok(contradicts('date', { attribute: 'country', after: '2027-01-01T00:00:00Z', before: 1 }));
});

test('what one value may be, what may be a list and what is not declared is no contradiction', () => {
  assert.not.ok(contradicts('list', DE, FR));
  assert.is(scalarContradictionIn([DE, FR], {}), undefined);
  const inherited = [DE, FR].map((clause) => ({ ...clause, attribute: 'constructor' }));
  assert.is(scalarContradictionIn(inherited, {}), undefined);
  const anyCase = { attribute: 'country', equals: 'de', ignoreCase: true };
  assert.not.ok(contradicts('string', anyCase, DE));
  assert.not.ok(contradicts('string', anyCase, { attribute: 'country', notEquals: 'de' }));
  assert.not.ok(contradicts('string', DE, { any: [DE, FR] }));
  assert.not.ok(contradicts('string', DE, { not: FR }));
  assert.not.ok(contradicts('number', { attribute: 'country', lte: 5, gte: 5 }));
});

const TYPES: readonly AttributeType[] = [
  'string',
  'number',
  'boolean',
  'date',
  'semver',
  ['a', 'A', 1, true],
];
const TEXTS = ['a', 'A', 'ab', 'İ', 'ß', 'SS', '1', '1.2.0', '2.0.0', '2027-01-01T00:00:00Z', ''];
const NUMBERS = [0, 1, 1.5, 2, 1_798_761_600_000];
const SCALARS: readonly Scalar[] = [...TEXTS, ...NUMBERS, true, false];

test('a rule that is said to mean nobody means none of whom the types allow', () => {
  const next = seeded(7);
  const any = <Item>(items: readonly Item[]): Item => pick(next, items);
  const oneTest = (): Partial<AttributeClause> =>
    any([
      () => ({ equals: any(SCALARS) }),
      () => ({ in: [any(SCALARS), any(SCALARS), any(SCALARS)] }),
      () => ({ notEquals: any(SCALARS) }),
      () => ({ notIn: [any(SCALARS), any(SCALARS)] }),
      () => ({ startsWith: any(TEXTS) }),
      () => ({ contains: any(TEXTS) }),
      () => ({ notContains: any(TEXTS) }),
      () => ({ matches: any(['^a', 'A$', '\\d']) }),
      () => ({ [any(['lt', 'lte', 'gt', 'gte'])]: any(NUMBERS) }),
      () => ({ [any(['before', 'after'])]: any([1, '2027-01-01T00:00:00Z']) }),
      () => ({ [any(['semverLt', 'semverGte'])]: any(['1.2.0', '2.0.0']) }),
      () => ({ exists: next() < 0.5 }),
      () => ({ includesAny: [any(SCALARS)] }),
    ])();
  const clause = (): Clause => {
    const made: AttributeClause = { attribute: 'x', ...oneTest(), ...oneTest(), ignoreCase: next() < 0.4 };
    const shape = next();
    if (shape < 0.1) return { not: made };
    if (shape < 0.2) return { any: [made, clause()] };
    return shape < 0.3 ? { all: [made, clause()] } : made;
  };
  let told = 0;
  for (let turn = 0; turn < 3_000; turn += 1) {
    const type = any(TYPES);
    const clauses = [clause(), clause()];
    if (scalarContradictionIn(clauses, { x: type }) === undefined) continue;
    told += 1;
    const condition = compileAll(clauses, { flags: new Map(), segments: new Map() });
    for (const x of [undefined, ...SCALARS, 'aB', 'B', 'i̇', 'ss']) {
      const holds =
        typeof condition === 'boolean' ? condition : condition(x === undefined ? {} : { x }, 0, undefined);
      assert.not.ok(holds, JSON.stringify({ type, clauses, x }));
    }
  }
  assert.ok(told > 500, `${told} contradictions were found`);
});

test('validate tells it once, at the rule or the segment, where the project declares the attribute', async () => {
  const path = 'flags/acme/web-app/flags/nobody.yaml';
  const rules = (when: readonly Clause[]) =>
    `environments:\n  production:\n    enabled: true\n    rules:\n      - id: both\n        when: ${JSON.stringify(when)}\n`;
  const project = (type: string) =>
    `environments: [development, production]\nattributes: { country: ${type} }\n`;
  const segment = 'flags/acme/web-app/segments/nobody.yaml';
  const told = async (type: string, when: readonly Clause[]) => {
    const cwd = flagsRepository({
      [path]: rules(when),
      [segment]: `when: ${JSON.stringify(when)}\n`,
      'flags/acme/web-app/project.yaml': project(type),
    });
    return (await run(['validate'], { cwd })).out.split('\n').filter((line) => / UNREACHABLE: /.test(line));
  };
  const limit = 'attribute country cannot pass all of its tests as the one value that project.yaml declares';
  assert.equal(await told('string', [DE, FR]), [
    `${path}:5:9: warning UNREACHABLE: environments.production.rules[0]: rule both never applies: ${limit}`,
    `${segment}:1:1: warning UNREACHABLE: when: nobody can be meant: ${limit}`,
  ]);
  assert.is((await told('list', [DE, FR])).length, 0);
  assert.is((await told('string', [DE, { attribute: 'country', notEquals: 'DE' }])).length, 2);
});

test.run();
