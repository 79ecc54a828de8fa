import { Failure } from '../../model/failure.js';
import { parseGroupKey } from '../../model/keys.js';
import type { Group } from '../../model/org.js';
import type { ServedOrg } from '../../repository/served.js';
import { readFields, readKey, refuseChanged, required } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf } from '../scope.js';
import { headersOfWrite } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { describedBy, editsOfDescribed } from './described.js';
import { type AdminOptions, readWanted } from './exact-write.js';
import { mayLeaveNoAdmin, orgHeaders, writePeople } from './people.js';
import { editsOfList, listed, readEmails } from './people-fields.js';
import { readPermissions } from './permission-fields.js';

const GROUPS = '/api/admin/groups';
const READ_ONLY = ['key', 'organizationId'] as const;
const GROUP_FIELDS = ['name', 'members', 'permissions'];

/** People who share permissions, in the words of the admin API. */
export interface ShownGroup {
  readonly key: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly permissions: readonly string[];
  readonly organizationId: string;
}

/** The groups of an organization. */
export function groupRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${GROUPS}`, query: [], handle: listGroups },
    { operation: `POST ${GROUPS}`, query: [], handle: (asked) => createGroup(options, asked) },
    { operation: `GET ${GROUPS}/:groupKey`, query: [], handle: getGroup },
    { operation: `PUT ${GROUPS}/:groupKey`, query: [], handle: (asked) => updateGroup(options, asked) },
    { operation: `DELETE ${GROUPS}/:groupKey`, query: [], handle: (asked) => deleteGroup(options, asked) },
  ];
}

function listGroups(asked: Asked): Reply {
  const served = orgOf(asked);
  const body = (served.snapshot.file.groups ?? []).map((group) => shownGroup(served, group));
  return { status: 200, headers: orgHeaders(served), body };
}

function getGroup(asked: Asked): Reply {
  const served = orgOf(asked);
  const group = findGroup(served, groupKeyOf(asked));
  return { status: 200, headers: orgHeaders(served), body: shownGroup(served, group) };
}

async function createGroup(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['key', ...GROUP_FIELDS, ...WORD_FIELDS]);
  const key = required(readKey(fields, 'key', parseGroupKey), fields, 'key');
  const entryIn = (now: ServedOrg): Group => ({
    key,
    ...describedBy(fields, 'name'),
    ...listed('members', readEmails(fields, 'members')),
    ...listed('permissions', readPermissions(fields, now)),
  });
  const { result, served } = await writePeople(options, asked, {
    changesOf: (now) => [{ kind: 'access.create', list: 'groups', entry: entryIn(now) }],
    words: readWords(fields),
  });
  const headers = { ...orgHeaders(served), ...headersOfWrite(result), Location: `${GROUPS}/${key}` };
  return { status: 201, headers, body: shownGroup(served, findGroup(served, key)) };
}

async function updateGroup(options: AdminOptions, asked: Asked): Promise<Reply> {
  const key = groupKeyOf(asked);
  const fields = readFields(await readWanted(asked), '', [...READ_ONLY, ...GROUP_FIELDS, ...WORD_FIELDS]);
  const { result, served } = await writePeople(options, asked, {
    changesOf: (now) => {
      const group = findGroup(now, key);
      const { name, ...fixed } = shownGroup(now, group);
      refuseChanged(fields, READ_ONLY, fixed);
      const edits = [
        ...editsOfDescribed(fields, group, { name }),
        ...editsOfList('members', group.members, readEmails(fields, 'members')),
        ...editsOfList('permissions', group.permissions, readPermissions(fields, now, group.permissions)),
      ];
      const place = { list: 'groups', name: key, mayLeaveNoAdmin: mayLeaveNoAdmin(asked) } as const;
      return [{ kind: 'access.update', ...place, edits }];
    },
    words: readWords(fields),
  });
  const headers = { ...orgHeaders(served), ...headersOfWrite(result) };
  return { status: 200, headers, body: shownGroup(served, findGroup(served, key)) };
}

async function deleteGroup(options: AdminOptions, asked: Asked): Promise<Reply> {
  const name = groupKeyOf(asked);
  const place = { list: 'groups', name, mayLeaveNoAdmin: mayLeaveNoAdmin(asked) } as const;
  const { result } = await writePeople(options, asked, {
    changesOf: () => [{ kind: 'access.delete', ...place }],
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** Throws a `Failure` of kind `invalid` for what is no key. */
function groupKeyOf({ params: { groupKey = '' } }: Asked): string {
  const key = parseGroupKey(groupKey);
  if (key !== undefined) return key;
  throw new Failure('invalid', 'INVALID_KEY', 'the group: not in the grammar of keys');
}

function findGroup({ snapshot: { file } }: ServedOrg, key: string): Group {
  const group = file.groups?.find((one) => one.key === key);
  if (group !== undefined) return group;
  throw new Failure('not-found', 'GROUP_NOT_FOUND', `group ${key}: not found`);
}

function shownGroup({ snapshot }: ServedOrg, group: Group): ShownGroup {
  const { key, name = key, members = [], permissions = [] } = group;
  return { key, name, members, permissions, organizationId: snapshot.id };
}
