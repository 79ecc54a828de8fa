import { ELSEWHERE, tokenOf } from '../support/http.js';
import { apiKeyOf, emailOf, type RoleName } from './matrix-files.js';
import type { Sample, Who } from './matrix-requests.js';

/** What a request gets: as those who may, or one of the refusals. */
export type Outcome = 'allowed' | 401 | 403 | 404;

const ROLES: readonly RoleName[] = [
  'env member',
  'env admin',
  'project member',
  'project admin',
  'org member',
  'org admin',
];
const UNNAMED = ['anonymous local', 'anonymous elsewhere'] as const;
const OTHERS = ['no role', 'invited', 'admin of another org', 'super admin'] as const;
const KEYS = ['server key', 'client key', 'key of another org'] as const;

/** Who asks. Roles and keys are those of `acme`; the other organization is `globex`. */
export type CallerName = RoleName | (typeof UNNAMED | typeof OTHERS | typeof KEYS)[number];
export const CALLERS: readonly CallerName[] = [...UNNAMED, ...OTHERS, ...ROLES, ...KEYS];

/** The table of seed 004 with the inheritance of seeds/README.md: who may, of those who have one role in the organization. */
const MAY: Readonly<
  Record<Exclude<Who, 'everybody' | 'people' | 'super-admin' | 'invited'>, readonly RoleName[]>
> = {
  'view-org': ROLES,
  'manage-org': ['org admin'],
  'see-project': ROLES,
  'view-project': ['project member', 'project admin', 'org admin'],
  'manage-project': ['project admin', 'org admin'],
  'view-environment': ['env member', 'env admin', 'project member', 'project admin', 'org admin'],
  'manage-environment': ['env admin', 'project admin', 'org admin'],
  'view-keys': ['env admin', 'project member', 'project admin', 'org admin'],
};

/** What a caller gets who asks for something of `acme`, or for what is always one's own. */
export function expectedOwn(caller: CallerName, sample: Sample): Outcome {
  const { who, also, isGlobal } = sample;
  if (isGlobal === true && caller === 'admin of another org') return expectedOwn('org admin', sample);
  if (isGlobal === true && caller === 'key of another org') return expectedOwn('server key', sample);
  if (who === 'everybody') return 'allowed';
  if (caller === 'anonymous elsewhere') return 401;
  if (caller === 'anonymous local') return also === undefined ? 401 : 'allowed';
  if (isKey(caller) && !isForKey(caller, sample)) return 403;
  if (caller === 'key of another org') return 404;
  if (isKey(caller)) return 'allowed';
  if (who === 'invited') return caller === 'invited' ? 'allowed' : 404;
  if (caller === 'super admin' || who === 'people') return 'allowed';
  if (who === 'super-admin') return 403;
  if (caller === 'no role' || caller === 'invited' || caller === 'admin of another org') return 404;
  return MAY[who].includes(caller) ? 'allowed' : 403;
}

/** What the same callers get who ask for the same of `globex`. */
export function expectedOther(caller: CallerName, sample: Sample): Outcome {
  const { who } = sample;
  if (who === 'everybody' || (caller === 'super admin' && who !== 'invited')) return 'allowed';
  if (caller === 'anonymous elsewhere' || caller === 'anonymous local') return expectedOwn(caller, sample);
  if (isKey(caller) && !isForKey(caller, sample)) return 403;
  if (caller === 'key of another org') return 'allowed';
  if (isKey(caller)) return 404;
  if (who === 'invited') return 404;
  if (who === 'people') return 'allowed';
  if (who === 'super-admin') return 403;
  return caller === 'admin of another org' ? 'allowed' : 404;
}

function isKey(caller: CallerName): caller is (typeof KEYS)[number] {
  return (KEYS as readonly CallerName[]).includes(caller);
}

/** Whether the operation is for keys of that kind at all. */
function isForKey(caller: CallerName, { also }: Sample): boolean {
  return also === 'readers' || (also === 'servers' && caller !== 'client key');
}

/** How a caller shows who they are. Tokens are made anew: a session that ends, ends for good. */
export async function headersOf(caller: CallerName): Promise<Readonly<Record<string, string>>> {
  switch (caller) {
    case 'anonymous local':
      return {};
    case 'anonymous elsewhere':
      return ELSEWHERE;
    case 'server key':
      return { 'X-API-Key': apiKeyOf('acme', 'server') };
    case 'client key':
      return { 'X-API-Key': apiKeyOf('acme', 'client') };
    case 'key of another org':
      return { 'X-API-Key': apiKeyOf('globex', 'server') };
    case 'super admin':
      return bearer('root@example.com', true);
    case 'no role':
      return bearer('nobody@example.com');
    case 'invited':
      return bearer('soon@acme.example.com');
    case 'admin of another org':
      return bearer(emailOf('globex', 'org admin'));
    default:
      return bearer(emailOf('acme', caller).toUpperCase());
  }
}

async function bearer(email: string, superAdmin = false): Promise<Readonly<Record<string, string>>> {
  return { Authorization: `Bearer ${await tokenOf({ sub: email, email, superAdmin })}` };
}
