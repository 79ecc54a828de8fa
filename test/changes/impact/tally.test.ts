import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareOrg } from '../../../src/changes/impact/comparison.js';
import type { Sample } from '../../../src/changes/impact/impact.js';
import { isSameOutcome, outcomeOf } from '../../../src/changes/impact/outcome.js';
import { ImpactTally } from '../../../src/changes/impact/tally.js';
import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { OrgSnapshot, ProjectSnapshot } from '../../../src/model/snapshot.js';
import { ACME, NOW, type Texts, webApp } from '../../files/org-files.js';
import { snapshotOf } from '../../support/cases.js';
import { anyContext, anyProject } from '../../support/random-project.js';
import { comparedOf, compiled, impactOf } from './impact-of.js';

const test = suite('who moves');

const CHANGES = 150;

function orgOf(project: ProjectSnapshot): OrgSnapshot {
  return {
    key: ACME,
    id: 'org_1',
    file: {},
    defaultProject: project.key,
    projects: new Map([[project.key, project]]),
  };
}

/** How many get another answer from each flag and from any, by asking all flags of both versions. */
function countAll(before: ProjectSnapshot, after: ProjectSnapshot, contexts: readonly EvaluationContext[]) {
  const [older, newer] = [before, after].map((project) => compileNow(project).environments.get('production'));
  if (older === undefined || newer === undefined) throw new Error('no production');
  const moved = new Map<string, number>();
  let any = 0;
  for (const context of contexts) {
    const changed = [...after.flags.keys()].filter((key) => {
      const [was, is] = [older, newer].map((environment) =>
        outcomeOf(evaluate(environment, key, context, NOW)),
      );
      return was !== undefined && is !== undefined && !isSameOutcome(was, is);
    });
    for (const key of changed) moved.set(key, (moved.get(key) ?? 0) + 1);
    if (changed.length > 0) any += 1;
  }
  return { any, moved: Object.fromEntries([...moved].sort()) };
}

test('random changes: as many as asking every flag on both sides finds (P3)', () => {
  fc.assert(
    fc.property(anyProject, anyProject, fc.array(anyContext, { maxLength: 30 }), (one, other, contexts) => {
      const before = snapshotOf(one);
      const after = snapshotOf({
        ...one,
        flags: { ...one.flags, ...Object.fromEntries(Object.entries(other.flags).slice(0, 2)) },
        segments: other.segments ?? {},
      });
      const tally = new ImpactTally(compareOrg(compiled(orgOf(before)), compiled(orgOf(after))), {
        now: NOW,
        examples: 2,
      });
      for (const context of contexts) tally.add({ context, count: 1 });
      const impact = tally.finish([]);
      const moved = impact.flags
        .filter((flag) => flag.moved > 0)
        .map((flag) => [flag.flag, flag.moved] as const);
      assert.equal(
        { any: impact.moved, moved: Object.fromEntries(moved.sort()) },
        countAll(before, after, contexts),
      );
      for (const flag of impact.flags) {
        assert.is(sum(flag.moves), flag.moved);
        assert.is(sum(flag.before), contexts.length);
        assert.is(sum(flag.after), contexts.length);
      }
    }),
    { numRuns: CHANGES },
  );
});

function sum(parts: readonly { readonly contexts: number }[]): number {
  return parts.reduce((all, { contexts }) => all + contexts, 0);
}

const CANARY = (share: number): Texts =>
  webApp({
    'flags/a.yaml': `environments:
  staging: { enabled: true }
  production:
    enabled: true
    rules: [{ id: canary, percentage: ${share} }]
    serve: off
`,
    'segments/early.yaml': 'when: [{ attribute: early, equals: true }]\n',
  });
const CHANGE = { before: CANARY(5), after: CANARY(20) };
const PEOPLE = Array.from({ length: 1_000 }, (_, number) => ({
  targetingKey: `u-${number}`,
  early: number % 2 === 0,
}));

test('the examples are the same few whatever the order in which people come', () => {
  const [forth, back] = [PEOPLE, PEOPLE.toReversed()].map((contexts) => impactOf({ ...CHANGE, contexts }));
  assert.equal(forth, back);
  assert.is(forth?.flags[0]?.moves[0]?.examples.length, 3);
  assert.equal(impactOf({ ...CHANGE, contexts: PEOPLE, examples: 0 }).flags[0]?.moves[0]?.examples, []);
});

test('segments tell how many of those who move are their members', () => {
  const impact = impactOf({ ...CHANGE, contexts: PEOPLE });
  const [flag] = impact.flags;
  const early = flag?.moves[0]?.contexts ?? 0;
  assert.is(impact.flags.length, 1, 'what says the same in staging is not asked there');
  assert.ok(early > 100 && early < 200, `${early} moved`);
  assert.equal(
    flag?.segments.map(({ segment }) => segment),
    ['early'],
  );
  const members = flag?.segments[0]?.moved ?? 0;
  assert.ok(members > 0 && members < early);
});

test('segments tell of those who were members and are no more', () => {
  const files = (user: string): Texts =>
    webApp({
      'flags/a.yaml': 'environments: { production: { enabled: false, segments: [chosen] } }\n',
      'segments/chosen.yaml': `include: { users: [${user}] }\n`,
    });
  const contexts = [{ targetingKey: 'u-1' }, { targetingKey: 'u-2' }];
  const { flags } = impactOf({ before: files('u-1'), after: files('u-9'), contexts });
  assert.equal(flags[0]?.segments, [{ segment: 'chosen', moved: 1 }]);
});

test('a sample counts as often as it says, and where it says', () => {
  const asked = (sample: Omit<Sample, 'context'>) => {
    const tally = new ImpactTally(comparedOf({ before: CANARY(0), after: CANARY(100) }), {
      now: NOW,
      examples: 1,
    });
    tally.add({ context: { targetingKey: 'u-1' }, ...sample });
    const { moved, contexts, flags } = tally.finish([]);
    return [moved, contexts, flags[0]?.contexts];
  };
  assert.equal(asked({ count: 3 }), [3, 3, 3]);
  assert.equal(asked({ count: 3, environment: 'production', org: 'acme', project: 'web-app' }), [3, 3, 3]);
  assert.equal(asked({ count: 3, environment: 'staging' }), [0, 3, 0]);
  assert.equal(asked({ count: 3, project: 'shop' }), [0, 3, 0]);
  assert.equal(asked({ count: 3, org: 'globex' }), [0, 3, 0]);
});

test.run();
