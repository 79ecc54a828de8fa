import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changedEnvironments } from '../../src/changes/changed-environments.js';
import { compileNow } from '../../src/evaluation/compile.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import type { OrgSnapshot, ProjectSnapshot } from '../../src/model/snapshot.js';
import { ACME, loadTexts, NOW, type Texts, webApp } from '../files/org-files.js';
import { snapshotOf } from '../support/cases.js';
import { anyContext, anyProject } from '../support/random-project.js';

const test = suite('changed environments');

const ON = 'enabled: true';
const GOOD = webApp({
  'flags/plain.yaml': flag(ON),
  'flags/asker.yaml': flag(`${ON}, rules: [{ id: r, when: [{ segment: outer }] }]`),
  'flags/needy.yaml': flag(`${ON}, requires: [plain]`),
  'flags/needier.yaml': flag(`${ON}, rules: [{ id: r, when: [{ flag: needy, variant: on }] }]`),
  'segments/outer.yaml': 'when: [{ segment: inner }]\n',
  'segments/inner.yaml': 'include: { users: [u-7] }\n',
});

/** A flag of two environments. */
function flag(production: string, staging = 'enabled: false'): string {
  return `environments:\n  staging: { ${staging} }\n  production: { ${production} }\n`;
}

/** What is told, as `web-app/production: flag flag`. */
function told(after: Texts, before: Texts | null = GOOD): readonly string[] {
  const first = before === null ? undefined : loadTexts(before).snapshot;
  const second = loadTexts(after, first).snapshot;
  if (second === undefined) throw new Error('nothing is served');
  return changedEnvironments(first, second).map(
    ({ org, project, environment, flags }) => `${org}/${project}/${environment}: ${flags.join(' ')}`,
  );
}

function changed(texts: Texts): Texts {
  return {
    ...GOOD,
    ...Object.fromEntries(Object.entries(texts).map(([path, text]) => [`web-app/${path}`, text])),
  };
}

function without(path: string): Texts {
  return Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== `web-app/${path}`));
}

const PRODUCTION = 'acme/web-app/production';
const STAGING = 'acme/web-app/staging';

test('a flag that says something else is told in that environment alone, with the flags that ask it there', () => {
  assert.equal(told(changed({ 'flags/plain.yaml': flag('enabled: false') })), [
    `${PRODUCTION}: needier needy plain`,
  ]);
  assert.equal(told(changed({ 'flags/plain.yaml': flag(ON, ON) })), [`${STAGING}: plain`]);
});

test('a segment is told by the flags that ask it, however far away', () => {
  const more = 'include: { users: [u-7, u-8] }\n';
  assert.equal(told(changed({ 'segments/inner.yaml': more })), [`${PRODUCTION}: asker`]);
});

test('exceptions are told in their environments, and those without any in all', () => {
  const entry = '- { users: [u-1], serve: off }\n';
  const staging = '- { users: [u-1], serve: off, environments: [staging] }\n';
  assert.equal(told(changed({ 'overrides/asker.yaml': entry })), [
    `${STAGING}: asker`,
    `${PRODUCTION}: asker`,
  ]);
  assert.equal(told(changed({ 'overrides/asker.yaml': staging })), [`${STAGING}: asker`]);
});

test('who gets which part of a split hangs on its order, so another order is told', () => {
  const before = changed({ 'flags/plain.yaml': flag(`${ON}, serve: { on: 1, off: 1 }`) });
  const after = changed({ 'flags/plain.yaml': flag(`${ON}, serve: { off: 1, on: 1 }`) });
  assert.equal(told(after, before), [`${PRODUCTION}: needier needy plain`]);
});

test('words that no answer has are not told', () => {
  const words = `name: Plain\ndescription: For all\nowner: team-web\nstatus: active\ntags: [web]\n${flag(ON)}`;
  assert.equal(told(changed({ 'flags/plain.yaml': words })), []);
  assert.equal(told(changed({ 'segments/inner.yaml': 'name: In\ninclude: { users: [u-7] }\n' })), []);
  const described = `${ON}, rules: [{ id: r, description: Why, when: [{ segment: outer }] }]`;
  assert.equal(told(changed({ 'flags/asker.yaml': flag(described) })), []);
  assert.equal(told(changed({ 'org.yaml': 'name: Acme\n' })), []);
});

test('what is returned with each answer is told, and who may ask', () => {
  const both = [`${STAGING}: asker`, `${PRODUCTION}: asker`];
  const asker = GOOD['web-app/flags/asker.yaml'];
  assert.equal(told(changed({ 'flags/asker.yaml': `metadata: { ticket: PAY-1 }\n${asker}` })), both);
  assert.equal(told(changed({ 'flags/asker.yaml': `client: true\n${asker}` })), both);
});

test('flags, environments, projects and organizations that come or go are told', () => {
  const fresh = told(changed({ 'flags/fresh.yaml': flag(ON) }));
  assert.equal(fresh, [`${STAGING}: fresh`, `${PRODUCTION}: fresh`]);
  assert.equal(told(without('flags/needier.yaml')), [`${STAGING}: needier`, `${PRODUCTION}: needier`]);
  const three = 'environments: [staging, production, preview]\n';
  const all = 'asker needier needy plain';
  assert.equal(told(changed({ 'project.yaml': three })), [`acme/web-app/preview: ${all}`]);
  assert.equal(told(GOOD, changed({ 'project.yaml': three })), [`acme/web-app/preview: ${all}`]);
  assert.equal(told(GOOD, null), [`${STAGING}: ${all}`, `${PRODUCTION}: ${all}`]);
  const api = { 'api/project.yaml': 'environments: [live]\n', 'api/flags/inner.yaml': flagOfApi() };
  assert.equal(told({ ...GOOD, ...api }), ['acme/api/live: inner']);
  assert.equal(told(GOOD, { ...GOOD, ...api }), ['acme/api/live: inner']);
});

function flagOfApi(): string {
  return 'environments:\n  live: { enabled: true }\n';
}

test('P9: a file that breaks changes no answer, so nothing is told', () => {
  assert.equal(told(changed({ 'flags/asker.yaml': 'environments: [\n' })), []);
  assert.equal(told(changed({ 'segments/inner.yaml': 'include: [\n' })), []);
});

test('what a stale flag asks is as old as the flag; its repair is told where that is another by now', () => {
  const first = loadTexts(GOOD).snapshot;
  const broken = changed({ 'flags/asker.yaml': 'environments: [\n' });
  const second = loadTexts(broken, first).snapshot;
  const more = { 'web-app/segments/inner.yaml': 'include: { users: [u-8] }\n' };
  const third = loadTexts({ ...broken, ...more }, second).snapshot;
  const repaired = loadTexts({ ...GOOD, ...more }, third).snapshot;
  const steps = [first, second, third, repaired, loadTexts({ ...GOOD, ...more }, repaired).snapshot];
  const flags = steps.slice(1).map((after, step) => {
    if (after === undefined) throw new Error('nothing is served');
    return changedEnvironments(steps[step], after).flatMap((change) => change.flags);
  });
  assert.equal(flags, [[], [], ['asker'], []]);
});

function orgOf(project: ProjectSnapshot): OrgSnapshot {
  return {
    key: ACME,
    id: 'org_acme',
    file: {},
    defaultProject: undefined,
    projects: new Map([[project.key, project]]),
  };
}

test('whatever changes, no flag that answers otherwise is left out (property)', () => {
  const contexts: fc.Arbitrary<readonly EvaluationContext[]> = fc.array(anyContext, {
    minLength: 8,
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      anyProject,
      anyProject,
      fc.constantFrom('flags', 'segments', 'overrides'),
      contexts,
      (one, other, part, callers) => {
        const [before, after] = [one, { ...one, [part]: other[part] }].map((parts) => snapshotOf(parts));
        if (before === undefined || after === undefined) throw new Error('no project');
        const environments = [before, after].map((project) =>
          compileNow(project).environments.get('production'),
        );
        const changes = changedEnvironments(orgOf(before), orgOf(after));
        const named = new Set<string>(changes.flatMap(({ flags }) => flags));
        for (const key of after.flags.keys()) {
          const answers = environments.map((environment) =>
            JSON.stringify(callers.map((caller) => environment && evaluate(environment, key, caller, NOW))),
          );
          if (answers[0] !== answers[1]) assert.ok(named.has(key), key);
        }
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

test.run();
