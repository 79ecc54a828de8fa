import { type NewKey, newKey } from '../../../src/http/identity/new-key.js';
import type { ApiKeyKind } from '../../../src/model/api-key.js';
import type { Files } from '../../support/git.js';
import { FILES } from '../sample.js';

/** One key as `keys.yaml` has it. */
export function entryOf(made: NewKey, fields: Readonly<Record<string, unknown>> = {}): object {
  return { name: 'a key of the tests', environment: 'production', ...made.entry, ...fields };
}

/** A `keys.yaml`. JSON is YAML. */
export function keysFile(...entries: readonly object[]): string {
  return `[${entries.map((entry) => JSON.stringify(entry)).join(',\n')}]\n`;
}

/** The usual files, and a key of acme/web-app. */
export function filesWithKey(kind: ApiKeyKind = 'server'): { readonly files: Files; readonly made: NewKey } {
  const made = newKey(kind);
  return { made, files: { ...FILES, [KEYS]: keysFile(entryOf(made, { id: 'key_1' })) } };
}

export const KEYS = 'flags/acme/web-app/keys.yaml';
