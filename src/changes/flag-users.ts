import type { SourceFile } from '../files/loaded.js';
import { placeOf } from '../files/paths.js';
import type { Clause } from '../model/clause.js';
import { type EnvironmentState, type FlagFile, requirementEntry } from '../model/flag.js';
import type { FlagKey, ProjectKey } from '../model/keys.js';

/** Another flag that needs one, and where. */
export interface FlagUser {
  readonly flag: FlagKey;
  readonly environment: string;
}

/** The flags of the project that require this one, or ask for it in a rule, in order of the files. */
export function flagUsers(
  files: readonly SourceFile[],
  used: { readonly project: ProjectKey; readonly flag: FlagKey },
): readonly FlagUser[] {
  return files.flatMap((file) => {
    const meaning = placeOf(file.path);
    if (meaning.kind !== 'file' || meaning.place.kind !== 'flag') return [];
    if (meaning.place.project !== used.project || file.parsed?.kind !== 'flag') return [];
    const { key } = meaning.place;
    return environmentsUsing(file.parsed.value, used.flag).map((environment) => ({ flag: key, environment }));
  });
}

function environmentsUsing(flag: FlagFile | undefined, key: FlagKey): readonly string[] {
  const states = Object.entries(flag?.environments ?? {});
  return states.filter(([, state]) => stateUses(state, key)).map(([environment]) => environment);
}

function stateUses(state: EnvironmentState, key: FlagKey): boolean {
  const isRequired = (state.requires ?? []).some((requirement) => requirementEntry(requirement).flag === key);
  return (
    isRequired ||
    (state.rules ?? []).some((rule) => (rule.when ?? []).some((clause) => clauseUses(clause, key)))
  );
}

function clauseUses(clause: Clause, key: FlagKey): boolean {
  if ('flag' in clause) return clause.flag === key;
  if ('not' in clause) return clauseUses(clause.not, key);
  const parts = 'all' in clause ? clause.all : 'any' in clause ? clause.any : [];
  return parts.some((part) => clauseUses(part, key));
}
