import type { FlagKey, OrgKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';

/** What a file is, and whose; only keys that are in their grammar get here. `kind` is the kind of its content. */
export type Place =
  | { readonly kind: 'config' }
  | { readonly kind: 'org'; readonly org: OrgKey }
  | { readonly kind: 'project' | 'api-keys'; readonly org: OrgKey; readonly project: ProjectKey }
  | {
      readonly kind: 'flag' | 'overrides' | 'tests';
      readonly org: OrgKey;
      readonly project: ProjectKey;
      readonly key: FlagKey;
    }
  | {
      readonly kind: 'segment';
      readonly org: OrgKey;
      readonly project: ProjectKey;
      readonly key: SegmentKey;
    };

/** What a path means: a file that Flagstaff reads, one that it leaves alone, or one that should not be there. */
export type PathMeaning =
  | { readonly kind: 'file'; readonly place: Place }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Says what the file at a path is. The path is from the top of the repository, with `/`. */
export function placeOf(path: string): PathMeaning {
  return {
    kind: 'problem',
    problem: { path, line: 1, column: 1, code: 'UNEXPECTED_FILE', severity: 'error', message: '' },
  };
}

/** The path of a place, from the top of the repository: `flags/acme/web-app/flags/dark-mode.yaml`. */
export function pathOf(place: Place): string {
  return place.kind;
}
