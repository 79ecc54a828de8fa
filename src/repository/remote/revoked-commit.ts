import { join } from 'node:path';
import { commitBytes } from '../commit-object.js';
import { machineDisk } from '../disk.js';
import type { GitRepository } from '../git.js';
import { SERVICE } from '../identity.js';
import { ObjectBatch } from '../object-batch.js';
import { DAY, idsIn, type RevokedByDay } from '../revoked-tokens.js';
import { ensureStateFolder } from '../state-folder.js';

/** What the revoked ids are read from and written to. */
export type RevokedRepository = Pick<
  GitRepository,
  'commonDir' | 'stateDir' | 'readCommit' | 'readTree' | 'readBlob'
>;

/** The ids that a commit has: a file for each day. What else is in it is passed over. */
export async function readRevoked(repository: RevokedRepository, commit: string): Promise<RevokedByDay> {
  const { tree } = await repository.readCommit(commit);
  const files = (await repository.readTree(tree)).filter(
    ({ name, kind }) => kind === 'file' && DAY.test(name),
  );
  const days = new Map<string, ReadonlySet<string>>();
  for (const { name, oid } of files) days.set(name, new Set(idsIn(await repository.readBlob(oid))));
  return days;
}

/** Makes a commit of these ids, on disk and flushed; nothing points to it yet. Gives its id. */
export async function writeRevoked(
  repository: RevokedRepository,
  what: { readonly days: RevokedByDay; readonly parent: string | undefined; readonly seconds: number },
): Promise<string> {
  const batch = new ObjectBatch();
  const commit = batch.add(
    'commit',
    commitBytes({
      tree: addTree(batch, what.days),
      parent: what.parent,
      seconds: what.seconds,
      ...{ author: SERVICE, committer: SERVICE, message: 'revoke tokens\n' },
    }),
  );
  const folders = {
    commonDir: repository.commonDir,
    temporary: ensureStateFolder(repository, 'tmp', 'revoked'),
  };
  machineDisk.makeFolder(join(repository.commonDir, 'objects'));
  await batch.prepare(machineDisk, folders);
  await batch.place(machineDisk, folders);
  return commit;
}

/** The names of days are all as long, so their order is git's. */
function addTree(batch: ObjectBatch, days: RevokedByDay): string {
  const entries = [...days]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, ids]) => {
      const text = [...ids].sort().map((id) => `${id}\n`);
      const blob = batch.add('blob', Buffer.from(text.join('')));
      return Buffer.concat([Buffer.from(`100644 ${day}\0`), Buffer.from(blob, 'hex')]);
    });
  return batch.add('tree', Buffer.concat(entries));
}
