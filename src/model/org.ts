import type { IdText, KebabText, Timestamp } from './values.js';

/** An organization: the `org.yaml` of its folder, whose name is the organization's key. */
export interface OrgFile {
  /** The id that the APIs show. Left out, it is derived from the key. */
  readonly id?: IdText;
  /**
   * The name for people; the key where it is left out.
   * @maxLength 200
   */
  readonly name?: string;
  /** The project of callers who name none; else the only or first one. */
  readonly defaultProject?: KebabText;
  /**
   * The people who may do something here.
   * @maxItems 10000
   */
  readonly members?: readonly Member[];
  /**
   * People who share permissions.
   * @maxItems 1000
   */
  readonly groups?: readonly Group[];
  /**
   * People who are asked to join.
   * @maxItems 1000
   */
  readonly invitations?: readonly Invitation[];
  /** When the organization was made; from git history where it is left out. */
  readonly createdAt?: Timestamp;
}

/** A person and what they may do. */
export interface Member {
  /** The address that their token carries. */
  readonly email: EmailText;
  /**
   * The name for people.
   * @maxLength 200
   */
  readonly name?: string;
  /** What they may do, from their own list. */
  readonly permissions?: readonly PermissionText[];
}

/** People who share permissions. */
export interface Group {
  /** The key of the group. */
  readonly key: KebabText;
  /**
   * The name for people; the key where it is left out.
   * @maxLength 200
   */
  readonly name?: string;
  /** The addresses of the members. */
  readonly members?: readonly EmailText[];
  /** What each of them may do. */
  readonly permissions?: readonly PermissionText[];
}

/** Somebody who is asked to join. */
export interface Invitation {
  /** The address that is invited. */
  readonly email: EmailText;
  /** What they may do once they have joined. */
  readonly permissions?: readonly PermissionText[];
  /** Who asked. */
  readonly invitedBy?: EmailText;
  /** When. */
  readonly invitedAt?: Timestamp;
}

/**
 * An e-mail address.
 * @pattern ^[^\s@<>]+@[^\s@<>]+$
 * @maxLength 254
 */
export type EmailText = string;

/**
 * A role in a scope: `org:admin`, `project:web-app:member`, `env:web-app/production:admin`.
 * @pattern ^(?:org|project:[a-z0-9]+(?:-[a-z0-9]+)*|env:[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*):(?:admin|member)$
 */
export type PermissionText = string;
