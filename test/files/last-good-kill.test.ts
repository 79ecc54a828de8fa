import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import type { LoadedOrg } from '../../src/files/loaded.js';
import { flagOf, flagText, loadTexts, NOW, projectOf, type Texts, webApp } from './org-files.js';

const test = suite('the kill switch works whatever is broken (DESIGN 6)');

const STATE = '    segments: [s]\n    requires: [b]\n';
const GOOD = {
  'flags/a.yaml': flagText(STATE),
  'flags/b.yaml': `id: flg_1\n${flagText()}`,
  'segments/s.yaml': 'include: { users: [u-1] }\n',
  'overrides/a.yaml': '- { users: [u-2] }\n',
};

/** What can be wrong around the file of the flag `a`: the files that are, and lines of its own. */
const CAUSES: Readonly<Record<string, { readonly files: Texts; readonly lines?: string }>> = {
  'a segment that it attaches is broken': { files: { 'segments/s.yaml': 'x' } },
  'a flag that it requires is broken': { files: { 'flags/b.yaml': 'x' } },
  'its overrides are broken': { files: { 'overrides/a.yaml': '- { users: u-2 }\n' } },
  'its overrides name no environment': {
    files: { 'overrides/a.yaml': '- { users: [u-2], environments: [nowhere] }\n' },
  },
  'it attaches a segment that is not there': { files: {}, lines: '    segments: [nobody]\n' },
  'it requires a flag that is not there': { files: {}, lines: '    requires: [nothing]\n' },
  'it is the member in whose file a cycle is told': {
    files: { 'flags/b.yaml': flagText('    requires: [a]\n') },
  },
  'its id is another flag’s': { files: {} },
};

function answer(loaded: LoadedOrg, targetingKey: string, key = 'production'): string | undefined {
  const environment = compileNow(projectOf(loaded)).environments.get(key);
  if (environment === undefined) throw new Error(`${key} was not compiled`);
  const evaluation = evaluate(environment, 'a', { targetingKey }, NOW);
  return evaluation.kind === 'value' ? evaluation.variant : undefined;
}

for (const [cause, { files, lines = STATE }] of Object.entries(CAUSES)) {
  const head = cause.startsWith('its id') ? `id: flg_1\n${flagText(lines)}` : flagText(lines);
  const load = (text: string, before: LoadedOrg): LoadedOrg =>
    loadTexts(webApp({ ...GOOD, ...files, 'flags/a.yaml': text }), before.snapshot);

  test(`a flag is killed and let go where ${cause}`, () => {
    const stale = load(head, loadTexts(webApp(GOOD)));
    assert.ok(flagOf(stale, 'a')?.stale, 'it is broken');
    assert.is(answer(stale, 'u-1'), 'on');
    const killed = load(`${head}    killed: true\n`, stale);
    assert.ok(flagOf(killed, 'a')?.stale, 'it is broken still');
    assert.equal([answer(killed, 'u-1'), answer(killed, 'u-2')], ['off', 'off']);
    const released = load(head, killed);
    assert.equal([answer(released, 'u-1'), answer(released, 'u-2')], ['on', 'on']);
    assert.equal(flagOf(released, 'a'), flagOf(stale, 'a'), 'as if it had never been killed');
  });

  test(`a flag that was killed before is let go where ${cause}`, () => {
    const before = loadTexts(webApp({ ...GOOD, 'flags/a.yaml': flagText(`${STATE}    killed: true\n`) }));
    const stale = load(`${head}    killed: true\n`, before);
    assert.is(answer(stale, 'u-2'), 'off');
    assert.is(answer(load(head, stale), 'u-2'), 'on');
  });

  test(`a flag is killed where it has no state yet, and where ${cause}`, () => {
    const stale = load(head, loadTexts(webApp(GOOD)));
    assert.is(answer(stale, 'u-2', 'staging'), 'on', 'an override holds while the flag is not enabled');
    const killed = load(`${head}  staging: { enabled: false, killed: true }\n`, stale);
    assert.equal([answer(killed, 'u-2', 'staging'), answer(killed, 'u-2')], ['off', 'on']);
  });
}

test('a file that cannot be read, and an environment that it no longer names, keep the switch where it was', () => {
  const killed = flagText(`${STATE}    killed: true\n`);
  const before = loadTexts(webApp({ ...GOOD, 'flags/a.yaml': killed }));
  const elsewhere = 'environments:\n  staging: { enabled: true, segments: [nobody] }\n';
  for (const text of ['x', elsewhere]) {
    const loaded = loadTexts(webApp({ ...GOOD, 'flags/a.yaml': text }), before.snapshot);
    assert.is(answer(loaded, 'u-2'), 'off', text);
  }
});

test.run();
