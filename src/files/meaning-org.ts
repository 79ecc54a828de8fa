import { foldEmail } from '../model/email.js';
import type { OrgFile } from '../model/org.js';
import type { Issue } from './issue.js';
import { judgeMoment, twice } from './meaning-names.js';

/** Problems are read by people who may not know the members. */
const SHOWN = 'of this address';

/** What an organization's file says that cannot be meant, as far as it alone can tell. */
export function judgeOrg({ members = [], groups = [], invitations = [], createdAt }: OrgFile): Issue[] {
  return [
    ...twice(
      members.map(({ email }, place) => ({
        name: foldEmail(email),
        shown: SHOWN,
        at: ['members', place, 'email'],
      })),
      'member',
      'DUPLICATE_NAME',
    ),
    ...twice(
      groups.map(({ key }, place) => ({ name: key, at: ['groups', place, 'key'] })),
      'group',
      'DUPLICATE_NAME',
    ),
    ...twice(
      invitations.map(({ email }, place) => ({
        name: foldEmail(email),
        shown: SHOWN,
        at: ['invitations', place, 'email'],
      })),
      'invitation',
      'DUPLICATE_NAME',
    ),
    ...invitations.flatMap(({ invitedAt }, place) =>
      judgeMoment(invitedAt, ['invitations', place, 'invitedAt']),
    ),
    ...judgeMoment(createdAt, ['createdAt']),
  ];
}
