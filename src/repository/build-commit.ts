import { type Applied, applyChanges, pathsOf } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { fileBroken } from '../files/edit-refusal.js';
import { decodeText } from '../files/text.js';
import { commitBytes } from './commit-object.js';
import type { GitRepository } from './git.js';
import type { Identity } from './identity.js';
import { kindAt } from './listing.js';
import { ObjectBatch } from './object-batch.js';
import type { Publication } from './publish.js';
import { editTree, fileInTree } from './tree-edit.js';
import type { PlannedFile } from './work-files.js';
import type { WriteBase } from './write-base.js';

/** Applies the changes of a write to the texts of its base. Throws what `applyChanges` does. */
export async function applyToBase(
  repository: GitRepository,
  base: WriteBase,
  to: { readonly changes: readonly Change[]; readonly now: number },
): Promise<Applied> {
  const { org, hasSchemas } = base;
  const { changes } = to;
  const paths = new Set(base.files.map((file) => file.path));
  const contents = new Map<string, Buffer>();
  for (const path of changes.flatMap((change) => pathsOf(org, change))) {
    const file = await fileInTree(repository, base.tree, path);
    if (file !== undefined) contents.set(path, await repository.readBlob(file.oid));
  }
  const readText = (path: string): string | undefined => decode(path, contents.get(path));
  return applyChanges(changes, { paths, hasSchemas, readText }, { org, now: to.now });
}

function decode(path: string, bytes: Buffer | undefined): string | undefined {
  const kind = kindAt(path);
  if (bytes === undefined || kind === undefined) return undefined;
  const decoded = decodeText(kind, bytes);
  if (decoded.kind === 'problem') throw fileBroken([{ path, ...decoded.problem }]);
  return decoded.text;
}

/** A commit in memory, with its objects and files. */
export type BuiltCommit = Pick<Publication, 'commit' | 'objects' | 'files'>;

/** Builds it from the tree of the base and the edits, never from the index. */
export async function buildCommit(
  repository: GitRepository,
  base: WriteBase,
  from: {
    readonly applied: Applied;
    readonly identities: { readonly author: Identity; readonly committer: Identity };
    readonly message: string;
    readonly seconds: number;
  },
): Promise<BuiltCommit> {
  const objects = new ObjectBatch();
  const files: PlannedFile[] = [];
  for (const { path, text } of from.applied.edits) {
    const before = (await fileInTree(repository, base.tree, path)) ?? null;
    const bytes = text === null ? undefined : Buffer.from(text);
    const after = bytes && { oid: objects.add('blob', bytes), mode: before?.mode ?? '100644', bytes };
    files.push({ path, before, after: after ?? null });
  }
  const edits = new Map(files.map(({ path, after }) => [path, after?.oid ?? null]));
  const tree = await editTree(repository, { tree: base.tree, edits, batch: objects });
  const { message, seconds } = from;
  const commit = { tree, parent: base.commit, ...from.identities, message, seconds };
  return { objects, files, commit: { ...commit, oid: objects.add('commit', commitBytes(commit)) } };
}
