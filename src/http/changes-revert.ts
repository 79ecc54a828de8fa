import { needsOfPaths } from '../changes/change-permissions.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { HistoryEntry } from '../repository/commit-history.js';
import { revertOf } from '../repository/version-texts.js';
import { readObject } from './body.js';
import { namedCommit, writtenReply } from './change-answers.js';
import type { ChangesOptions } from './changes.js';
import { findEntry, visiblePaths } from './changes-log.js';
import { expectableReply, readExpects, refuseOtherFiles } from './expects.js';
import { readFields, readSwitch, readText } from './json-fields.js';
import { chooseOrg } from './org-lookup.js';
import type { Asked, Reply } from './route.js';
import { historyFor, type ShownHistory } from './withheld-words.js';
import { type CallersWrite, demandToWrite, previewChanges, writeChanges } from './write-changes.js';
import { preconditionsOfOne } from './write-headers.js';
import { readWords, WORD_FIELDS, type WriteWords } from './write-words.js';

interface RevertBody extends WriteWords {
  /** The organization, by key or id. */
  readonly org: string | undefined;
  readonly isDryRun: boolean;
  /** How files of the commit must be, as a dry run answered it. */
  readonly expects: CallersWrite['expects'];
}

/** How many later commits of one path are named; the newest of them are. */
const NAMED_COMMITS = 20;

/** POST: what a commit did to an organization is taken back, as a new commit. */
export async function revertChange(options: ChangesOptions, asked: Asked): Promise<Reply> {
  const { org, isDryRun, ...words } = await readRevert(asked);
  const served = chooseOrg(options.cache, org, asked.caller);
  const entry = await findWhole(options, asked, served.snapshot);
  const paths = entry.files.map(({ path }) => path);
  demandToWrite(asked.caller, served.snapshot, needsOfPaths(paths));
  const { repository, cache, writer } = options;
  const change = await revertOf({ repository, history: cache.history }, entry);
  refuseOtherFiles(words.expects, { org: served.snapshot.key, changes: [change] });
  const request: CallersWrite = {
    served,
    changes: [change],
    ...words,
    preconditions: preconditionsOfOne(asked, paths),
  };
  try {
    if (isDryRun) return expectableReply(await previewChanges(writer, asked.caller, request));
    return writtenReply(await writeChanges(writer, asked.caller, request));
  } catch (error) {
    throw toldConflict(error, entry, historyFor(cache, asked.caller));
  }
}

/** All that the commit did to the organization, for those who may see something of it: to others it is as if it were not there. */
async function findWhole(options: ChangesOptions, asked: Asked, org: OrgSnapshot): Promise<HistoryEntry> {
  const bounds = { mostDifferences: 0 };
  await findEntry(options, asked, { under: visiblePaths(asked.caller, org), bounds });
  return findEntry(options, asked, { under: [`${FLAGS_FOLDER}/${org.key}/`], bounds });
}

async function readRevert({ request }: Asked): Promise<RevertBody> {
  const fields = readFields((await readObject(request)) ?? {}, '', [
    'org_id',
    'dryRun',
    'expects',
    ...WORD_FIELDS,
  ]);
  return {
    org: readText(fields, 'org_id', { from: 1, to: 100 }),
    isDryRun: readSwitch(fields, 'dryRun') ?? false,
    expects: readExpects(fields),
    ...readWords(fields),
  };
}

/** A conflict with the commits that are in the way: those after it, or after its merge, which touched the same files. */
function toldConflict(error: unknown, { commit, mergedBy }: HistoryEntry, history: ShownHistory): unknown {
  if (!(error instanceof Failure) || error.code !== 'REVERT_CONFLICT') return error;
  const paths = (error.data.details?.paths ?? []) as readonly string[];
  const conflicts = paths.map((path) => ({
    path,
    commits: history
      .laterThan(mergedBy?.oid ?? commit.oid, path)
      .slice(0, NAMED_COMMITS)
      .map(namedCommit),
  }));
  return new Failure(error.kind, error.code, error.message, {
    data: { details: { conflicts } },
    cause: error,
  });
}
