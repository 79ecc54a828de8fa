import { endOfDay } from '../../evaluation/check.js';
import {
  attachmentEntry,
  type EnvironmentState,
  environmentState,
  offVariant,
  type Serve,
} from '../../model/flag.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import type { VariantName } from '../../model/values.js';

/**
 * The one variant that the flag gives to everybody in every environment of its project, whatever the context; undefined
 * where there may be several, or the caller's own default. It is the off variant where everybody gets that. Overrides
 * whose last day is past at `now` (epoch milliseconds) give nothing.
 */
export function constantVariant(flag: Flag, project: ProjectSnapshot, now: number): VariantName | undefined {
  const given = new Set<VariantName | null>();
  for (const environment of project.environments) {
    const state = environmentState(flag.file, environment);
    addAnswers(given, state, offVariant(flag.file, state) ?? null);
    if (state.killed !== true) addOverrides(given, flag, { environment, now });
    if (given.size > 1) return undefined;
  }
  const [only] = given;
  return only ?? undefined;
}

/**
 * Since when everybody has got this variant, which is what all get now: since the files say so (`changed`), and no
 * override gives some of them another one any more. All moments are epoch milliseconds.
 */
export function constantSince({
  flag: { overrides },
  variant,
  changed,
  now,
}: {
  readonly flag: Flag;
  readonly variant: VariantName;
  readonly changed: number;
  readonly now: number;
}): number {
  const ends = overrides.flatMap(({ until, serve = 'on' }) =>
    until === undefined || serve === variant ? [] : (endOfDay(until) ?? []),
  );
  return Math.max(changed, ...ends.filter((end) => end <= now));
}

/** What the flag's own file may give; null is the caller's own default. */
function addAnswers(given: Set<VariantName | null>, state: EnvironmentState, off: VariantName | null): void {
  if (state.killed === true) {
    given.add(off);
    return;
  }
  for (const attachment of state.segments ?? []) given.add(attachmentEntry(attachment).serve);
  if (!state.enabled || (state.requires ?? []).length > 0) given.add(off);
  if (!state.enabled) return;
  for (const { serve, percentage } of state.rules ?? []) if (percentage !== 0) addServe(given, serve);
  addServe(given, state.serve);
}

function addServe(given: Set<VariantName | null>, serve: Serve = 'on'): void {
  if (typeof serve !== 'object' || serve === null) {
    given.add(serve);
    return;
  }
  for (const [variant, weight] of Object.entries(serve)) if (weight > 0) given.add(variant);
}

function addOverrides(
  given: Set<VariantName | null>,
  { overrides }: Flag,
  { environment, now }: { readonly environment: string; readonly now: number },
): void {
  for (const { environments, serve, until } of overrides) {
    const end = until === undefined ? undefined : endOfDay(until);
    const isPast = end !== undefined && end <= now;
    if (isPast || environments?.includes(environment) === false) continue;
    given.add(serve === undefined ? 'on' : serve);
  }
}
