import type { EnvironmentState, Rule } from '../../../model/flag.js';
import type { JsonObject } from '../../../model/values.js';
import { Inexact } from '../draft.js';
import { isObject, textOf } from '../read.js';
import { listedObjects, shareOf, switchOf } from '../strict.js';
import { whenOf } from '../when.js';
import { type FlagReading, sorted } from './variant.js';

/** What a boolean flag does. Its rollouts count while it is not enabled too: then all others get false. Throws `Inexact`. */
export function booleanState(flag: JsonObject, reading: FlagReading): EnvironmentState {
  const rules = sorted(listedObjects(flag.rollouts, 'rollouts')).flatMap((rollout, place) =>
    ruleOf(rollout, { ...reading, id: `rollout-${place + 1}` }),
  );
  const isOn = switchOf(flag.enabled, 'enabled');
  if (rules.length === 0) return { enabled: isOn };
  return { enabled: true, rules, ...(isOn ? {} : { serve: 'off' }) };
}

interface RolloutReading extends FlagReading {
  readonly id: string;
}

function ruleOf(rollout: JsonObject, reading: RolloutReading): readonly Rule[] {
  const description = textOf(rollout.description)?.slice(0, 2000);
  const shared = { id: reading.id, ...(description === undefined ? {} : { description }) };
  if (isObject(rollout.threshold)) return thresholdRule(rollout.threshold, shared, reading);
  if (rollout.segment === undefined)
    throw new Inexact('rollouts', 'a rollout has neither a segment nor a threshold');
  const when = reading.segments.condition(rollout.segment, undefined);
  if (when === false) return [];
  const conditions = whenOf(when);
  const value = isObject(rollout.segment) && switchOf(rollout.segment.value, 'value');
  return [{ ...shared, ...conditions, ...serving(value) }];
}

/** People are divided into a hundred parts there, so half a per cent lets in one. */
function thresholdRule(
  { percentage, value }: JsonObject,
  shared: Pick<Rule, 'id' | 'description'>,
  { note }: FlagReading,
): readonly Rule[] {
  const share = Math.ceil(shareOf(percentage, 'percentage'));
  if (share <= 0) return [];
  if (share >= 100) return [{ ...shared, ...serving(switchOf(value, 'value')) }];
  note('moved', 'threshold', 'a checksum of the entity and the flag places people there, in whole per cents');
  return [{ ...shared, percentage: share, ...serving(switchOf(value, 'value')) }];
}

function serving(value: boolean): { readonly serve?: string } {
  return value ? {} : { serve: 'off' };
}
