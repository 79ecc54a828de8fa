import type { Edit } from '../files/edit.js';
import type { EnvironmentKey, ProjectKey } from '../model/keys.js';
import type { PermissionText } from '../model/org.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { Draft } from './draft.js';
import { readOrg } from './project-files.js';

/** What goes: a project with all its environments, or one of them. */
export interface GonePlace {
  readonly project: ProjectKey;
  readonly environment?: EnvironmentKey;
}

/**
 * Takes what people may do in a project or an environment that goes out of the organization's file, so that nobody gets
 * a role by its key being used again. The people stay, without roles where they had no other. Throws FILE_BROKEN.
 */
export function endRolesIn(files: Draft, gone: GonePlace, { org, now }: ApplyOptions): void {
  const file = readOrg(files, org);
  if (file === undefined) return;
  const { source, value } = file;
  const edits = (['members', 'groups', 'invitations'] as const).flatMap((list) =>
    (value[list] ?? []).flatMap(({ permissions = [] }, entry) =>
      removals(permissions, gone).map((place) => removal([list, entry, 'permissions', place])),
    ),
  );
  applyEdits(files, { source, edits, now });
}

/** The places of those that are about it, from the last one on, so that no place moves before it is used. */
function removals(
  permissions: readonly PermissionText[],
  { project, environment }: GonePlace,
): readonly number[] {
  const beginnings =
    environment === undefined
      ? [`project:${project}:`, `env:${project}/`]
      : [`env:${project}/${environment}:`];
  const isAboutIt = (permission: string): boolean => beginnings.some((begin) => permission.startsWith(begin));
  return [...permissions.entries()]
    .reverse()
    .flatMap(([place, permission]) => (isAboutIt(permission) ? [place] : []));
}

function removal(at: Edit['at']): Edit {
  return { at, remove: true };
}
