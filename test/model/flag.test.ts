import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  attachmentEntry,
  environmentState,
  type FlagFile,
  flagType,
  flagVariants,
  offVariant,
  requirementEntry,
} from '../../src/model/flag.js';
import { defaultEnvironment, environmentKeys } from '../../src/model/project.js';

const MINIMAL: FlagFile = { environments: { production: { enabled: true } } };

test('a flag that says no type is boolean, with the variants on and off (design, files)', () => {
  assert.is(flagType(MINIMAL), 'boolean');
  assert.equal(flagVariants(MINIMAL), { on: true, off: false });
  assert.is(offVariant(MINIMAL, environmentState(MINIMAL, 'production')), 'off');
});

test('an environment that is left out is disabled, whatever its name (design, files)', () => {
  assert.equal(environmentState(MINIMAL, 'staging'), { enabled: false });
  assert.equal(environmentState(MINIMAL, 'constructor'), { enabled: false });
});

test('an environment’s off variant beats the flag’s, which beats the variant named off (design, files)', () => {
  const flag: FlagFile = {
    type: 'string',
    variants: { off: 'none', grey: 'g', black: 'b' },
    offVariant: 'grey',
    environments: { production: { enabled: true, offVariant: 'black' }, staging: { enabled: true } },
  };
  assert.is(offVariant(flag, environmentState(flag, 'production')), 'black');
  assert.is(offVariant(flag, environmentState(flag, 'staging')), 'grey');
  const { offVariant: _, ...unnamed } = flag;
  assert.is(offVariant(unnamed, environmentState(unnamed, 'staging')), 'off');
  assert.is(offVariant({ ...unnamed, variants: { grey: 'g' } }, { enabled: true }), undefined);
});

test('what is attached or required gives on where nothing else is said, and null is kept (design, files)', () => {
  assert.equal(attachmentEntry('beta'), { segment: 'beta', serve: 'on' });
  assert.equal(attachmentEntry({ segment: 'beta' }), { segment: 'beta', serve: 'on' });
  assert.equal(attachmentEntry({ segment: 'beta', serve: null }), { segment: 'beta', serve: null });
  assert.equal(requirementEntry('layout'), { flag: 'layout', variant: 'on' });
  assert.equal(requirementEntry({ flag: 'theme', variant: 'dark' }), { flag: 'theme', variant: 'dark' });
});

test('the default environment is the named one, else production, else the last (design, REST)', () => {
  assert.is(defaultEnvironment({ environments: ['a', 'production', 'b'], defaultEnvironment: 'a' }), 'a');
  assert.is(defaultEnvironment({ environments: ['a', { key: 'production' }, 'b'] }), 'production');
  assert.is(defaultEnvironment({ environments: ['a', { key: 'b', name: 'B' }] }), 'b');
  assert.equal(environmentKeys({ environments: ['a', { key: 'b' }] }), ['a', 'b']);
});

test.run();
