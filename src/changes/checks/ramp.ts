import { isDeepStrictEqual } from 'node:util';
import { warningAt } from '../../files/issue.js';
import type { Finding } from '../../files/parsed.js';
import { toFindings } from '../../files/settle.js';
import type { RampPolicy } from '../../model/config.js';
import { type EnvironmentState, environmentState, offVariant, type Rule } from '../../model/flag.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag } from '../../model/snapshot.js';
import { audienceShares, type Shares } from './audience-shares.js';

/** Less than this is the rounding of fractions, in percentage points. */
const SMALLEST_STEP = 1e-6;

/**
 * Where one change gives a variant to more people at once than the policy lets one person, in each environment: of
 * everybody, and of those whom a rule with clauses and a percentage or a split is for. The off variant is no ramp, nor is
 * less of another one. `before` is undefined for a new flag, which starts from nothing.
 */
export function judgeRamp(policy: RampPolicy, before: Flag | undefined, after: Flag): Finding[] {
  const environments = policy.environments ?? Object.keys(after.file.environments);
  return environments.flatMap((environment) => {
    const was = before && environmentState(before.file, environment);
    const is = environmentState(after.file, environment);
    if (isDeepStrictEqual(was, is)) return [];
    const steps = stepsOf(was, is).map((step) => steepest(step, offVariant(after.file, is)));
    return steps.flatMap((step) => {
      if (step === undefined || step.to - step.from <= policy.points + SMALLEST_STEP) return [];
      const sentence = `${step.variant} goes from ${percent(step.from)} to ${percent(step.to)} of ${step.audience} in ${environment}; more than ${policy.points} points in one change need a second person`;
      const issue = warningAt(['environments', environment, ...step.at], 'RAMP_TOO_STEEP', sentence);
      return toFindings(after.path, [issue]).map((finding) => ({ ...finding, needsApproval: true as const }));
    });
  });
}

/** What an audience got, and what it gets. */
interface AudienceStep {
  /** `everybody`, or whom a rule is for. */
  readonly audience: string;
  /** Where it is said, from the environment on. */
  readonly at: Pointer;
  readonly before: Shares;
  readonly after: Shares;
}

function stepsOf(was: EnvironmentState | undefined, is: EnvironmentState): readonly AudienceStep[] {
  const everybody = audienceShares(was, undefined);
  const known = new Map((was?.rules ?? []).map((rule) => [rule.id, rule]));
  const ofRules = (is.rules ?? []).flatMap((rule, place): AudienceStep[] => {
    const old = known.get(rule.id);
    if (rule.when === undefined || !(isRamped(rule) || isRamped(old))) return [];
    // Whom the clauses did not mean before got what everybody got.
    const before = isDeepStrictEqual(old?.when, rule.when) ? audienceShares(was, old) : everybody;
    const audience = `those whom rule ${rule.id} is for`;
    return [{ audience, at: ['rules', place], before, after: audienceShares(is, rule) }];
  });
  const after = audienceShares(is, undefined);
  return [{ audience: 'everybody', at: placeOfStep(was, is), before: everybody, after }, ...ofRules];
}

/** True where a percentage or weights say how many: whom clauses alone pick is targeting, no ramp. */
function isRamped(rule: Rule | undefined): boolean {
  if (rule === undefined) return false;
  return rule.percentage !== undefined || (typeof rule.serve === 'object' && rule.serve !== null);
}

/** The switch, the first rule for everybody, or what is served: whichever is another. */
function placeOfStep(was: EnvironmentState | undefined, is: EnvironmentState): Pointer {
  if (was?.enabled !== true) return ['enabled'];
  const known = new Map((was.rules ?? []).map((rule) => [rule.id, rule]));
  const place = (is.rules ?? []).findIndex(
    (rule) => rule.when === undefined && !isDeepStrictEqual(rule, known.get(rule.id)),
  );
  if (place !== -1) return ['rules', place];
  return isDeepStrictEqual(was.serve, is.serve) ? [] : ['serve'];
}

/** By how much a variant grows, in per cent of the audience. */
interface VariantStep extends Pick<AudienceStep, 'audience' | 'at'> {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** The variant that grows most; undefined where only the off variant is left. */
function steepest(step: AudienceStep, off: string | undefined): VariantStep | undefined {
  const { audience, at, before, after } = step;
  return [...after]
    .filter(([variant]) => variant !== off)
    .map(([variant, to]) => ({ audience, at, variant, from: before.get(variant) ?? 0, to }))
    .sort((one, other) => other.to - other.from - (one.to - one.from))[0];
}

function percent(share: number): string {
  return `${Number(share.toFixed(3))} %`;
}
