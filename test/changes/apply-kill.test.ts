import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { EnvironmentState } from '../../src/model/flag.js';
import type { EnvironmentKey } from '../../src/model/keys.js';
import { apply, baseOf, type Files, flag, production, project, refusal, texts } from './drafted.js';

const test = suite('killing and letting go (DESIGN 6)');

const kill: Change = { kind: 'flag.kill', project, flag, environment: production };
const unkill: Change = { ...kill, kind: 'flag.unkill' };
const GOOD = 'name: A # the first\nenvironments:\n  production: { enabled: true } # live\n';

function file(text: string | null): Files {
  return { 'flags/a.yaml': text };
}

test('a kill sets the switch, and leaves `enabled` and every other line as they are', () => {
  const killed = file(
    'name: A # the first\nenvironments:\n  production: { enabled: true, killed: true } # live\n',
  );
  assert.equal(texts(file(GOOD), kill), killed);
  assert.equal(texts(killed, unkill), file(GOOD));
});

test('letting go leaves what people wrote: a switch with a comment says false, one that says so already stays', () => {
  const state = (killed: string): Files =>
    file(`environments:\n  production:\n    enabled: true\n${killed}    serve: off\n`);
  assert.equal(
    texts(state('    killed: true # since May\n'), unkill),
    state('    killed: false # since May\n'),
  );
  assert.equal(
    texts(state('    killed: # since May\n      true\n'), unkill),
    state('    killed: # since May\n      false\n'),
  );
  assert.equal(texts(state('    killed: true\n'), unkill), state(''));
  assert.equal(apply(state('    killed: false\n'), unkill), { edits: [], effective: [] });
  const flow = (killed: string): Files =>
    file(`environments:\n  production: { enabled: true${killed} } # live\n`);
  assert.equal(
    texts(flow(',\n    killed: true, # since May\n   '), unkill),
    flow(',\n    killed: false, # since May\n   '),
  );
  assert.equal(texts(flow(',\n    killed: true'), unkill), flow(''));
});

test('an environment without a state gets one that is switched off', () => {
  const text = 'environments:\n  staging: { enabled: true }\n';
  assert.equal(texts(file(text), kill), file(`${text}  production: { enabled: false, killed: true }\n`));
  assert.equal(
    texts(file('environments: {}\n'), kill),
    file('environments:\n  production: { enabled: false, killed: true }\n'),
  );
});

test('a kill of what is killed, and letting go what is not, change nothing', () => {
  const killed = file(GOOD.replace('true }', 'true, killed: true }'));
  assert.equal(apply(killed, kill), { edits: [], effective: [] });
  assert.equal(apply(file(GOOD), unkill), { edits: [], effective: [] });
  assert.equal(apply(file('environments: {}\n'), unkill), { edits: [], effective: [] });
});

const BROKEN: Readonly<Record<string, string | null>> = {
  syntax: 'environments: [\n',
  shape: 'environments: 7\n',
  meaning: 'environments:\n  production: { enabled: true, rules: [{ id: x, percentage: 200 }] }\n',
  'a duplicate key': 'name: A\nname: B\nenvironments: {}\n',
  'bytes that are no text, or too many': null,
};

for (const [what, text] of Object.entries(BROKEN)) {
  test(`a file that is broken by ${what} becomes its last good version, killed`, () => {
    const base = baseOf(file(text), { readLastGood: () => GOOD });
    const killed = file(GOOD.replace('true }', 'true, killed: true }'));
    assert.equal(texts(base, kill), killed);
    assert.equal(apply(base, kill).effective, [kill]);
    const wasKilled = baseOf(file(text), { readLastGood: () => killed['flags/a.yaml'] ?? '' });
    assert.equal(texts(wasKilled, unkill), file(GOOD));
    assert.equal(texts(wasKilled, kill), killed, 'the repair alone is a change');
    assert.equal(apply(wasKilled, kill).effective, [kill]);
  });

  test(`a file that is broken by ${what} and never was good cannot be killed`, () => {
    assert.is(refusal(file(text), kill), 'FILE_BROKEN');
  });
}

test('a file that can be read is edited as it is, whatever it waits for', () => {
  const text = 'environments:\n  production: { enabled: true, segments: [nobody] }\n';
  const base = baseOf(file(text), { readLastGood: () => GOOD });
  assert.equal(texts(base, kill), file(text.replace('true, ', 'true, killed: true, ')));
});

test('a file that the set itself breaks is not what is served: its kill is refused (FILE_BROKEN)', () => {
  const base = baseOf(file('x: [\n'), { readLastGood: () => GOOD });
  const older = { flag: 'y: [\n', overrides: null, tests: null };
  const restore: Change = { kind: 'flag.restore', project, flag, commit: 'c0ffee', texts: older };
  assert.is(refusal(base, restore, kill), 'FILE_BROKEN');
});

test('two environments of a broken file are killed in one set', () => {
  const other = { ...kill, environment: 'staging' as EnvironmentKey };
  const base = baseOf(file('x'), { readLastGood: () => GOOD });
  assert.equal(
    texts(base, kill, other),
    file(`${GOOD.replace('true }', 'true, killed: true }')}  staging: { enabled: false, killed: true }\n`),
  );
});

test('a killed flag that is deleted and made anew in one set stays killed, or is refused (FLAG_KILLED)', () => {
  const killed = file(GOOD.replace('true }', 'true, killed: true }'));
  const made = (state: EnvironmentState): readonly Change[] => [
    { kind: 'flag.delete', project, flag },
    { kind: 'flag.create', project, flag, file: { environments: { production: state } } },
  ];
  assert.is(refusal(killed, ...made({ enabled: true })), 'FLAG_KILLED');
  const broken = baseOf(file('x: [\n'), { readLastGood: () => killed['flags/a.yaml'] ?? '' });
  assert.is(refusal(broken, ...made({ enabled: true })), 'FLAG_KILLED');
  const again = file('environments:\n  production: { enabled: true, killed: true }\n');
  assert.equal(texts(killed, ...made({ enabled: true, killed: true })), again);
  assert.equal(texts(file(GOOD), ...made({ enabled: false })), {
    'flags/a.yaml': 'environments:\n  production: { enabled: false }\n',
  });
});

test('a flag or an environment that is not there is not found', () => {
  assert.is(refusal({}, kill), 'FLAG_NOT_FOUND');
  const elsewhere: Change = { ...kill, environment: 'moon' as EnvironmentKey };
  assert.is(refusal(file(GOOD), elsewhere), 'ENVIRONMENT_NOT_FOUND');
});

test.run();
