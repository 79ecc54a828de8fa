import { permissionsOf } from '../changes/change-permissions.js';
import type { Identity } from '../repository/identity.js';
import type { ServedOrg } from '../repository/served.js';
import type { Preview, WriteRequest, WriteResult, Writer } from '../repository/write-request.js';
import { type Caller, personOf } from './access.js';
import { authorOf } from './auth.js';
import { demandIn } from './authorize.js';

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

/** The author of what is written without a credential, where FLAGSTAFF_PUBLIC allows that. */
const ANONYMOUS: Identity = { name: 'anonymous', email: 'anonymous@flagstaff.invalid' };

/** The anonymous come here only where writes are public. The author is who asked, whatever the request says. */
function authorized(caller: Caller, { served, ...request }: CallersWrite): WriteRequest {
  const org = served.snapshot.key;
  if (caller.kind === 'anonymous') return { ...request, org, author: ANONYMOUS };
  const person = personOf(caller);
  for (const need of request.changes.flatMap(permissionsOf)) demandIn(person, served.snapshot, need);
  const author = authorOf(person.identity);
  const { subject } = person.identity;
  return { ...request, org, author, ...(subject === author.email ? {} : { user: subject }) };
}
