import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../src/evaluation/compiled.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { type Explanation, explain, formatExplanation } from '../../src/evaluation/explain.js';
import type { StepTrace } from '../../src/evaluation/trace.js';
import { type ProjectParts, snapshotOf } from '../support/cases.js';
import { anyContext, anyProject } from '../support/random-project.js';

const NOW = Date.UTC(2026, 5, 15, 12);

const PROJECT: ProjectParts = {
  flags: {
    'new-checkout': {
      salt: 'checkout',
      environments: {
        production: {
          enabled: true,
          segments: ['staff'],
          requires: ['layout'],
          rules: [
            {
              id: 'german-pros',
              when: [
                { attribute: 'country', equals: 'DE' },
                {
                  any: [
                    { attribute: 'plan', in: ['pro'] },
                    { flag: 'layout', variant: 'off' },
                  ],
                },
              ],
            },
            { id: 'canary', percentage: 5 },
          ],
          serve: { on: 20, off: 80 },
        },
      },
    },
    layout: { environments: { production: { enabled: true } } },
  },
  segments: { staff: { include: { users: ['u-7'] }, when: [{ attribute: 'email', endsWith: '@acme.com' }] } },
  overrides: {
    'new-checkout': [{ users: ['u-9'], serve: 'off', reason: 'contract 4711', until: '2026-12-31' }],
  },
};

function production(parts: ProjectParts): CompiledEnvironment {
  const environment = compileNow(snapshotOf(parts)).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  return environment;
}

test('an explanation holds every step that was looked at, with what it compared (DESIGN 4)', () => {
  const context = { targetingKey: 'u-1', country: 'DE', plan: 'free' };
  const explanation = explain(production(PROJECT), 'new-checkout', context, NOW);
  assert.equal(explanation, {
    flagKey: 'new-checkout',
    environment: 'production',
    context,
    now: NOW,
    evaluation: {
      kind: 'value',
      flagKey: 'new-checkout',
      variant: 'on',
      value: true,
      reason: 'SPLIT',
      metadata: {},
    },
    steps: [
      { step: 'killed', killed: false, decided: false },
      { step: 'override', caller: { targetingKey: 'u-1' }, decided: false },
      {
        step: 'segment',
        segment: 'staff',
        serve: 'on',
        membership: {
          member: false,
          by: 'when',
          when: [
            {
              clause: 'attribute',
              attribute: 'email',
              tests: [{ test: 'endsWith', wanted: '@acme.com', ignoreCase: false, passes: false }],
              holds: false,
            },
          ],
        },
        decided: false,
      },
      { step: 'enabled', enabled: true, decided: false },
      {
        step: 'requires',
        flag: 'layout',
        variant: 'on',
        answer: { variant: 'on', reason: 'STATIC' },
        met: true,
        decided: false,
      },
      {
        step: 'rule',
        rule: 'german-pros',
        when: [
          {
            clause: 'attribute',
            attribute: 'country',
            value: 'DE',
            tests: [{ test: 'equals', wanted: 'DE', ignoreCase: false, passes: true }],
            holds: true,
          },
          {
            clause: 'any',
            clauses: [
              {
                clause: 'attribute',
                attribute: 'plan',
                value: 'free',
                tests: [{ test: 'in', wanted: ['pro'], ignoreCase: false, passes: false }],
                holds: false,
              },
              {
                clause: 'flag',
                flag: 'layout',
                variant: 'off',
                answer: { variant: 'on', reason: 'STATIC' },
                holds: false,
              },
            ],
            holds: false,
          },
        ],
        serve: 'on',
        decided: false,
      },
      {
        step: 'rule',
        rule: 'canary',
        when: [],
        percentage: 5,
        gate: {
          salt: 'checkout:canary',
          bucketBy: 'targetingKey',
          bucket: 91453,
          threshold: 5000,
          total: 100_000,
          passes: false,
        },
        serve: 'on',
        decided: false,
      },
      {
        step: 'serve',
        serve: { on: 20, off: 80 },
        split: {
          salt: 'checkout',
          bucketBy: 'targetingKey',
          bucket: 19,
          total: 100,
          bounds: [
            { variant: 'on', below: 20 },
            { variant: 'off', below: 100 },
          ],
          variant: 'on',
        },
        decided: true,
      },
    ],
  });
});

test('an explanation ends with the step that decided', () => {
  const environment = production(PROJECT);
  const last = (context: Explanation['context']) =>
    explain(environment, 'new-checkout', context, NOW).steps.at(-1);
  assert.equal(last({ userId: 'u-9' }), {
    step: 'override',
    caller: { userId: 'u-9' },
    entry: { place: 0, name: 'u-9', serve: 'off', until: '2026-12-31', reason: 'contract 4711' },
    decided: true,
  });
  assert.is(last({ userId: 'u-7' })?.step, 'segment');
  assert.is(last({ country: 'DE', plan: 'pro' })?.step, 'rule');
  assert.equal(last({}), { step: 'off', variant: 'off', decided: true });
});

test('a segment that is asked again is not explained again', () => {
  const inner = { when: [{ attribute: 'plan', equals: 'pro' }] };
  const outer = { when: [{ segment: 'inner' }, { attribute: 'age', gte: 18 }] };
  const environment = production({
    flags: { it: { environments: { production: { enabled: true, segments: ['outer', 'inner'] } } } },
    segments: { inner, outer },
  });
  const memberships = (context: Explanation['context']) =>
    explain(environment, 'it', context, NOW).steps.flatMap((step) =>
      step.step === 'segment' ? [step.membership] : [],
    );
  const [first, second] = memberships({ plan: 'pro', age: 17 });
  assert.is(first?.by, 'when');
  assert.equal(second, { member: true, by: 'seen before' });
  assert.equal(memberships({ plan: 'free', age: 17 })[1], { member: false, by: 'seen before' });
});

test('an explanation is plain JSON', () => {
  const explanation = explain(production(PROJECT), 'new-checkout', { targetingKey: 'u-1' }, NOW);
  assert.equal(JSON.parse(JSON.stringify(explanation)), explanation);
});

test('an unknown flag has no steps', () => {
  const explanation = explain(production(PROJECT), 'nothing', {}, NOW);
  assert.equal(explanation.evaluation, { kind: 'missing', flagKey: 'nothing', errorCode: 'FLAG_NOT_FOUND' });
  assert.equal(explanation.steps, []);
});

test('the text of an explanation shows answer, steps, values, buckets', () => {
  const context = { targetingKey: 'u-1', country: 'DE', plan: 'free' };
  const text = formatExplanation(explain(production(PROJECT), 'new-checkout', context, NOW));
  assert.is(
    text,
    [
      'new-checkout in production at 2026-06-15T12:00:00.000Z: on = true (SPLIT)',
      '   1. killed: no',
      '   2. override: none names {"targetingKey":"u-1"}',
      '   3. segment staff: not a member (when)',
      '      no  email endsWith "@acme.com": it is missing',
      '   4. enabled: yes',
      '   5. requires layout to give on: it gives on',
      '   6. rule german-pros: does not apply',
      '      yes country equals "DE": it is "DE"',
      '      no  any of',
      '          no  plan in ["pro"]: it is "free"',
      '          no  flag layout gives off: it gives on',
      '   7. rule canary: does not apply',
      '      no  5 %: bucket 91453 of 100000, below 5000 passes',
      '=> 8. serve {"on":20,"off":80}',
      '      split: bucket 19 of 100 is on (on below 20, off below 100)',
    ].join('\n'),
  );
});

test('explain answers what evaluate answers, and its trace agrees, on random projects (DESIGN 4)', () => {
  fc.assert(
    fc.property(anyProject, fc.array(anyContext, { minLength: 4, maxLength: 4 }), (parts, contexts) => {
      const environment = production(parts);
      for (const { key } of environment.sorted) {
        for (const context of contexts) {
          const explanation = explain(environment, key, context, NOW);
          assert.equal(explanation.evaluation, evaluate(environment, key, context, NOW));
          explanation.steps.forEach((step, index) => {
            assert.is(step.decided, index === explanation.steps.length - 1);
            assert.is(step.decided, shouldDecide(step), JSON.stringify(step));
          });
          assert.ok(formatExplanation(explanation).split('\n').length > explanation.steps.length);
        }
      }
    }),
    { numRuns: 700 },
  );
});

/** What the trace itself says of whether its step decides. */
function shouldDecide(step: StepTrace): boolean {
  switch (step.step) {
    case 'killed':
      return step.killed;
    case 'override':
      return step.entry !== undefined;
    case 'segment':
      return step.membership.member;
    case 'enabled':
      return !step.enabled;
    case 'requires':
      return !step.met;
    case 'rule':
      return (
        step.when.every((clause) => clause.holds) &&
        step.percentage !== 0 &&
        step.gate?.passes !== false &&
        servesSomething(step)
      );
    case 'serve':
      return servesSomething(step);
    case 'off':
      return true;
  }
}

/** False for a split without a value to bucket by, and for one without any weight. */
function servesSomething({ serve, split }: Extract<StepTrace, { step: 'serve' | 'rule' }>): boolean {
  if (split !== undefined) return split.variant !== null;
  return typeof serve === 'string' || serve === null || Object.values(serve).some((weight) => weight > 0);
}

test.run();
