import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';

/** What a difference is about: a resource of the model, not a file. Overrides and tests belong to their flag. */
export type Resource =
  | { readonly type: 'settings' }
  | { readonly type: 'org'; readonly org: OrgKey }
  | { readonly type: 'project' | 'api-keys'; readonly org: OrgKey; readonly project: ProjectKey }
  | {
      readonly type: 'flag' | 'overrides' | 'tests';
      readonly org: OrgKey;
      readonly project: ProjectKey;
      readonly key: FlagKey;
    }
  | { readonly type: 'segment'; readonly org: OrgKey; readonly project: ProjectKey; readonly key: SegmentKey }
  /** A path below `flags/` that no kind of file has. */
  | { readonly type: 'file'; readonly path: string };

/**
 * One difference in meaning between two versions of a file, small enough to be said in one sentence and blamed on one
 * commit.
 */
export interface Difference {
  readonly path: string;
  readonly resource: Resource;
  /** Where it is about one environment: that one. */
  readonly environment?: EnvironmentKey;
  /** What of the resource it is: the smallest thing that has a name. */
  readonly part: Part;
  /** `moved` is another place in an ordered list, with the same content. */
  readonly action: 'added' | 'removed' | 'changed' | 'moved';
  /** Its place in the newer version; in the older one where it was removed. Empty for the whole file. */
  readonly at: Pointer;
  /** Left out where there was nothing. */
  readonly before?: JsonValue;
  /** Left out where there is nothing. */
  readonly after?: JsonValue;
  /** One sentence without a dot at its end: `production: rollout of canary 5 % → 20 %`. It does not name the resource. */
  readonly sentence: string;
}

/** Whom a name means: a user and a company may have the same one. */
export type Named = 'user' | 'company';

/** What of a resource is different. */
export type Part =
  /** The resource came or went as a whole. */
  | { readonly kind: 'whole' }
  /** A field with a name, as a dotted path below the file or the environment's state: `description`, `enabled`, `serve`. */
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'rule'; readonly id: string }
  | { readonly kind: 'attachment'; readonly segment: string }
  | { readonly kind: 'requirement'; readonly flag: string }
  /** The exception of one name, in the difference's environment or in all. */
  | { readonly kind: 'override'; readonly who: Named; readonly name: string }
  | { readonly kind: 'variant'; readonly name: string }
  | { readonly kind: 'test'; readonly name: string }
  /** Of a segment: one who is included or excluded. */
  | {
      readonly kind: 'member';
      readonly list: 'include' | 'exclude';
      readonly who: Named;
      readonly name: string;
    }
  /** Of an organization: a person, a group, an invitation; of a project: an environment, an attribute, an API key. */
  | { readonly kind: 'entry'; readonly list: string; readonly name: string }
  /** Comments, order of keys, quotes or blank lines only; the meaning is the same. */
  | { readonly kind: 'layout' }
  /** The file became unreadable, or readable again. */
  | { readonly kind: 'readable' };
