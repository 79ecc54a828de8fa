import type { RevokedTokens } from '../../repository/revoked-tokens.js';
import type { FlagCache } from '../../repository/served.js';
import { personOf } from '../access.js';
import { homeOf } from '../authorize.js';
import type { Asked, Reply, Route } from '../route.js';

/** What sessions are about: tokens, and whose they are. */
export interface SessionOptions {
  readonly cache: FlagCache;
  readonly revoked: RevokedTokens;
}

/** Who is logged in, and how that ends. */
export function sessionRoutes(options: SessionOptions): readonly Route[] {
  return [
    { operation: 'GET /api/admin/me', query: [], handle: (asked) => me(options, asked) },
    { operation: 'POST /api/admin/logout', query: [], handle: (asked) => logout(options, asked) },
  ];
}

/** Also for people without a role: a token says who somebody is, and that is asked. */
function me({ cache }: SessionOptions, { caller }: Asked): Reply {
  const person = personOf(caller);
  const { subject, email, name } = person.identity;
  const organizationId = homeOf(cache, person)?.snapshot.id ?? null;
  return { status: 200, body: { id: subject, email: email ?? '', name: name ?? '', organizationId } };
}

/** Answers once the token would be refused after a crash, too. */
async function logout({ revoked }: SessionOptions, { caller }: Asked): Promise<Reply> {
  await revoked.revoke(personOf(caller).token);
  return { status: 200, body: { success: true } };
}
