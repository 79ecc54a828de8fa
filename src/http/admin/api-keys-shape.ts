import { parseMoment } from '../../evaluation/check.js';
import { type ApiKeyEntry, type ApiKeyKind, apiKeyId } from '../../model/api-key.js';
import { Failure } from '../../model/failure.js';
import { numericId } from '../../model/ids.js';
import { type EnvironmentKey, parseId } from '../../model/keys.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import { timeOf } from '../../repository/commit-time.js';
import type { KeyUse } from '../../repository/key-use.js';
import { keyName } from '../identity/key-index.js';
import { findNumbered, isNumber } from '../numbered.js';
import { environmentId } from '../scope.js';

/** An API key in the words of the admin API: everything but the key. */
export interface ShownApiKey {
  readonly id: number;
  readonly name: string;
  readonly kind: ApiKeyKind;
  /** The first characters of the key, to recognise it by. */
  readonly prefix: string;
  readonly environmentId: number;
  readonly createdBy: string;
  readonly createdAt: string;
  /** Null where nobody knows of any use. */
  readonly lastUsedAt: string | null;
  /** The key that this one replaced, while that one still opens. */
  readonly previous: { readonly prefix: string; readonly until: string } | null;
}

/** An API key of an environment, with its id as `keys.yaml` says it or derived. */
export interface FoundKey {
  readonly id: string;
  readonly entry: ApiKeyEntry;
}

/** What of a key its file does not say. */
export interface KeyFacts {
  readonly keyUse: KeyUse;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** A key of this project, as it is now. */
export function shownKey(
  { id, entry }: FoundKey,
  { project, facts }: { readonly project: ProjectSnapshot; readonly facts: KeyFacts },
): ShownApiKey {
  const { name, kind, prefix, createdBy = '', createdAt = '', previous } = entry;
  const used = facts.keyUse.lastUsed(keyName({ org: project.org, project: project.key, id }));
  const environment = project.environments.find((key) => key === entry.environment);
  if (environment === undefined) throw new Error('a key is shown without its environment');
  const isOpen = previous !== undefined && (parseMoment(previous.until) ?? 0) > facts.now();
  return {
    id: numericId(id),
    name,
    kind,
    prefix,
    environmentId: numericId(environmentId(project, environment)),
    createdBy,
    createdAt,
    lastUsedAt: used === undefined ? null : timeOf(Math.floor(used / 1_000)),
    previous: isOpen ? { prefix: previous.prefix, until: previous.until } : null,
  };
}

/** The keys of an environment, in the order of the file. */
export function keysOf(project: ProjectSnapshot, environment: EnvironmentKey): readonly FoundKey[] {
  const { org, key, apiKeys } = project;
  return apiKeys
    .filter((entry) => entry.environment === environment)
    .map((entry) => ({ id: apiKeyId(entry, { org, project: key }), entry }));
}

/**
 * The key of this number or id; one of another environment is not there. Throws a `Failure`: `invalid` for what can be
 * neither, else `not-found`. What was sent it never repeats: it might be a key.
 */
export function findKey(
  { project, environment }: { readonly project: ProjectSnapshot; readonly environment: EnvironmentKey },
  text: string,
): FoundKey {
  if (!isNumber(text) && parseId(text) === undefined) {
    throw new Failure('invalid', 'INVALID_ID', 'the API key: neither a number nor an id');
  }
  const keys = new Map(keysOf(project, environment).map((key) => [key.id, key]));
  const found = findNumbered(keys, text);
  if (found !== undefined) return found;
  const sentence = `there is no such API key in ${project.key} for ${environment}`;
  throw new Failure('not-found', 'KEY_NOT_FOUND', sentence);
}
