import { isDeepStrictEqual } from 'node:util';
import type { FlagFile } from '../../../src/model/flag.js';
import type { JsonValue } from '../../../src/model/values.js';
import type { Step } from './schema-steps.js';

/** What a field means where it is left out, as the model's comments say it. */
const DEFAULTS: Readonly<Record<string, (root: JsonValue) => JsonValue | undefined>> = {
  'FlagFile.type': () => 'boolean',
  'FlagFile.status': () => 'development',
  'FlagFile.client': () => false,
  'FlagFile.offVariant': () => 'off',
  'FlagFile.environments': () => ({ enabled: false }),
  'EnvironmentState.killed': () => false,
  'EnvironmentState.offVariant': (root) => (root as unknown as FlagFile).offVariant ?? 'off',
  'EnvironmentState.serve': () => 'on',
  'Rule.serve': () => 'on',
  'AttachmentEntry.serve': () => 'on',
  'RequirementEntry.variant': () => 'on',
  'FlagClause.variant': () => 'on',
  'AttributeClause.ignoreCase': () => false,
  'OverrideEntry.serve': () => 'on',
  'SegmentFile.active': () => true,
  'ProjectFile.defaultEnvironment': () => 'production',
  'TestCase.enabled': () => true,
  'TestCase.killed': () => false,
};

/** Lists and maps that mean nothing where they are empty. */
const EMPTY = new Set([
  'FlagFile.tags',
  'FlagFile.metadata',
  'EnvironmentState.segments',
  'EnvironmentState.requires',
  'EnvironmentState.rules',
  'SegmentFile.include',
  'SegmentFile.exclude',
  'Names.users',
  'Names.companies',
  'OrgFile.members',
  'OrgFile.groups',
  'OrgFile.invitations',
  'Member.permissions',
  'Group.members',
  'Group.permissions',
  'Invitation.permissions',
  'TestCase.context',
  'ProjectFile.webhooks',
  'ProjectFile.recording',
  'Recording.attributes',
  'Recording.hashed',
]);

/** Where the order of two items counts: it places people, or is that of promotion. */
export const ORDERED: ReadonlySet<string> = new Set([
  'EnvironmentState.rules',
  'EnvironmentState.segments',
  'EnvironmentState.serve',
  'Rule.serve',
  'ProjectFile.environments',
]);

/** True where a step changes what the file means: asked of the words of the model, not of the code. */
export function isMeant({ field, kind, before, after }: Step, root: JsonValue): boolean {
  if (kind === 'swap')
    return ORDERED.has(field) || (field === 'OverridesFile' && [before, after].every(hasUsers));
  const usual = DEFAULTS[field]?.(root);
  const [old, now] = [before, after].map((value) => (isNothing(value, field) ? usual : value));
  return !isDeepStrictEqual(old, now);
}

function isNothing(value: JsonValue | undefined, field: string): boolean {
  if (value === undefined) return true;
  return (
    EMPTY.has(field) && typeof value === 'object' && value !== null && Object.values(value).every(isBlank)
  );
}

function isBlank(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function hasUsers(entry: JsonValue | undefined): boolean {
  return typeof entry === 'object' && entry !== null && 'users' in entry;
}
