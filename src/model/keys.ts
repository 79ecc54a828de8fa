/**
 * The grammars of every name in Flagstaff. A branded key exists only where its parser said yes, so code that
 * takes a `FlagKey` never has to ask again whether it is safe in a path, a header or a commit message.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type OrgKey = Branded<'OrgKey'>;
export type ProjectKey = Branded<'ProjectKey'>;
export type EnvironmentKey = Branded<'EnvironmentKey'>;
export type FlagKey = Branded<'FlagKey'>;
export type SegmentKey = Branded<'SegmentKey'>;
export type GroupKey = Branded<'GroupKey'>;
export type Id = Branded<'Id'>;

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const NAME = /^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/;
const ID = /^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/;
const LETTER = /[A-Za-z]/;
/** Windows opens a device, not a file, for these names, whatever follows the first dot. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** How long a key may be, in characters; they are ASCII, so in bytes too. */
export const KEY_MAX_LENGTH = 100;
/** How long an id may be, in characters. */
const ID_MAX_LENGTH = 64;

/** Returns the key of an organization (its folder's name), or undefined where the text is none. */
export function parseOrgKey(text: string): OrgKey | undefined {
  return isKebab(text) ? (text as OrgKey) : undefined;
}

/** Returns the key of a project (its folder's name), or undefined where the text is none. */
export function parseProjectKey(text: string): ProjectKey | undefined {
  return isKebab(text) ? (text as ProjectKey) : undefined;
}

/** Returns the key of an environment, or undefined where the text is none. */
export function parseEnvironmentKey(text: string): EnvironmentKey | undefined {
  return isKebab(text) ? (text as EnvironmentKey) : undefined;
}

/** Returns the key of a flag (its file's name without `.yaml`), or undefined where the text is none. */
export function parseFlagKey(text: string): FlagKey | undefined {
  return isName(text) ? (text as FlagKey) : undefined;
}

/** Returns the key of a segment (its file's name without `.yaml`), or undefined where the text is none. */
export function parseSegmentKey(text: string): SegmentKey | undefined {
  return isName(text) ? (text as SegmentKey) : undefined;
}

/** Returns the key of a group of people, or undefined where the text is none. */
export function parseGroupKey(text: string): GroupKey | undefined {
  return isKebab(text) ? (text as GroupKey) : undefined;
}

/** Returns an id as the APIs show it (`flg_01J4K8M2N3P5Q7F1`), or undefined where the text is none. */
export function parseId(text: string): Id | undefined {
  return text.length <= ID_MAX_LENGTH && ID.test(text) ? (text as Id) : undefined;
}

function isKebab(text: string): boolean {
  return text.length <= KEY_MAX_LENGTH && KEBAB.test(text) && isPortable(text);
}

function isName(text: string): boolean {
  return text.length <= KEY_MAX_LENGTH && NAME.test(text) && LETTER.test(text) && isPortable(text);
}

function isPortable(text: string): boolean {
  return !WINDOWS_DEVICE.test(text) && !isInherited(text);
}

/** What every object or class has: a client that looks flags up in a plain object would find it. */
function isInherited(text: string): boolean {
  return text in Object.prototype || text === 'prototype';
}
