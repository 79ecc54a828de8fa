import type { Difference } from '../../changes/difference.js';
import { derivedId, numericId } from '../../model/ids.js';
import { type EnvironmentKey, parseEnvironmentKey } from '../../model/keys.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { JsonValue } from '../../model/values.js';
import type { HistoryEntry } from '../../repository/commit-history.js';
import { timeOf } from '../../repository/commit-time.js';
import { isObject } from '../body.js';
import { environmentId } from '../scope.js';
import { actionOf } from './audit-actions.js';
import { changesOfDifference, type FieldChanges } from './audit-changes.js';
import type { AuditGroup } from './audit-groups.js';

/** What one commit did to one resource in one environment. */
export interface AuditEntry {
  /** `<commit>-<number>`, stable: numbers count what the commit did to the whole project. */
  readonly id: string;
  readonly timestamp: string;
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly action: string;
  readonly resource: AuditResource;
  readonly environment: { readonly id: number; readonly key: string } | null;
  readonly changes: FieldChanges;
  readonly commit: string;
  readonly reason: string | null;
  readonly message: string;
  readonly sentences: readonly string[];
  /** True where the commit before it is not in this clone, as in a shallow one: it may have been an earlier one. */
  readonly isCutOff: boolean;
}

export interface AuditResource {
  readonly type: 'project' | 'environment' | 'flag' | 'segment' | 'api-key';
  /** Null where the files do not tell any more. */
  readonly id: number | null;
  readonly key: string;
}

/** What an entry tells, and the number that it has in its commit. */
export interface ToldGroup {
  readonly group: AuditGroup;
  readonly number: number;
  readonly project: ProjectSnapshot;
  /** Lists in which something moved. */
  readonly orders: FieldChanges;
}

/** One entry of the log. */
export function entryOf(
  { commit, isCutOff }: Pick<HistoryEntry, 'commit' | 'isCutOff'>,
  { group, number, project, orders }: ToldGroup,
): AuditEntry {
  const { author, oid, user } = commit;
  return {
    id: `${oid}-${number}`,
    timestamp: timeOf(commit.seconds),
    user: { id: user ?? author.email, email: author.email, name: author.name },
    action: actionOf(group),
    resource: shownResource(group, project),
    environment: shownEnvironment(group.environment, project),
    changes: { ...Object.fromEntries(group.differences.flatMap(changesOfDifference)), ...orders },
    commit: oid,
    reason: commit.reason ?? null,
    message: commit.body,
    sentences: group.differences.map(({ sentence }) => sentence),
    isCutOff,
  };
}

function shownResource({ resource, differences }: AuditGroup, project: ProjectSnapshot): AuditResource {
  const [first] = differences;
  const entry = first?.part.kind === 'entry' && first.part.list !== 'attributes' ? first.part : undefined;
  const { org, key } = project;
  switch (resource.type) {
    case 'flag':
    case 'overrides':
    case 'tests': {
      const id =
        project.flags.get(resource.key)?.id ?? idIn(first) ?? derivedId('flg', org, key, resource.key);
      return { type: 'flag', id: numericId(id), key: resource.key };
    }
    case 'segment': {
      const id =
        project.segments.get(resource.key)?.id ?? idIn(first) ?? derivedId('seg', org, key, resource.key);
      return { type: 'segment', id: numericId(id), key: resource.key };
    }
    case 'api-keys': {
      const id = idIn(first);
      return { type: 'api-key', id: id === undefined ? null : numericId(id), key: entry?.name ?? '' };
    }
    default:
      return entry === undefined
        ? { type: 'project', id: numericId(project.id), key }
        : { type: 'environment', id: environmentNumber(entry.name, project), key: entry.name };
  }
}

/** What stands in a file, or in an entry of one, that came, went or changed. */
function idIn(difference: Difference | undefined): string | undefined {
  return textIn(difference?.after, 'id') ?? textIn(difference?.before, 'id');
}

function textIn(value: JsonValue | undefined, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function shownEnvironment(
  environment: EnvironmentKey | undefined,
  project: ProjectSnapshot,
): AuditEntry['environment'] {
  if (environment === undefined) return null;
  return { id: numericId(environmentId(project, environment)), key: environment };
}

function environmentNumber(name: string, project: ProjectSnapshot): number | null {
  const key = parseEnvironmentKey(name);
  return key === undefined ? null : numericId(environmentId(project, key));
}
