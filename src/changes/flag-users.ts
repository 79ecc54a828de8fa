import type { SourceFile } from '../files/loaded.js';
import { placeOf } from '../files/paths.js';
import { usesOfFlag } from '../files/uses.js';
import type { FlagFile } from '../model/flag.js';
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
    if (file.parsed.value === undefined) return [];
    const { key } = meaning.place;
    return environmentsUsing(file.parsed.value, used.flag).map((environment) => ({ flag: key, environment }));
  });
}

function environmentsUsing(file: FlagFile, key: FlagKey): readonly string[] {
  const uses = usesOfFlag(file).flags.filter((use) => use.key === key);
  return [...new Set(uses.map(({ environment }) => environment))];
}
