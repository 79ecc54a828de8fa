import type { AccessChange, AccessUpdate } from '../../changes/access-change.js';
import { foldEmail, isSameEmail } from '../../model/email.js';
import { Failure } from '../../model/failure.js';
import type { Member } from '../../model/org.js';
import type { ServedOrg } from '../../repository/served.js';
import { type Fields, readFields, refuseChanged, required } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf } from '../scope.js';
import { headersOfWrite } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { describedBy, editsOfDescribed } from './described.js';
import { type AdminOptions, readWanted } from './exact-write.js';
import { mayLeaveNoAdmin, orgHeaders, writePeople } from './people.js';
import { editsOfList, emailOf, listed, readEmail } from './people-fields.js';
import { readPermissions } from './permission-fields.js';

const MEMBERS = '/api/admin/members';
const READ_ONLY = ['email', 'groups', 'organizationId'] as const;

/** Somebody with a role, in the words of the admin API. */
export interface ShownMember {
  readonly email: string;
  readonly name: string;
  /** Their own; what their groups may do comes on top. */
  readonly permissions: readonly string[];
  /** The keys of the groups that they are in. */
  readonly groups: readonly string[];
  readonly organizationId: string;
}

/** The people of an organization: those who are listed as its members, and those who are only in its groups. */
export function memberRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${MEMBERS}`, query: [], handle: listMembers },
    { operation: `POST ${MEMBERS}`, query: [], handle: (asked) => createMember(options, asked) },
    { operation: `GET ${MEMBERS}/:email`, query: [], handle: getMember },
    { operation: `PUT ${MEMBERS}/:email`, query: [], handle: (asked) => updateMember(options, asked) },
    { operation: `DELETE ${MEMBERS}/:email`, query: [], handle: (asked) => deleteMember(options, asked) },
  ];
}

function listMembers(asked: Asked): Reply {
  const served = orgOf(asked);
  return { status: 200, headers: orgHeaders(served), body: membersOf(served) };
}

function getMember(asked: Asked): Reply {
  const served = orgOf(asked);
  return { status: 200, headers: orgHeaders(served), body: shownMember(served, emailOf(asked)) };
}

/** Who was invited is a member now, so the invitation goes along. */
async function createMember(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['email', 'name', 'permissions', ...WORD_FIELDS]);
  const email = required(readEmail(fields, 'email'), fields, 'email');
  const { result, served } = await writePeople(options, asked, {
    changesOf: (now) => [
      { kind: 'access.create', list: 'members', entry: readEntry(fields, email, now) },
      ...(now.snapshot.file.invitations ?? [])
        .filter((one) => isSameEmail(one.email, email))
        .map((): AccessChange => ({ kind: 'access.delete', list: 'invitations', name: email })),
    ],
    words: readWords(fields),
  });
  const location = `${MEMBERS}/${encodeURIComponent(email)}`;
  const headers = { ...orgHeaders(served), ...headersOfWrite(result), Location: location };
  return { status: 201, headers, body: shownMember(served, email) };
}

/** Who is only in groups so far becomes a listed member. */
async function updateMember(options: AdminOptions, asked: Asked): Promise<Reply> {
  const email = emailOf(asked);
  const fields = readFields(await readWanted(asked), '', [
    ...READ_ONLY,
    ...['name', 'permissions'],
    ...WORD_FIELDS,
  ]);
  const { result, served } = await writePeople(options, asked, {
    changesOf: (now) => {
      const { email: own, name, ...fixed } = shownMember(now, email);
      refuseChanged(fields, READ_ONLY, { email: own, ...fixed });
      const entry = entryOf(now, email);
      if (entry === undefined)
        return [{ kind: 'access.create', list: 'members', entry: readEntry(fields, own, now) }];
      const edits = [
        ...editsOfDescribed(fields, entry, { name }),
        ...editsOfList('permissions', entry.permissions, readPermissions(fields, now, entry.permissions)),
      ];
      const place = { list: 'members', name: own, mayLeaveNoAdmin: mayLeaveNoAdmin(asked) } as const;
      return [{ kind: 'access.update', ...place, edits }];
    },
    words: readWords(fields),
  });
  const headers = { ...orgHeaders(served), ...headersOfWrite(result) };
  return { status: 200, headers, body: shownMember(served, email) };
}

/** They leave the groups too: who is removed has no role any more. */
async function deleteMember(options: AdminOptions, asked: Asked): Promise<Reply> {
  const email = emailOf(asked);
  const { result } = await writePeople(options, asked, {
    changesOf: (now) => {
      const { email: name } = shownMember(now, email);
      const may = { mayLeaveNoAdmin: mayLeaveNoAdmin(asked) };
      const entries = entryOf(now, email) === undefined ? [] : [name];
      return [
        ...entries.map((): AccessChange => ({ kind: 'access.delete', list: 'members', name, ...may })),
        ...leftGroups(now, email).map((place): AccessChange => ({ kind: 'access.update', ...place, ...may })),
      ];
    },
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** The groups that somebody is in, with the edits that take them out. */
function leftGroups(
  { snapshot: { file } }: ServedOrg,
  email: string,
): readonly Pick<AccessUpdate, 'list' | 'name' | 'edits'>[] {
  return (file.groups ?? []).flatMap(({ key, members = [] }) => {
    const places = members.flatMap((one, place) => (isSameEmail(one, email) ? [place] : []));
    // From the last to the first, so that the places of the others stay.
    const edits = places.reverse().map((place) => ({ at: ['members', place], remove: true }) as const);
    return edits.length === 0 ? [] : [{ list: 'groups', name: key, edits }];
  });
}

function readEntry(fields: Fields, email: string, served: ServedOrg): Member {
  const permissions = readPermissions(fields, served);
  return { email, ...describedBy(fields, 'name'), ...listed('permissions', permissions) };
}

function entryOf({ snapshot: { file } }: ServedOrg, email: string): Member | undefined {
  return file.members?.find((one) => isSameEmail(one.email, email));
}

/** Throws `Failure` MEMBER_NOT_FOUND for somebody who is neither listed nor in a group. */
export function shownMember(served: ServedOrg, email: string): ShownMember {
  const found = membersOf(served).find((one) => isSameEmail(one.email, email));
  if (found !== undefined) return found;
  throw new Failure('not-found', 'MEMBER_NOT_FOUND', `member ${email}: not found`);
}

/** In the order of the file, behind them those who are only in groups. */
function membersOf({ snapshot: { file, id } }: ServedOrg): readonly ShownMember[] {
  const groups = new Map<string, { readonly email: string; readonly keys: string[] }>();
  for (const { key, members = [] } of file.groups ?? []) {
    for (const email of members) {
      const person = groups.get(foldEmail(email)) ?? { email, keys: [] };
      groups.set(foldEmail(email), person);
      if (!person.keys.includes(key)) person.keys.push(key);
    }
  }
  const listedOnes = (file.members ?? []).map(({ email, name = '', permissions = [] }) => {
    const keys = groups.get(foldEmail(email))?.keys ?? [];
    groups.delete(foldEmail(email));
    return { email, name, permissions, groups: keys, organizationId: id };
  });
  const others = Array.from(groups.values(), ({ email, keys }) => ({
    ...{ email, name: '', permissions: [], groups: keys, organizationId: id },
  }));
  return [...listedOnes, ...others];
}
