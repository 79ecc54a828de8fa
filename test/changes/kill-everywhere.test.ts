import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { parseText } from '../../src/files/parse.js';
import { printYaml } from '../../src/files/print.js';
import type { FlagFile, FlagType } from '../../src/model/flag.js';
import type { JsonObject, JsonValue } from '../../src/model/values.js';
import { flag, production, project, texts } from './drafted.js';

const test = suite('a kill of any flag in any environment (DESIGN 6)');

const kill: Change = { kind: 'flag.kill', project, flag, environment: production };

const VALUES: Readonly<Record<FlagType, JsonValue>> = { boolean: true, string: 'x', number: 7, object: {} };

/** Flags that are good, of all types, with and without variants `on` and `off`, an off variant, and the environment. */
const someFlag = fc
  .record({
    type: fc.constantFrom<FlagType>('boolean', 'string', 'number', 'object'),
    names: fc.uniqueArray(fc.constantFrom('on', 'off', 'a', 'b'), { minLength: 1 }),
    hasVariants: fc.boolean(),
    hasOffVariant: fc.boolean(),
    environments: fc.subarray(['staging', 'production']),
  })
  .map(({ type, names, hasVariants, hasOffVariant, environments }): JsonObject => {
    const isPlain = type === 'boolean' && !hasVariants;
    const variants = Object.fromEntries(names.map((name) => [name, VALUES[type]]));
    const first = isPlain ? 'off' : (names[0] ?? 'on');
    return {
      type,
      ...(isPlain ? {} : { variants }),
      ...(hasOffVariant ? { offVariant: first } : {}),
      environments: Object.fromEntries(environments.map((name) => [name, { enabled: true, serve: first }])),
    };
  });

function readFlag(text: string | null | undefined): FlagFile {
  const { value, problems } = parseText('flag', text ?? '');
  assert.equal(problems, [], text ?? '');
  return value as FlagFile;
}

test('a good file becomes a good file in which the environment is killed, and no other says anything else', () => {
  fc.assert(
    fc.property(someFlag, (value) => {
      const text = printYaml(value);
      const before = readFlag(text);
      const after = readFlag(texts({ 'flags/a.yaml': text }, kill)['flags/a.yaml']);
      assert.is(after.environments.production?.killed, true);
      const { production: _, ...others } = after.environments;
      const { production: __, ...old } = before.environments;
      assert.equal({ ...after, environments: others }, { ...before, environments: old });
    }),
    { numRuns: 500, seed: 20_260_115 },
  );
});

const unnamed = (more: string, block = ''): string =>
  `type: string\n${more}variants: { a: x, b: z }\nenvironments:\n  staging: { enabled: true, serve: a }\n${block}`;

test('a new block of a flag without a variant on serves its off variant, or nothing', () => {
  const killed = (more: string) => texts({ 'flags/a.yaml': unnamed(more) }, kill)['flags/a.yaml'];
  const block = (serve: string) => `  production: { enabled: false, killed: true, serve: ${serve} }\n`;
  assert.is(killed(''), unnamed('', block('null')));
  assert.is(killed('offVariant: b\n'), unnamed('offVariant: b\n', block('b')));
});

test('a first rule makes such a block as well', () => {
  const rule: Change = {
    kind: 'rule.create',
    ...{ project, flag, environment: production },
    rule: { id: 'canary', percentage: 5, serve: 'a' },
    before: null,
  };
  const after = readFlag(texts({ 'flags/a.yaml': unnamed('') }, rule)['flags/a.yaml']);
  assert.is(after.environments.production?.serve, null);
});

test.run();
