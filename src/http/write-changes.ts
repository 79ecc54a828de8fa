import type { AccessChange } from '../changes/access-change.js';
import { permissionsOf } from '../changes/change-permissions.js';
import { isSameEmail } from '../model/email.js';
import { Failure } from '../model/failure.js';
import type { Need } from '../model/permission.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { ServedOrg } from '../repository/served.js';
import type { Preview, WriteRequest, WriteResult, Writer } from '../repository/write-request.js';
import { type Caller, type PersonCaller, personOf } from './access.js';
import { ANONYMOUS, authorOf } from './auth.js';
import { demandIn } from './authorize.js';
import { stillAsServed } from './org-file.js';

/** What a caller wants written, and in which organization. */
export interface CallersWrite extends Omit<WriteRequest, 'org' | 'author'> {
  readonly served: ServedOrg;
}

/**
 * The one way in which requests write: for somebody who may make each of the changes, and in their name. Throws a `Failure`
 * FORBIDDEN before anything of the repository is looked at, and what `Writer.write` throws.
 */
export async function writeChanges(
  writer: Writer,
  caller: Caller,
  write: CallersWrite,
): Promise<WriteResult> {
  return writer.write(authorized(caller, write));
}

/** What such a write would do, for those who might do it. Throws as `writeChanges` and `Writer.preview` do. */
export async function previewChanges(writer: Writer, caller: Caller, write: CallersWrite): Promise<Preview> {
  return writer.preview(authorized(caller, write));
}

/**
 * Throws a `Failure`, FORBIDDEN mostly, where a caller who got as far as a write may not write this. Whoever reads the
 * repository to make up a change asks first, so that its answers tell nothing to those who may not make it.
 */
export function demandToWrite(caller: Caller, org: OrgSnapshot, needs: readonly Need[]): void {
  if (caller.kind === 'anonymous') return;
  for (const need of needs) demandIn(personOf(caller), org, need);
}

/**
 * The one write that needs no role, because who is invited has none yet: the caller's invitation becomes their membership,
 * with the permissions that it gives and in one commit of theirs. It makes up its changes itself, and only on the very
 * file in which the invitation was read, so nobody can write anything else this way, nor more than they were offered.
 * Throws `Failure` INVITATION_NOT_FOUND where the organization does not invite the caller, and what `Writer.write` throws.
 */
export async function acceptInvitation(
  writer: Writer,
  caller: PersonCaller,
  { served, preconditions }: Pick<CallersWrite, 'served' | 'preconditions'>,
): Promise<WriteResult> {
  return writer.write({
    org: served.snapshot.key,
    changes: acceptance(caller, served),
    preconditions: [stillAsServed(served), ...(preconditions ?? [])],
    ...inTheNameOf(caller),
  });
}

/** The anonymous come here only where writes are public. The author is who asked, whatever the request says. */
function authorized(caller: Caller, { served, ...request }: CallersWrite): WriteRequest {
  const org = served.snapshot.key;
  demandToWrite(caller, served.snapshot, request.changes.flatMap(permissionsOf));
  if (caller.kind === 'anonymous') {
    const { requestId } = caller;
    return { ...request, org, author: ANONYMOUS, requestId };
  }
  return { ...request, org, ...inTheNameOf(personOf(caller)) };
}

function inTheNameOf({
  identity,
  requestId,
}: PersonCaller): Pick<WriteRequest, 'author' | 'user' | 'requestId'> {
  const author = authorOf(identity);
  const { subject } = identity;
  return { author, requestId, ...(subject === author.email ? {} : { user: subject }) };
}

/** An address that nobody vouches for is not in the identity, so it accepts nothing. */
function acceptance({ identity }: PersonCaller, { snapshot: { file } }: ServedOrg): readonly AccessChange[] {
  const { email: own } = identity;
  const invitation =
    own === undefined ? undefined : file.invitations?.find(({ email }) => isSameEmail(email, own));
  if (invitation === undefined) {
    throw new Failure('not-found', 'INVITATION_NOT_FOUND', `invitation of ${own ?? 'you'}: not found`);
  }
  const { email, permissions } = invitation;
  const name = identity.name === undefined ? {} : { name: identity.name };
  const entry = { email, ...name, ...(permissions === undefined ? {} : { permissions }) };
  return [
    { kind: 'access.create', list: 'members', entry },
    { kind: 'access.delete', list: 'invitations', name: email },
  ];
}
