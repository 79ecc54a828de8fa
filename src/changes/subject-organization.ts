import { unreachable } from '../model/unreachable.js';
import type { AccessChange, AccessList } from './access-change.js';
import { accessName } from './apply-access.js';
import type { KeyUpdate, ProjectChange } from './project-change.js';

/** What a change of projects, environments, keys or people does, in plain words. */
export function describeOrganization(change: ProjectChange | AccessChange): string {
  switch (change.kind) {
    case 'project.create':
      return `create project ${change.project}`;
    case 'project.update':
      return `change project ${change.project}`;
    case 'project.delete':
      return `delete project ${change.project}`;
    case 'environment.create':
      return `create environment ${change.environment.key}`;
    case 'environment.update':
      return `change environment ${change.environment}`;
    case 'environment.delete':
      return `delete environment ${change.environment}`;
    case 'key.create':
      return `create API key ${change.entry.name} for ${change.entry.environment}`;
    case 'key.update':
      return describeKeyUpdate(change);
    case 'key.delete':
      return `delete API key ${change.id} for ${change.environment}`;
    case 'access.create':
      return `add ${NOUNS[change.list]} ${accessName(change)}`;
    case 'access.update':
      return `change ${NOUNS[change.list]} ${change.name}`;
    case 'access.delete':
      return `remove ${NOUNS[change.list]} ${change.name}`;
    default:
      return unreachable(change);
  }
}

/** What is counted: the verb, and the noun for one and for many. */
export const COUNTED_IN_ORGANIZATION: readonly (readonly [
  (ProjectChange | AccessChange)['kind'],
  readonly [string, string, string],
])[] = [
  ['project.create', ['create', 'project', 'projects']],
  ['project.update', ['change', 'project', 'projects']],
  ['project.delete', ['delete', 'project', 'projects']],
  ['environment.create', ['create', 'environment', 'environments']],
  ['environment.update', ['change', 'environment', 'environments']],
  ['environment.delete', ['delete', 'environment', 'environments']],
  ['key.create', ['create', 'API key', 'API keys']],
  ['key.update', ['change', 'API key', 'API keys']],
  ['key.delete', ['delete', 'API key', 'API keys']],
  ['access.create', ['add', 'entry of who has access', 'entries of who has access']],
  ['access.update', ['change', 'entry of who has access', 'entries of who has access']],
  ['access.delete', ['remove', 'entry of who has access', 'entries of who has access']],
];

const NOUNS: Readonly<Record<AccessList, string>> = {
  members: 'member',
  groups: 'group',
  invitations: 'invitation of',
};

/** Another hash is another key under the same name. */
function describeKeyUpdate({ id, environment, edits }: KeyUpdate): string {
  const isNew = edits.some(({ at: [field] }) => field === 'hash');
  return `${isNew ? 'rotate' : 'change'} API key ${id} for ${environment}`;
}
