import { mainPath } from '../changes/apply.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { GitRepository } from '../repository/git.js';
import type { FlagCache } from '../repository/served.js';
import type { Precondition, WriteRequest, Writer } from '../repository/write-request.js';
import type { PublicAccess } from './access.js';
import { readObject } from './body.js';
import { previewReply, writtenReply } from './change-answers.js';
import { type ReadChanges, readChanges, readChangesBody } from './change-body.js';
import { chooseOrg } from './org-lookup.js';
import type { Asked, Reply } from './route.js';
import { authorOfWrite, preconditionsOf } from './write-headers.js';

/** What this dialect works on. */
export interface ChangesOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly writer: Writer;
  readonly publicAccess: PublicAccess | undefined;
}

/** POST: several changes of one organization, as one commit or none. */
export async function makeChanges(options: ChangesOptions, asked: Asked): Promise<Reply> {
  const { isDryRun, changes, org, ...words } = readChangesBody((await readObject(asked.request)) ?? {});
  const { snapshot } = chooseOrg(options.cache, org, asked.caller);
  const read = readChanges(changes, snapshot);
  const preconditions = [...read.preconditions, ...conditionsOfHeaders(asked, snapshot.key, read)];
  const request: WriteRequest = {
    org: snapshot.key,
    author: authorOfWrite(asked.caller),
    changes: read.changes,
    ...words,
    preconditions,
  };
  if (isDryRun) return previewReply(await options.writer.preview(request));
  const result = await options.writer.write(request);
  return writtenReply(result, etagOf(result.blobs, request));
}

/** The headers are about one resource; of several each says in its own `ifMatch` what it is to be. */
function conditionsOfHeaders(asked: Asked, org: OrgKey, read: ReadChanges): readonly Precondition[] {
  const [only, ...others] = read.changes;
  const conditions = only === undefined ? [] : preconditionsOf(asked, mainPath(org, only));
  if (conditions.length === 0 || (others.length === 0 && read.preconditions.length === 0)) return conditions;
  const sentence = 'If-Match, If-None-Match: only for one change without ifMatch; wanted ifMatch in each';
  throw new Failure('invalid', 'INVALID_REQUEST', sentence);
}

/** Of one resource the tag that its next write can name. */
function etagOf(
  blobs: ReadonlyMap<string, string>,
  { org, changes }: WriteRequest,
): Readonly<Record<string, string>> {
  const [only, ...others] = changes;
  const blob = only === undefined || others.length > 0 ? undefined : blobs.get(mainPath(org, only));
  return blob === undefined ? {} : { ETag: `"${blob}"` };
}
