import { pathsOf } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import type { OrgKey } from '../model/keys.js';
import type { ExpectedBlobs, ExpectedFiles, Preview } from '../repository/write-request.js';
import { isObject } from './body.js';
import { previewReply } from './change-answers.js';
import { type Fields, fieldOf, invalidAt, placeOf } from './json-fields.js';
import type { Reply } from './route.js';

/** Reads `expects`. Throws a `Failure` of kind `invalid` that names the place. */
export function readExpects(fields: Fields): ExpectedFiles | undefined {
  const value = fieldOf(fields, 'expects');
  if (value === undefined) return undefined;
  const place = placeOf(fields, 'expects');
  if (typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)) return value;
  if (!isObject(value)) throw invalidAt(place, 'wanted an object, or the digest of a dry run');
  for (const [path, blob] of Object.entries(value)) {
    if (blob === null || (typeof blob === 'string' && /^[0-9a-f]{40}$/.test(blob))) continue;
    throw invalidAt(placeOf({ object: value, place }, path), 'wanted a blob id or null');
  }
  return value as ExpectedBlobs;
}

/**
 * Only files that the changes are about may be expected: of all others the answer would tell whether they are there. A
 * digest is of no others.
 * Throws a `Failure` of kind `invalid` that names the place.
 */
export function refuseOtherFiles(
  expects: ExpectedFiles | undefined,
  { org, changes }: { readonly org: OrgKey; readonly changes: readonly Change[] },
): void {
  if (expects === undefined || typeof expects === 'string') return;
  const known = new Set(changes.flatMap((change) => pathsOf(org, change)));
  const other = Object.keys(expects).find((path) => !known.has(path));
  if (other === undefined) return;
  const place = placeOf({ object: expects, place: 'expects' }, other);
  throw invalidAt(place, 'none of the files that these changes are about');
}

/** What a write would do, with what it can be made to expect. */
export async function expectableReply(preview: Preview): Promise<Reply> {
  const reply = await previewReply(preview);
  return { ...reply, body: { ...reply.body, expects: preview.expects } };
}
