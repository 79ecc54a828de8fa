import type { Difference } from '../../changes/difference.js';
import { parseFile } from '../../files/parse.js';
import type { Pointer } from '../../model/problem.js';
import type { JsonValue } from '../../model/values.js';
import type { HistoryEntry } from '../../repository/commit-history.js';
import type { GitRepository } from '../../repository/git.js';
import { isObject } from '../body.js';
import type { FieldChange, FieldChanges } from './audit-changes.js';
import type { AuditGroup } from './audit-groups.js';

/**
 * The lists of a flag or a project in which something moved, by the names of their items: one item alone does not tell
 * where it was.
 */
export async function ordersIn(
  repository: GitRepository,
  { files }: Pick<HistoryEntry, 'files'>,
  { differences }: AuditGroup,
): Promise<FieldChanges> {
  const orders: [string, FieldChange][] = [];
  for (const { path, resource, at } of differences.filter(isMove)) {
    const list = at.slice(0, -1);
    const name = String(list.at(-1));
    const file = files.find((each) => each.path === path);
    if (file === undefined || orders.some(([known]) => known === name)) continue;
    const kind = resource.type === 'project' ? 'project' : 'flag';
    const read = (blob: string | undefined) => namesAt(repository, { kind, blob, list });
    orders.push([name, { before: await read(file.before), after: await read(file.after) }]);
  }
  return Object.fromEntries(orders);
}

/** Those of a list of names: rules, attached segments, environments. */
function isMove({ action, part }: Difference): boolean {
  return action === 'moved' && (part.kind === 'rule' || part.kind === 'attachment' || part.kind === 'entry');
}

async function namesAt(
  repository: GitRepository,
  {
    kind,
    blob,
    list,
  }: { readonly kind: 'flag' | 'project'; readonly blob: string | undefined; readonly list: Pointer },
): Promise<JsonValue> {
  if (blob === undefined) return null;
  const { value } = parseFile(kind, await repository.readBlob(blob));
  const items = list.reduce<unknown>(
    (parent, step) => (parent as Record<string, unknown> | undefined)?.[step],
    value,
  );
  return Array.isArray(items) ? items.map(nameOf) : null;
}

function nameOf(item: JsonValue): JsonValue {
  if (!isObject(item)) return item;
  return item.id !== undefined && item.key === undefined ? item.id : (item.key ?? item.segment ?? null);
}
