import { comparable } from '../evaluation/names.js';
import type { OverrideEntry, OverridesFile } from '../model/override.js';
import type { Names } from '../model/segment.js';
import { errorAt, type Issue, placed, warningAt } from './issue.js';
import { judgeDay } from './meaning-names.js';

/** What an overrides file says that cannot be meant, as far as it alone can tell. */
export function judgeOverrides(overrides: OverridesFile): Issue[] {
  return [
    ...overrides.flatMap(judgeEntry),
    ...judgeNames(overrides, 'users'),
    ...judgeNames(overrides, 'companies'),
  ];
}

function judgeEntry(entry: OverrideEntry, place: number): Issue[] {
  const named = entry.users !== undefined || entry.companies !== undefined;
  const sentence = placed([place], 'neither users nor companies are named; one of them was wanted');
  return [
    ...(named ? [] : [errorAt([place], 'MISSING_FIELD', sentence)]),
    ...judgeDay(entry.until, [place, 'until']),
    ...(entry.users ?? []).flatMap((name, index) => judgeAddress(name, [place, 'users', index])),
  ];
}

function judgeAddress(name: string, at: readonly (string | number)[]): Issue[] {
  if (!name.includes('@')) return [];
  const sentence = 'an e-mail address stays in the git history for ever; an id was wanted';
  return [warningAt(at, 'EMAIL_IN_OVERRIDE', placed(at, sentence))];
}

/** One name may stand once for an environment: which of two entries counts would be a guess. */
function judgeNames(overrides: OverridesFile, list: keyof Names): Issue[] {
  const covered = new Map<string, Set<string>>();
  return overrides.flatMap((entry, place) =>
    (entry[list] ?? []).flatMap((name, index) => {
      const environments = entry.environments ?? [ALL];
      const compared = list === 'users' ? comparable(name) : name;
      const before = covered.get(compared) ?? new Set<string>();
      const clash = clashOf(environments, before);
      covered.set(compared, new Set([...before, ...environments]));
      if (clash === undefined) return [];
      const at = [place, list, index];
      const where = clash === ALL ? '' : ` for ${clash}`;
      return [
        errorAt(at, 'DUPLICATE_NAME', placed(at, `the name stands before it${where}; once was wanted`)),
      ];
    }),
  );
}

/** Stands for every environment; no key of an environment is empty. */
const ALL = '';

/** The environment for which the name stands a second time, or undefined. */
function clashOf(environments: readonly string[], before: ReadonlySet<string>): string | undefined {
  if (before.size === 0) return undefined;
  if (before.has(ALL) || environments.includes(ALL)) return ALL;
  return environments.find((environment) => before.has(environment));
}
