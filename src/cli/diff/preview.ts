import { type Surroundings, variable } from '../surroundings.js';

/**
 * What the header `Flagstaff-At` is to name so that a server answers as the change would: the pull or merge request in
 * which this runs, as its host's CI tells it, where the change is what its job checked out; else the commit.
 */
export function previewRevision(
  { commit, head }: { readonly commit: string; readonly head: string | undefined },
  around: Surroundings,
): string {
  if (commit !== head) return commit;
  const pull = /^refs\/(pull\/\d+)\//.exec(variable(around, 'GITHUB_REF') ?? '')?.[1];
  if (pull !== undefined) return `${pull}/head`;
  const merge = /^\d+$/.exec(variable(around, 'CI_MERGE_REQUEST_IID') ?? '')?.[0];
  return merge === undefined ? commit : `merge-requests/${merge}/head`;
}
