import type { AccessChange } from '../../changes/access-change.js';
import type { ServedOrg } from '../../repository/served.js';
import type { WriteResult } from '../../repository/write-request.js';
import { personOf } from '../access.js';
import { orgNotFound } from '../authorize.js';
import { fileOfOrg, stillAsServed } from '../org-file.js';
import type { Asked } from '../route.js';
import { orgOf } from '../scope.js';
import { findMatching } from '../stale-write.js';
import { writeChanges } from '../write-changes.js';
import { preconditionsOf } from '../write-headers.js';
import type { WriteWords } from '../write-words.js';
import { type AdminOptions, changedMeanwhile, untilFirst } from './exact-write.js';

/** A write of an organization's people, worked out from what its file says. */
export interface PeopleWrite {
  readonly changesOf: (served: ServedOrg) => readonly AccessChange[];
  readonly words?: WriteWords;
}

/**
 * Writes changes that were worked out from exactly the version of `org.yaml` which they are written on: where others were
 * quicker, they are worked out again. Gives what became of it, and the organization as it is now. Throws what
 * `findMatching`, `untilFirst` and `writeChanges` do.
 */
export async function writePeople(
  { cache, writer }: AdminOptions,
  asked: Asked,
  { changesOf, words }: PeopleWrite,
): Promise<{ readonly result: WriteResult; readonly served: ServedOrg }> {
  const { key } = orgOf(asked).snapshot;
  const look = () => {
    const served = cache.orgs.get(key);
    if (served === undefined) throw orgNotFound(key);
    return { served, flag: fileOfOrg(served) };
  };
  const result = await untilFirst(cache, asked, async () => {
    const { served, flag } = await findMatching(cache, asked, look);
    const preconditions = [stillAsServed(served), ...preconditionsOf(asked, flag.path)];
    return writeChanges(writer, asked.caller, {
      served,
      changes: changesOf(served),
      preconditions,
      ...words,
    });
  });
  return { result, served: orgAfter(result) };
}

/** The organization that a write left. Throws `Failure` CHANGED_MEANWHILE where nothing of it can be served. */
export function orgAfter({ served, commit }: WriteResult): ServedOrg {
  if (served === undefined) throw changedMeanwhile(commit);
  return served;
}

/** The tag of the organization's file, which a write of anybody in it can name. */
export function orgHeaders(served: ServedOrg): Readonly<Record<string, string>> {
  const { blob } = fileOfOrg(served);
  return { 'Flagstaff-Revision': served.revision, ...(blob === undefined ? {} : { ETag: `"${blob}"` }) };
}

/** Only those who need no role to manage an organization may leave it without anybody who does. */
export function mayLeaveNoAdmin({ caller }: Asked): boolean {
  return personOf(caller).identity.isSuperAdmin;
}
