import { isSameEmail } from '../../model/email.js';
import { Failure } from '../../model/failure.js';
import type { Invitation } from '../../model/org.js';
import { timeOf } from '../../repository/commit-time.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';
import { personOf } from '../access.js';
import { authorOf } from '../auth.js';
import { readOne } from '../feature-flag-list.js';
import { readFields, required } from '../json-fields.js';
import { fileOfOrg } from '../org-file.js';
import { refuseNoOrg } from '../org-lookup.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf } from '../scope.js';
import { acceptInvitation } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type AdminOptions, readWanted, untilFirst } from './exact-write.js';
import { shownMember } from './members.js';
import { orgAfter, orgHeaders, writePeople } from './people.js';
import { emailOf, listed, readEmail } from './people-fields.js';
import { readPermissions } from './permission-fields.js';

const INVITATIONS = '/api/admin/invitations';

/** What invitations work on. */
export interface InvitationOptions extends AdminOptions {
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** An invitation in the words of the admin API. */
export interface ShownInvitation {
  readonly email: string;
  readonly permissions: readonly string[];
  readonly invitedBy: string;
  readonly invitedAt: string;
  readonly organizationId: string;
}

/** Who is asked to join an organization, and how they do. */
export function invitationRoutes(options: InvitationOptions): readonly Route[] {
  const one = `${INVITATIONS}/:email` as const;
  return [
    { operation: 'GET /api/admin/me/invitations', query: [], handle: (asked) => listMine(options, asked) },
    { operation: `GET ${INVITATIONS}`, query: [], handle: listInvitations },
    { operation: `POST ${INVITATIONS}`, query: [], handle: (asked) => invite(options, asked) },
    { operation: `GET ${one}`, query: [], handle: getInvitation },
    { operation: `DELETE ${one}`, query: [], handle: (asked) => withdraw(options, asked) },
    {
      operation: `POST ${one}/accept`,
      query: ['organizationId'],
      handle: (asked) => accept(options, asked),
    },
  ];
}

/** Of all organizations: who is invited has a role in none of them yet. */
function listMine({ cache }: AdminOptions, { caller }: Asked): Reply {
  const { email } = personOf(caller).identity;
  const body = [...cache.orgs.values()].flatMap((served) => {
    const invitation = email === undefined ? undefined : invitationIn(served, email);
    return invitation === undefined ? [] : [shownInvitation(served, invitation)];
  });
  return { status: 200, body };
}

function listInvitations(asked: Asked): Reply {
  const served = orgOf(asked);
  const body = (served.snapshot.file.invitations ?? []).map((one) => shownInvitation(served, one));
  return { status: 200, headers: orgHeaders(served), body };
}

function getInvitation(asked: Asked): Reply {
  const served = orgOf(asked);
  const invitation = findInvitation(served, emailOf(asked));
  return { status: 200, headers: orgHeaders(served), body: shownInvitation(served, invitation) };
}

async function invite(options: InvitationOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['email', 'permissions', ...WORD_FIELDS]);
  const email = required(readEmail(fields, 'email'), fields, 'email');
  const entryIn = (now: ServedOrg): Invitation => ({
    email,
    ...listed('permissions', required(readPermissions(fields, now), fields, 'permissions')),
    invitedBy: authorOf(personOf(asked.caller).identity).email,
    invitedAt: timeOf(Math.floor(options.now() / 1_000)),
  });
  const { result, served } = await writePeople(options, asked, {
    changesOf: (now) => {
      refuseMember(now, email);
      return [{ kind: 'access.create', list: 'invitations', entry: entryIn(now) }];
    },
    words: readWords(fields),
  });
  const location = `${INVITATIONS}/${encodeURIComponent(email)}`;
  const headers = { ...orgHeaders(served), ...headersOfWrite(result), Location: location };
  return { status: 201, headers, body: shownInvitation(served, findInvitation(served, email)) };
}

async function withdraw(options: AdminOptions, asked: Asked): Promise<Reply> {
  const name = emailOf(asked);
  const { result } = await writePeople(options, asked, {
    changesOf: () => [{ kind: 'access.delete', list: 'invitations', name }],
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** Answers what the caller is from now on. */
async function accept({ cache, writer }: AdminOptions, asked: Asked): Promise<Reply> {
  const email = emailOf(asked);
  const result = await untilFirst(cache, asked, () => {
    const served = orgInviting(cache, asked, email);
    const preconditions = preconditionsOf(asked, fileOfOrg(served).path);
    return acceptInvitation(writer, personOf(asked.caller), { served, preconditions });
  });
  const served = orgAfter(result);
  const headers = { ...orgHeaders(served), ...headersOfWrite(result) };
  return { status: 200, headers, body: shownMember(served, email) };
}

/**
 * The organization whose invitation the caller means: the one that `organizationId` names, else the only one that invites
 * them. Throws `Failure` INVITATION_NOT_FOUND alike for an invitation of somebody else, for an organization that does not
 * invite them, and for one that is not there; AMBIGUOUS_KEY where several do.
 */
function orgInviting(cache: FlagCache, { caller, query }: Asked, email: string): ServedOrg {
  const named = readOne(query, 'organizationId');
  if (named !== undefined) refuseNoOrg(named);
  const own = personOf(caller).identity.email;
  const isOwn = own !== undefined && isSameEmail(own, email);
  const asking = isOwn ? [...cache.orgs.values()] : [];
  const [only, ...others] = asking.filter(
    (served) =>
      invitationIn(served, email) !== undefined && (named === undefined || cache.findOrg(named) === served),
  );
  if (only === undefined) throw invitationNotFound(email);
  if (others.length === 0) return only;
  const organizations = [only, ...others].map(({ snapshot }) => snapshot.id);
  const sentence = `several organizations invite ${email}: name one with organizationId`;
  throw new Failure('conflict', 'AMBIGUOUS_KEY', sentence, { data: { details: { organizations } } });
}

/** Who is there already is given more by changing the member. */
function refuseMember({ snapshot: { file } }: ServedOrg, email: string): void {
  if (file.members?.some((member) => isSameEmail(member.email, email)) !== true) return;
  throw new Failure('conflict', 'MEMBER_EXISTS', `member ${email}: is there already`);
}

function findInvitation(served: ServedOrg, email: string): Invitation {
  const invitation = invitationIn(served, email);
  if (invitation === undefined) throw invitationNotFound(email);
  return invitation;
}

function invitationIn({ snapshot: { file } }: ServedOrg, email: string): Invitation | undefined {
  return file.invitations?.find((one) => isSameEmail(one.email, email));
}

function invitationNotFound(email: string): Failure {
  return new Failure('not-found', 'INVITATION_NOT_FOUND', `invitation of ${email}: not found`);
}

function shownInvitation(
  { snapshot }: ServedOrg,
  { email, permissions = [], invitedBy = '', invitedAt = '' }: Invitation,
): ShownInvitation {
  return { email, permissions, invitedBy, invitedAt, organizationId: snapshot.id };
}
