import { Failure } from '../model/failure.js';
import { type FlagKey, parseFlagKey } from '../model/keys.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import type { ServedOrg } from '../repository/served.js';
import { demandFullView } from './as-of.js';
import { type FeatureFlagOptions, questionOf } from './feature-flag-asked.js';
import { ambiguous, candidatesOf, defaultProject } from './flag-lookup.js';
import { type FlagName, flagPaths } from './flag-paths.js';
import type { Asked } from './route.js';

/** A flag that is there, or was. */
export interface PastFlag {
  readonly served: ServedOrg;
  readonly project: ProjectSnapshot;
  readonly name: FlagName;
}

/**
 * The flag that the path names, among those that are served and, where none of that key is, among those that once were.
 * Throws a `Failure` for callers who may not see all flags, for what can be no key, `not-found` where no organization
 * ever had it, and `conflict` where several have or had.
 */
export function findPastFlag(options: FeatureFlagOptions, asked: Asked): PastFlag {
  const { cache, publicAccess } = options;
  demandFullView(asked.caller, publicAccess);
  const question = questionOf(options, asked);
  const flags = candidatesOf(cache, question).flatMap((served) => flagIn(served, question.key));
  const served = flags.filter(({ project, name }) => project.flags.has(name.flag));
  const known = served.length > 0 ? served : flags.filter(({ name }) => wasThere(options, name));
  const [only, ...others] = known;
  if (only === undefined) {
    throw new Failure('not-found', 'FLAG_NOT_FOUND', `flag ${question.key}: not found`);
  }
  if (others.length > 0) throw ambiguous(question.key, known);
  return only;
}

function flagIn(served: ServedOrg, text: string): readonly PastFlag[] {
  const project = defaultProject(served.snapshot);
  const flag: FlagKey | undefined = parseFlagKey(text);
  if (project === undefined || flag === undefined) return [];
  return [{ served, project, name: { org: served.snapshot.key, project: project.key, flag } }];
}

function wasThere({ cache }: FeatureFlagOptions, name: FlagName): boolean {
  return flagPaths(name).some((path) => cache.history.lastChange(path) !== undefined);
}
