import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagPartsInSteps, partIdentity } from '../../../src/changes/difference/parts.js';
import { finish } from '../../../src/changes/difference/steps.js';
import { judgeText } from '../../../src/files/parse.js';
import { readYaml } from '../../../src/files/yaml-text.js';
import type { FlagFile } from '../../../src/model/flag.js';
import type { OverridesFile } from '../../../src/model/override.js';
import { differencesIn, PATHS } from './told.js';

const FLAG = `description: Redesigned
tags: [web]
metadata: { ticket: PAY-1 }
variants: { on: true, off: false }
environments:
  staging: { enabled: false }
  production:
    enabled: true
    killed: false
    segments: [beta]
    requires: [theme]
    rules: [{ id: canary, percentage: 20 }]
    serve: { on: 1, off: 3 }
`;
const OVERRIDES =
  '[{ users: [u-1], until: 2027-01-31 }, { companies: [c-1], environments: [production], serve: off }]';

function flagIn(text: string): FlagFile {
  return judgeText('flag', readYaml(text)).value ?? { environments: {} };
}

function overridesIn(text: string): OverridesFile {
  return judgeText('overrides', readYaml(text)).value ?? [];
}

test('the parts of a flag are all that its files write down, in words', () => {
  const parts = finish(flagPartsInSteps(flagIn(FLAG), overridesIn(OVERRIDES)));
  assert.equal(
    parts.map(({ environment, sentence }) => [environment, sentence]),
    [
      [undefined, 'description Redesigned'],
      [undefined, 'tags web'],
      [undefined, 'metadata ticket: PAY-1'],
      [undefined, 'variant on: true'],
      [undefined, 'variant off: false'],
      ['staging', 'disabled'],
      ['production', 'enabled'],
      ['production', 'not killed'],
      ['production', 'segment beta attached'],
      ['production', 'requires theme'],
      ['production', 'rule canary: 20 % → on'],
      ['production', 'serves 25 % on, 75 % off'],
      [undefined, 'override for u-1: on, until 2027-01-31'],
      ['production', 'override for c-1: off'],
    ],
  );
});

test('what a change tells is the same part as what the flag has then, so that it can be blamed', () => {
  const parts = finish(flagPartsInSteps(flagIn(FLAG), overridesIn(OVERRIDES)));
  const bare = 'environments: { production: { enabled: false, killed: true, serve: off } }';
  const told = [...differencesIn(PATHS.flag, bare, FLAG), ...differencesIn(PATHS.overrides, null, OVERRIDES)];
  const identities = new Set(parts.map(partIdentity));
  const unknown = told.filter((difference) => !identities.has(partIdentity(difference)));
  assert.equal(unknown, []);
  assert.is(told.length, 11);
});

test('the same rule in another environment is another part', () => {
  const [part] = finish(flagPartsInSteps(flagIn('environments: { production: { enabled: true } }'), []));
  const [other] = finish(flagPartsInSteps(flagIn('environments: { staging: { enabled: true } }'), []));
  assert.ok(part !== undefined && other !== undefined);
  assert.is(partIdentity(part), partIdentity({ ...part }));
  assert.is.not(partIdentity(part), partIdentity(other));
});

test.run();
