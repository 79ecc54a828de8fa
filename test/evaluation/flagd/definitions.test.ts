import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../../src/evaluation/compiled.js';
import type { Inexpressible } from '../../../src/evaluation/flagd/inexpressible.js';
import type { AttributeClause, Clause } from '../../../src/model/clause.js';
import type { EnvironmentState, FlagFile } from '../../../src/model/flag.js';
import type { JsonValue } from '../../../src/model/values.js';
import { type ProjectParts, snapshotOf } from '../../support/cases.js';
import { allDefinitions, coresOf } from '../../support/flagd-proof.js';
import { production } from '../forms.js';

test('a flag that answers all callers alike has no targeting, and its default variant is the answer', () => {
  assert.equal(definitionOf({ enabled: true }), {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'on',
  });
  assert.equal(definitionOf({ enabled: true, killed: true }).defaultVariant, 'off');
});

test('what gives the default of the caller because it is disabled is DISABLED in flagd too', () => {
  const file: FlagFile = { type: 'number', variants: { one: 1 }, environments: {} };
  assert.equal(definitionsOf({ flags: { f: file } }).f, {
    state: 'DISABLED',
    variants: { one: 1 },
    defaultVariant: null,
  });
});

test('metadata of the flag travels along', () => {
  const file: FlagFile = { metadata: { ticket: 'PAY-1' }, environments: { production: { enabled: true } } };
  assert.equal(definitionsOf({ flags: { f: file } }).f, {
    state: 'ENABLED',
    variants: { on: true, off: false },
    defaultVariant: 'on',
    metadata: { ticket: 'PAY-1' },
  });
});

test('who is served by the rest gets the default variant, so flagd says DEFAULT as we do', () => {
  const rules = [{ id: 'german', when: [{ attribute: 'country', equals: 'DE' }] }];
  const definition = definitionOf({ enabled: true, rules, serve: 'off' });
  assert.is(definition.defaultVariant, 'off');
  assert.equal(definition.targeting, {
    if: [{ in: ['DE', { merge: [{ var: 'country' }] }] }, 'on', null],
  });
});

test('where a rule gives the default of the caller, flagd has no default variant', () => {
  const rules = [{ id: 'german', when: [{ attribute: 'country', equals: 'DE' }], serve: null }];
  const definition = definitionOf({ enabled: true, rules, serve: 'off' });
  assert.is(definition.defaultVariant, null);
  assert.equal((definition.targeting as { if: JsonValue[] }).if.slice(1), [null, 'off']);
});

const FOREIGN: readonly AttributeClause[] = [
  { attribute: 'x', matches: '^D' },
  { attribute: 'x', cidr: '10.0.0.0/8' },
  { attribute: 'x', before: '2026-01-01T00:00:00Z' },
  { attribute: 'x', after: 0 },
  { attribute: 'x', semverEq: '1.0.0' },
  { attribute: 'x', semverLt: '1.0.0' },
  { attribute: 'x', semverLte: '1.0.0' },
  { attribute: 'x', semverGt: '1.0.0' },
  { attribute: 'x', semverGte: '1.0.0' },
  { attribute: 'x', semverRange: '^1' },
  { attribute: 'x', startsWith: 'ä' },
  { attribute: 'x', endsWith: 'ä' },
];

for (const clause of FOREIGN) {
  const construct = Object.keys(clause)[1] ?? '';
  test(`${construct} ${JSON.stringify(Object.values(clause)[1])} is refused by name`, () => {
    assert.equal(placesOf(refusedOf([clause])), [{ step: 'rule', rule: 'it', construct }]);
  });
}

for (const attribute of ['app.version', 'a\\b', '../x', '5', 'constructor', '__proto__', '$flagd']) {
  test(`the attribute ${attribute}, which flagd finds elsewhere, is refused by name`, () => {
    assert.equal(placesOf(refusedOf([{ attribute, exists: true }])), [
      { step: 'rule', rule: 'it', construct: 'attribute' },
    ]);
  });
}

test('comparing without regard to case is refused by name', () => {
  const refused = refusedOf([{ attribute: 'x', equals: 'DE', ignoreCase: true }]);
  assert.equal(placesOf(refused), [{ step: 'rule', rule: 'it', construct: 'ignoreCase' }]);
});

test('a salt that is not ASCII and a path to bucket by are refused by name', () => {
  const state = { enabled: true, serve: { on: 1, off: 1 } };
  const salted: FlagFile = { salt: 'größe', environments: { production: state } };
  const led: FlagFile = { bucketBy: 'user.id', environments: { production: state } };
  const { refused } = definitionsAndRefused({ flags: { led, salted } });
  assert.equal(placesOf(refused), [
    { step: 'serve', construct: 'bucketBy' },
    { step: 'serve', construct: 'salt' },
  ]);
});

test('e-mail addresses in overrides and segments are refused by name', () => {
  const { refused } = definitionsAndRefused({
    flags: {
      f: { environments: { production: { enabled: true, segments: ['s'], serve: 'off' } } },
    },
    segments: { s: { exclude: { users: ['marc@example.com'] }, when: [{ attribute: 'x', exists: true }] } },
    overrides: { f: [{ users: ['marc@example.com'] }] },
  });
  assert.equal(placesOf(refused), [
    { step: 'override', construct: 'users' },
    { step: 'segment', construct: 'users' },
  ]);
});

test('a flag that asks one which cannot be expressed cannot be expressed either; the others can', () => {
  const { definitions, refused } = definitionsAndRefused({
    flags: {
      asking: { environments: { production: { enabled: true, requires: ['foreign'] } } },
      foreign: ruled([{ attribute: 'x', matches: '^D' }]),
      good: { environments: { production: { enabled: true } } },
    },
  });
  assert.equal(Object.keys(definitions), ['good']);
  assert.equal(
    refused.map(({ flag, environment, step, construct }) => ({ flag, environment, step, construct })),
    [
      { flag: 'asking', environment: 'production', step: 'requires', construct: 'flag' },
      { flag: 'foreign', environment: 'production', step: 'rule', construct: 'matches' },
    ],
  );
});

test('what decides nothing hinders nothing: rules of a killed flag, a rule after one for everybody', () => {
  const foreign = { id: 'it', when: [{ attribute: 'x', matches: '^D' }] };
  assert.is(definitionOf({ enabled: true, killed: true, rules: [foreign] }).defaultVariant, 'off');
  const definition = definitionOf({ enabled: true, rules: [{ id: 'all' }, foreign] });
  assert.equal(definition.targeting, { if: [true, 'on', null] });
});

test('a flag whose definition would be too large is refused by name', () => {
  const users = Array.from({ length: 50 }, (_, number) => `u-${number}`);
  const environment = compiled({
    flags: { a: ruled([{ segment: 's' }]), b: ruled([{ segment: 's' }]), c: ruled([{ segment: 'none' }]) },
    segments: { s: { include: { users } } },
  });
  const whole = (limits: { readonly flag: number; readonly environment: number }) => {
    const { flags, refused } = allDefinitions(environment, limits);
    return { kept: [...flags.keys()], refused: refused.map((one) => `${one.flag} ${one.construct}`) };
  };
  assert.equal(whole({ flag: 1000, environment: 10_000 }), { kept: ['c'], refused: ['a size', 'b size'] });
  assert.equal(whole({ flag: 10_000, environment: 2000 }), { kept: ['a', 'c'], refused: ['b size'] });
});

test('the limits count every byte of what is kept, also in texts that JSON writes longer', () => {
  const rules = [{ id: 'it', when: [{ attribute: 'x', in: ['"\u0001é', 1.5, true] }] }];
  const file: FlagFile = {
    variants: { on: true, 'so-so': true },
    environments: { production: { enabled: true, rules } },
  };
  const environment = compiled({ flags: { f: file } });
  const [definition = ''] = allDefinitions(environment).flags.values();
  const bytes = Buffer.byteLength(definition);
  assert.is(allDefinitions(environment, { flag: bytes, environment: bytes }).flags.size, 1);
  assert.is(allDefinitions(environment, { flag: bytes - 1, environment: bytes }).flags.size, 0);
});

test('texts that look like references to evaluators stay texts', () => {
  const text = '{"$ref":"it"} $& $$';
  const environment = compiled({ flags: { f: ruled([{ attribute: 'x', equals: text }]) } });
  const [core] = coresOf(allDefinitions(environment));
  assert.is(core?.resolveBooleanEvaluation('f', false, { x: text }).variant, 'on');
  assert.is(core?.resolveBooleanEvaluation('f', true, { x: 'other' }).variant, 'off');
});

function ruled(when: readonly Clause[]): FlagFile {
  return { environments: { production: { enabled: true, rules: [{ id: 'it', when }], serve: 'off' } } };
}

function refusedOf(when: readonly Clause[]): readonly Inexpressible[] {
  return definitionsAndRefused({ flags: { f: ruled(when) } }).refused;
}

/** Without the sentences. */
function placesOf(refused: readonly Inexpressible[]): readonly object[] {
  return refused.map(({ step, rule, construct }) => ({
    step,
    ...(rule === undefined ? {} : { rule }),
    construct,
  }));
}

function definitionOf(state: EnvironmentState): Record<string, JsonValue> {
  const definition = definitionsOf({ flags: { f: { environments: { production: state } } } }).f;
  if (definition === undefined) throw new Error('the flag was refused');
  return definition;
}

function definitionsOf(parts: ProjectParts): Record<string, Record<string, JsonValue>> {
  return definitionsAndRefused(parts).definitions;
}

function definitionsAndRefused(parts: ProjectParts): {
  readonly definitions: Record<string, Record<string, JsonValue>>;
  readonly refused: readonly Inexpressible[];
} {
  const { flags, refused } = allDefinitions(compiled(parts));
  const definitions = [...flags].map(([key, definition]) => [key, JSON.parse(definition)]);
  return { definitions: Object.fromEntries(definitions), refused };
}

function compiled(parts: ProjectParts): CompiledEnvironment {
  return production(compileNow(snapshotOf(parts)));
}

test.run();
