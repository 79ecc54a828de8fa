import type { Edit } from '../files/edit.js';
import type { Group, Invitation, Member } from '../model/org.js';

/** What can become of the people of an organization, and of what they may do: edits of its `org.yaml`. */
export type AccessChange = AccessCreate | AccessUpdate | AccessDelete;

/** The lists of `org.yaml`. */
export type AccessList = 'members' | 'groups' | 'invitations';

/** One more entry of a list, behind the others. The file is made where there is none. */
export type AccessCreate = { readonly kind: 'access.create' } & (
  | { readonly list: 'members'; readonly entry: Member }
  | { readonly list: 'groups'; readonly entry: Group }
  | { readonly list: 'invitations'; readonly entry: Invitation }
);

/** Edits of an entry. Places are those in it; its name stays. */
export interface AccessUpdate extends AccessPlace {
  readonly kind: 'access.update';
  readonly edits: readonly Edit[];
}

/** The end of an entry. */
export interface AccessDelete extends AccessPlace {
  readonly kind: 'access.delete';
}

interface AccessPlace {
  readonly list: AccessList;
  /** The e-mail address, whatever its case, or the key of a group. */
  readonly name: string;
  /**
   * True where one asks who needs no role here. Else what would leave the organization without anybody who has the role
   * `org:admin` is refused: LAST_ADMIN.
   */
  readonly mayLeaveNoAdmin?: boolean;
}
