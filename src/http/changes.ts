import { mainPath } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { GitRepository } from '../repository/git.js';
import type { FlagCache } from '../repository/served.js';
import type { Precondition, Writer } from '../repository/write-request.js';
import type { PublicAccess } from './access.js';
import { readObject } from './body.js';
import { writtenReply } from './change-answers.js';
import { type ReadChanges, readChanges, readChangesBody } from './change-body.js';
import { expectableReply, refuseOtherFiles } from './expects.js';
import { chooseOrg } from './org-lookup.js';
import type { Asked, Reply } from './route.js';
import { type CallersWrite, previewChanges, writeChanges } from './write-changes.js';
import { preconditionsOfOne } from './write-headers.js';

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
  const { cache, writer } = options;
  const served = chooseOrg(cache, org, asked.caller);
  const { key } = served.snapshot;
  const read = await readChanges(changes, { org: served.snapshot, caller: asked.caller }, options);
  const preconditions = conditionsOf(asked, key, read);
  refuseOtherFiles(words.expects, { org: key, changes: read.changes });
  const request: CallersWrite = { served, changes: read.changes, ...words, preconditions };
  if (isDryRun) return expectableReply(await previewChanges(writer, asked.caller, request));
  const result = await writeChanges(writer, asked.caller, request);
  return writtenReply(result, etagOf(result.blobs, key, read.changes));
}

/** What a change says itself of its file, no header says again. */
function conditionsOf(
  asked: Asked,
  org: OrgKey,
  { changes, preconditions }: ReadChanges,
): readonly Precondition[] {
  const named = preconditionsOfOne(
    asked,
    changes.map((change) => mainPath(org, change)),
  );
  if (named.length === 0 || preconditions.length === 0) return [...preconditions, ...named];
  throw new Failure('invalid', 'INVALID_REQUEST', 'If-Match: the change has its own ifMatch');
}

/** Of one resource the tag that its next write can name. */
function etagOf(
  blobs: ReadonlyMap<string, string>,
  org: OrgKey,
  changes: readonly Change[],
): Readonly<Record<string, string>> {
  const [only, ...others] = changes;
  const blob = only === undefined || others.length > 0 ? undefined : blobs.get(mainPath(org, only));
  return blob === undefined ? {} : { ETag: `"${blob}"` };
}
