import type { FlagRestore } from '../changes/change.js';
import type { GitRepository } from '../repository/git.js';
import type { FlagCache } from '../repository/served.js';
import { flagTextsAt } from '../repository/version-texts.js';
import type { FlagName } from './flag-paths.js';
import { type Fields, readText, required } from './json-fields.js';

/** Where older commits are looked up. */
export interface RestoreSource {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
}

const REVISION_LENGTH = { from: 1, to: 250 };

/** Which commit a flag is to be as, in the caller's words: whatever `at` of reads takes. */
export function readTo(fields: Fields): string {
  return required(readText(fields, 'to', REVISION_LENGTH), fields, 'to');
}

/**
 * The flag with its overrides and tests as that commit had them. Throws what `Past.resolve` throws, and `Failure`
 * REPOSITORY_DAMAGED.
 */
export async function restoreOf(
  { repository, cache }: RestoreSource,
  name: FlagName,
  to: string,
): Promise<FlagRestore> {
  const { commit } = await cache.past.resolve(to);
  const texts = await flagTextsAt(repository, commit, name);
  return { kind: 'flag.restore', project: name.project, flag: name.flag, commit, texts };
}
