import { placeOf } from '../../files/paths.js';
import type { FlagKey } from '../../model/keys.js';
import { chooseOrg, chooseProject, type Scope } from '../choose.js';
import { accessorNames } from '../codegen/accessor-names.js';
import type { LoadedFlags } from '../load-flags.js';

/** A flag that has a file, whether that can be read or not. */
export interface KnownFlag {
  readonly org: string;
  readonly project: string;
  readonly key: FlagKey;
  readonly path: string;
}

/** The flags that code may name. */
export interface Catalogue {
  /** In order of their paths. */
  readonly flags: readonly KnownFlag[];
  /** Several projects may have flags of the same key. */
  readonly byKey: ReadonlyMap<string, readonly KnownFlag[]>;
  /** The keys by the names that generated code has for them. */
  readonly keyByName: ReadonlyMap<string, string>;
}

/** Those of the project or the organization that is named, else all. Throws `WrongUse` where there is none of that name. */
export function catalogueOf(loaded: LoadedFlags, scope: Omit<Scope, 'environment'>): Catalogue {
  const flags = flagFiles(loaded).filter(isWanted(loaded, scope));
  const byKey = new Map<string, KnownFlag[]>();
  for (const flag of flags) {
    const same = byKey.get(flag.key);
    if (same === undefined) byKey.set(flag.key, [flag]);
    else same.push(flag);
  }
  const names = accessorNames(byKey.keys());
  return { flags, byKey, keyByName: new Map([...names].map(([key, name]) => [name, key])) };
}

function flagFiles({ folders }: LoadedFlags): readonly KnownFlag[] {
  const paths = [...folders.values()].flatMap(({ files }) => files.map(({ path }) => path));
  return paths.sort().flatMap((path) => {
    const meaning = placeOf(path);
    if (meaning.kind !== 'file' || meaning.place.kind !== 'flag') return [];
    const { org, project, key } = meaning.place;
    return [{ org, project, key, path }];
  });
}

function isWanted(loaded: LoadedFlags, scope: Omit<Scope, 'environment'>): (flag: KnownFlag) => boolean {
  if (scope.project !== undefined) {
    const { org, key } = chooseProject(loaded, scope);
    return (flag) => flag.org === org && flag.project === key;
  }
  if (scope.org === undefined) return () => true;
  const { key } = chooseOrg(loaded, scope);
  return ({ org }) => org === key;
}
