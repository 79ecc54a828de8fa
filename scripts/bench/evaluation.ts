import type { EvaluationContext } from '@openfeature/core';
import { FlagdCore } from '@openfeature/flagd-core';
import { compileNow } from '../../src/evaluation/compile.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import type { FlagFile } from '../../src/model/flag.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey, SegmentKey } from '../../src/model/keys.js';
import type { SegmentFile } from '../../src/model/segment.js';
import type { Flag, ProjectSnapshot } from '../../src/model/snapshot.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

const ROUNDS = 15;
const CALLS_A_ROUND = 100_000;
const CALLERS = 1000;
const COUNTRIES = ['DE', 'FR', 'FR', 'FR', 'IT', 'FR', 'FR'];
const NOW = Date.UTC(2026, 5, 15);

/** Evaluation in-process against flagd's core on an equivalent flag (a segment, three rules, a 20 % split). */
export async function run(): Promise<BenchRow[]> {
  return [evaluationRow()];
}

function evaluationRow(): BenchRow {
  const callers = Array.from({ length: CALLERS }, (_, index) => callerOf(index));
  const ours = ourEvaluator();
  const theirs = flagdEvaluator();
  for (const caller of callers) {
    if (ours(caller) !== theirs(caller)) throw new Error(`different answers for ${JSON.stringify(caller)}`);
  }
  const ourRates: number[] = [];
  const theirRates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ourRates.push(rateOf(ours, callers));
    theirRates.push(rateOf(theirs, callers));
  }
  const ratio = median(ourRates) / median(theirRates);
  return {
    name: 'evaluation in-process (segment, three rules, 20 % split)',
    ours: `${inMillions(median(ourRates))} M/s`,
    theirs: `flagd-core ${inMillions(median(theirRates))} M/s`,
    ratio,
    target: '>= 3',
    met: ratio >= 3,
  };
}

type Evaluator = (context: EvaluationContext) => unknown;

const SEGMENT: SegmentFile = {
  include: { users: ['u-7', 'u-8'] },
  when: [{ attribute: 'email', endsWith: '@acme.com' }],
};

const FLAG: FlagFile = {
  environments: {
    production: {
      enabled: true,
      segments: ['beta-testers'],
      rules: [
        {
          id: 'german-pros',
          when: [
            { attribute: 'country', equals: 'DE' },
            { attribute: 'plan', in: ['pro', 'enterprise'] },
          ],
        },
        { id: 'italians', when: [{ attribute: 'country', equals: 'IT' }] },
        { id: 'old-accounts', when: [{ attribute: 'age', gte: 365 }], serve: 'off' },
      ],
      serve: { on: 20, off: 80 },
    },
  },
};

function ourEvaluator(): Evaluator {
  const project = projectOf([['new-checkout', FLAG]], ['production']);
  const environment = compileNow(project).environments.get('production');
  if (environment === undefined) throw new Error('no environment');
  return (context) => {
    const evaluation = evaluate(environment, 'new-checkout', context as Record<string, string>, NOW);
    return evaluation.kind === 'value' ? evaluation.value : undefined;
  };
}

function flagdEvaluator(): Evaluator {
  const isMember = {
    or: [{ in: [{ var: 'targetingKey' }, ['u-7', 'u-8']] }, { ends_with: [{ var: 'email' }, '@acme.com'] }],
  };
  const isGermanPro = {
    and: [{ '===': [{ var: 'country' }, 'DE'] }, { in: [{ var: 'plan' }, ['pro', 'enterprise']] }],
  };
  const isItalian = { '===': [{ var: 'country' }, 'IT'] };
  const isOld = { '>=': [{ var: 'age' }, 365] };
  const split = {
    fractional: [
      ['on', 20],
      ['off', 80],
    ],
  };
  const targeting = {
    if: [isMember, 'on', isGermanPro, 'on', isItalian, 'on', isOld, 'off', split],
  };
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting };
  const core = new FlagdCore();
  core.setConfigurations(JSON.stringify({ flags: { 'new-checkout': flag } }));
  return (context) => core.resolveBooleanEvaluation('new-checkout', false, context).value;
}

/** Most callers reach the split at the end, the rest are spread over the steps before. */
function callerOf(index: number): EvaluationContext {
  return {
    targetingKey: `u-${index}`,
    email: index % 20 === 0 ? `user${index}@acme.com` : `user${index}@example.com`,
    country: COUNTRIES[index % COUNTRIES.length] ?? 'FR',
    plan: index % 3 === 0 ? 'pro' : 'free',
    age: index % 5 === 0 ? 400 : 20,
  };
}

function projectOf(
  flags: readonly (readonly [string, FlagFile])[],
  environments: readonly string[],
): ProjectSnapshot {
  const segment = { key: 'beta-testers' as SegmentKey, id: 'seg_1', path: '', blob: '', file: SEGMENT };
  return {
    key: 'web-app' as ProjectKey,
    org: 'acme' as OrgKey,
    id: 'prj_1',
    file: { environments },
    environments: environments as EnvironmentKey[],
    defaultEnvironment: 'production' as EnvironmentKey,
    flags: new Map(flags.map(([key, file]) => [key as FlagKey, flagOf(key, file)])),
    segments: new Map([[segment.key, segment]]),
    apiKeys: [],
  };
}

function flagOf(key: string, file: FlagFile): Flag {
  return {
    key: key as FlagKey,
    id: key,
    path: '',
    blob: '',
    file,
    overrides: [],
    tests: [],
    stale: undefined,
  };
}

/** Calls a second. */
function rateOf(evaluator: Evaluator, callers: readonly EvaluationContext[]): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < CALLS_A_ROUND; call += callers.length) {
    for (const caller of callers) evaluator(caller);
  }
  return CALLS_A_ROUND / (Number(process.hrtime.bigint() - start) / 1e9);
}

function inMillions(rate: number): string {
  return (rate / 1e6).toFixed(2);
}

if (process.argv[1] === import.meta.filename) console.table(await run());
