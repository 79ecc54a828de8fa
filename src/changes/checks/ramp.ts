import { isDeepStrictEqual } from 'node:util';
import { warningAt } from '../../files/issue.js';
import type { Finding } from '../../files/parsed.js';
import { toFindings } from '../../files/settle.js';
import type { RampPolicy } from '../../model/config.js';
import { environmentState, offVariant, type Rule } from '../../model/flag.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag } from '../../model/snapshot.js';
import { audienceShares, type FlagInEnvironment, offShares, type Shares } from './audience-shares.js';

/** Less than this is the rounding of fractions, in percentage points. */
const SMALLEST_STEP = 1e-6;

/**
 * Where one change gives a variant to more people at once than the policy lets one person, in each environment: of
 * everybody, and of those whom a rule with clauses and a percentage or a split is for. What was the off variant and stays
 * it is no ramp, nor is less of another one, nor a kill or its end. `before` is undefined for a new flag, which starts from
 * nothing.
 */
export function judgeRamp(policy: RampPolicy, before: Flag | undefined, after: Flag): Finding[] {
  const environments = policy.environments ?? Object.keys(after.file.environments);
  return environments.flatMap((environment) => {
    const was = before && flagIn(before, environment);
    const is = flagIn(after, environment);
    if (isDeepStrictEqual(was, is)) return [];
    // A new flag has the off variant that it comes with.
    const off = was === undefined || was.off === is.off ? is.off : undefined;
    const steps = stepsOf(was, is).map((step) => steepest(step, off));
    return steps.flatMap((step) => {
      if (step === undefined || step.to - step.from <= policy.points + SMALLEST_STEP) return [];
      const sentence = `${step.variant} goes from ${percent(step.from)} to ${percent(step.to)} of ${step.audience} in ${environment}; more than ${policy.points} points in one change need a second person`;
      const issue = warningAt(['environments', environment, ...step.at], 'RAMP_TOO_STEEP', sentence);
      return toFindings(after.path, [issue]).map((finding) => ({ ...finding, needsApproval: true as const }));
    });
  });
}

function flagIn({ file }: Flag, environment: string): FlagInEnvironment {
  const state = environmentState(file, environment);
  return { state, off: offVariant(file, state) };
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

function stepsOf(was: FlagInEnvironment | undefined, is: FlagInEnvironment): readonly AudienceStep[] {
  const everybody = audienceShares(was, undefined);
  const known = new Map((was?.state.rules ?? []).map((rule) => [rule.id, rule]));
  const ofRules = (is.state.rules ?? []).flatMap((rule, place): AudienceStep[] => {
    const old = known.get(rule.id);
    if (rule.when === undefined || !(isRamped(rule) || isRamped(old))) return [];
    // Whom the clauses did not mean before got what everybody got.
    const before = isDeepStrictEqual(old?.when, rule.when) ? audienceShares(was, old) : everybody;
    const audience = `those whom rule ${rule.id} is for`;
    return [{ audience, at: ['rules', place], before, after: audienceShares(is, rule) }];
  });
  const step = { audience: 'everybody', at: placeOfStep(was, is), before: everybody };
  return [{ ...step, after: audienceShares(is, undefined) }, ...killedSteps(was, is), ...ofRules];
}

/** Who is killed gets the off variant, so another one reaches everybody at once. */
function killedSteps(was: FlagInEnvironment | undefined, is: FlagInEnvironment): readonly AudienceStep[] {
  if (is.state.killed !== true || was?.off === is.off) return [];
  const before = was?.state.killed === true ? offShares(was.off) : audienceShares(was, undefined);
  return [{ audience: 'everybody', at: placeOfOff(is), before, after: offShares(is.off) }];
}

/** True where a percentage or weights say how many: whom clauses alone pick is targeting, no ramp. */
function isRamped(rule: Rule | undefined): boolean {
  if (rule === undefined) return false;
  return rule.percentage !== undefined || (typeof rule.serve === 'object' && rule.serve !== null);
}

/** The switch, the first rule for everybody, or what is served: whichever is another. */
function placeOfStep(was: FlagInEnvironment | undefined, is: FlagInEnvironment): Pointer {
  if (!is.state.enabled) return placeOfOff(is);
  if (was?.state.enabled !== true) return ['enabled'];
  const known = new Map((was.state.rules ?? []).map((rule) => [rule.id, rule]));
  const place = (is.state.rules ?? []).findIndex(
    (rule) => rule.when === undefined && !isDeepStrictEqual(rule, known.get(rule.id)),
  );
  if (place !== -1) return ['rules', place];
  return isDeepStrictEqual(was.state.serve, is.state.serve) ? [] : ['serve'];
}

function placeOfOff({ state }: FlagInEnvironment): Pointer {
  return state.offVariant === undefined ? [] : ['offVariant'];
}

/** By how much a variant grows, in per cent of the audience. */
interface VariantStep extends Pick<AudienceStep, 'audience' | 'at'> {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** The variant that grows most; undefined where only `off` is left, which is off on both sides. */
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
