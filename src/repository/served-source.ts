import type { GitRepository } from './git.js';
import { refSource } from './shown-ref.js';
import { commitSource, type FlagSource, workTreeSource } from './source.js';

/** What is to be served: a revision, the work tree, a branch, or HEAD. */
interface Wanted {
  readonly repository: GitRepository;
  readonly branch?: string | undefined;
  readonly ref?: string | undefined;
  readonly worktree?: boolean | undefined;
}

/** Where the flags come from. A bare repository has no work tree: its HEAD is served instead. */
export function servedSource({ repository, branch, ref, worktree }: Wanted): FlagSource {
  if (ref !== undefined) return refSource(repository, ref);
  const { workDir } = repository;
  return worktree && workDir !== undefined
    ? workTreeSource(repository, workDir)
    : commitSource(repository, branch);
}
