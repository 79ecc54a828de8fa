import type { Change } from '../../changes/change.js';
import { isSame } from '../../changes/difference/same.js';
import type { Edit } from '../../files/edit.js';
import {
  attachmentEntry,
  type EnvironmentState,
  environmentState,
  type FlagFile,
  flagVariants,
  requirementEntry,
} from '../../model/flag.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { JsonValue } from '../../model/values.js';
import { changesOfRules, type RulesPlace } from './rules-changes.js';
import { isSameServe } from './rules-serve.js';

/**
 * As few changes as let a flag do in the environment of the place what it does in this one: none where it does so
 * already, however the file writes it. The kill switch stays as it is: it is for one environment, for now.
 */
export function changesOfPromotion(
  place: RulesPlace,
  { file, from }: { readonly file: FlagFile; readonly from: EnvironmentKey },
): readonly Change[] {
  const { project, flag, environment } = place;
  const [now, wanted] = [environmentState(file, environment), wantedState(file, from, environment)];
  const [rules, wantedRules] = [now.rules ?? [], wanted.rules ?? []];
  const isAllOrNone = rules.length === 0 || wantedRules.length === 0;
  const others = [
    ...OTHER_FIELDS.flatMap((field) => editOf(field, now, wanted)),
    ...(isAllOrNone ? editOf('rules', now, wanted) : []),
  ];
  // A block that is written says whether the flag is enabled.
  const isNew = others.length > 0 && !Object.hasOwn(file.environments, environment);
  const isSwitched = isNew || now.enabled !== wanted.enabled;
  const edits: readonly Edit[] = isSwitched ? [{ at: ['enabled'], set: wanted.enabled }, ...others] : others;
  const below = edits.map((edit) => ({ ...edit, at: ['environments', environment, ...edit.at] }));
  return [
    ...(below.length === 0 ? [] : [{ kind: 'flag.update', project, flag, edits: below } as const]),
    ...(isAllOrNone ? [] : changesOfRules(place, { current: rules, wanted: wantedRules })),
  ];
}

type PromotedField = 'segments' | 'requires' | 'rules' | 'serve' | 'offVariant';

const OTHER_FIELDS = ['segments', 'requires', 'serve', 'offVariant'] as const;

/** Where the file does not name the one environment, and there is no variant `on`, the other goes on saying what it serves. */
function wantedState(file: FlagFile, from: EnvironmentKey, to: EnvironmentKey): EnvironmentState {
  const state = environmentState(file, from);
  if (state.serve !== undefined || Object.hasOwn(flagVariants(file), 'on')) return state;
  const { serve } = environmentState(file, to);
  return serve === undefined ? state : { ...state, serve };
}

function editOf(field: PromotedField, now: EnvironmentState, wanted: EnvironmentState): readonly Edit[] {
  if (isSameIn(field, now, wanted)) return [];
  const value = wanted[field];
  return [
    value === undefined ? { at: [field], remove: true } : { at: [field], set: value as unknown as JsonValue },
  ];
}

function isSameIn(field: PromotedField, now: EnvironmentState, wanted: EnvironmentState): boolean {
  if (field === 'serve') return isSameServe(now.serve, wanted.serve);
  return isSame(meaningOf(field, now), meaningOf(field, wanted));
}

/** The same for all ways to write it; a list of nothing is none. */
function meaningOf(field: Exclude<PromotedField, 'serve'>, state: EnvironmentState): unknown {
  switch (field) {
    case 'segments':
      return (state.segments ?? []).map(attachmentEntry);
    case 'requires':
      return (state.requires ?? []).map(requirementEntry);
    case 'rules':
      return state.rules ?? [];
    default:
      return state[field];
  }
}
