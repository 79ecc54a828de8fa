import { environmentKeys, type ProjectFile } from '../model/project.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { errorAt, type Issue } from './issue.js';
import type { ProjectSources } from './sources.js';

/**
 * Errors for environments that were served, that the project's file has no more, and that other files still name. It is
 * this file that is broken then: without the environment, each caller who asks in it would get other answers or none.
 */
export function judgeRemovals(
  file: ProjectFile,
  sources: ProjectSources,
  previous: ProjectSnapshot | undefined,
): readonly Issue[] {
  const kept = new Set(environmentKeys(file));
  const removed = previous?.environments.filter((key) => !kept.has(key)) ?? [];
  if (removed.length === 0) return [];
  const names = namesOf(sources, previous);
  return removed.flatMap((key) => {
    const users = names.filter(({ environments }) => environments.has(key));
    return users.length === 0 ? [] : [removalIssue(key, users)];
  });
}

/** A file, and the environments that it names. */
interface Naming {
  readonly file: string;
  readonly environments: ReadonlySet<string>;
}

/** Tests are not asked: no answer needs them. What cannot be read is served as it was, and needs what it named. */
function namesOf(
  { flags, overrides, apiKeys }: ProjectSources,
  previous: ProjectSnapshot | undefined,
): readonly Naming[] {
  const keys = apiKeys === undefined ? [] : (apiKeys.value ?? previous?.apiKeys ?? []);
  return [
    ...Array.from(flags, ([key, { value }]): Naming => {
      const file = value ?? previous?.flags.get(key)?.file;
      return { file: `flag ${key}`, environments: new Set(Object.keys(file?.environments ?? {})) };
    }),
    ...Array.from(overrides, ([key, { value }]): Naming => {
      const entries = value ?? previous?.flags.get(key)?.overrides ?? [];
      const environments = new Set(entries.flatMap((entry) => entry.environments ?? []));
      return { file: `the overrides of ${key}`, environments };
    }),
    { file: 'the API keys', environments: new Set(keys.map(({ environment }) => environment)) },
  ];
}

/** Who names it stands in the hint: the error stays the same one while the files are moved one by one. */
function removalIssue(key: string, [first, ...others]: readonly Naming[]): Issue {
  const count = others.length;
  const more = count === 0 ? '' : ` and ${count} other file${count === 1 ? '' : 's'}`;
  const hint = `did you mean to remove it from ${first?.file}${more} too?`;
  return errorAt(
    ['environments'],
    'UNKNOWN_ENVIRONMENT',
    `environment ${key}: removed, but still named; ${hint}`,
  );
}
