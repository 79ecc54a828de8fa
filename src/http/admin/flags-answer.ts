import { numericId } from '../../model/ids.js';
import type { FlagKey, ProjectKey } from '../../model/keys.js';
import type { Flag } from '../../model/snapshot.js';
import type { WriteResult } from '../../repository/write-request.js';
import type { Reply } from '../route.js';
import { headersOfWrite } from '../write-headers.js';
import { type AdminOptions, type CurrentProject, changedMeanwhile } from './exact-write.js';
import { type ShownFlag, shownFlag } from './flags-shape.js';
import { headersOfFlag } from './rules-write.js';

/** Which flag was written. */
interface FlagPlace {
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

/** A flag as it is served, or as a commit left it. */
export function shownIn(
  { cache }: AdminOptions,
  { project, flag }: Pick<CurrentProject, 'project'> & { readonly flag: Flag },
  asOf?: string,
): ShownFlag {
  return shownFlag(flag, { project, times: cache.history.timesOf(flag.path, asOf) });
}

/** A flag as a write left it. Throws `Failure` CHANGED_MEANWHILE where it cannot be served so. */
export function writtenReply(options: AdminOptions, result: WriteResult, place: FlagPlace): Reply {
  const { served, project, flag } = flagAfter(result, place);
  const headers = { ...headersOfFlag(served, flag), ...headersOfWrite(result) };
  return { status: 200, headers, body: shownIn(options, { project, flag }, result.commit) };
}

/** The same of a new flag, with where it is from now on. */
export function createdReply(options: AdminOptions, result: WriteResult, place: FlagPlace): Reply {
  const { project, flag } = flagAfter(result, place);
  const { headers, body } = writtenReply(options, result, place);
  const location = `/api/admin/projects/${numericId(project.id)}/flags/${numericId(flag.id)}`;
  return { status: 201, headers: { ...headers, Location: location }, ...(body && { body }) };
}

function flagAfter({ served, commit }: WriteResult, place: FlagPlace) {
  const project = served?.snapshot.projects.get(place.project);
  const flag = project?.flags.get(place.flag);
  if (served !== undefined && project !== undefined && flag !== undefined) return { served, project, flag };
  throw changedMeanwhile(commit);
}
