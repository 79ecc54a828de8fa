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
  /** The keys by the names that generated code has for them, also as other languages write those: `NewCheckout`. */
  readonly keysByName: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Those of the project or the organization that is named, else all. Throws `WrongUse` where there is none of that name. */
export function catalogueOf(loaded: LoadedFlags, scope: Omit<Scope, 'environment'>): Catalogue {
  const flags = flagFiles(loaded).filter(isWanted(loaded, scope));
  const byKey = new Map<string, KnownFlag[]>();
  for (const flag of flags) listOf(byKey, flag.key).push(flag);
  return { flags, byKey, keysByName: keysByName(flags) };
}

/** Code is generated for a project, so that two of them may have the same name for different keys. */
function keysByName(flags: readonly KnownFlag[]): ReadonlyMap<string, ReadonlySet<string>> {
  const projects = new Map<string, string[]>();
  for (const { org, project, key } of flags) listOf(projects, `${org}/${project}`).push(key);
  const keys = new Map<string, Set<string>>();
  for (const project of projects.values()) {
    for (const [key, name] of accessorNames(project)) {
      for (const form of [name, name.slice(0, 1).toUpperCase() + name.slice(1)])
        keys.set(form, (keys.get(form) ?? new Set()).add(key));
    }
  }
  return keys;
}

function listOf<Entry>(lists: Map<string, Entry[]>, name: string): Entry[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
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
