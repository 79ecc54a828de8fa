import type { Applied } from '../changes/apply.js';
import type { FileEdit } from '../changes/base-files.js';
import { type BrokenTest, brokenTests } from '../changes/broken-tests.js';
import type { Difference } from '../changes/difference.js';
import { diffFilesInSteps } from '../changes/difference-files.js';
import { refuseUsed } from '../changes/users.js';
import type { SourceFile } from '../files/loaded.js';
import { Failure } from '../model/failure.js';
import { applyToBase } from './apply-to-base.js';
import type { FileReader } from './file-reader.js';
import { isOnlyState, type Judgement, judge, refuseErrors } from './judge.js';
import { ObjectBatch } from './object-batch.js';
import { compileOrg, loadOrg, type OrgState } from './org-build.js';
import { orgVersion } from './org-folders.js';
import { changesAt } from './revert-base.js';
import { drain, inTurns } from './slices.js';
import { withObjects } from './staged-objects.js';
import { editTree, filesInTree } from './tree-edit.js';
import type { PlannedFile } from './work-files.js';
import type { WriteBase } from './write-base.js';
import { type EditedFile, type Repair, sinceReadable } from './write-last-good.js';
import type { WriteRequest } from './write-request.js';

/** What a write comes to on its base, in memory: nothing is refused yet. */
export interface PlannedWrite {
  readonly base: WriteBase;
  readonly applied: Applied;
  readonly files: readonly PlannedFile[];
  readonly objects: ObjectBatch;
  /** The tree of the commit. */
  readonly tree: string;
  readonly after: OrgState;
  readonly judgement: Judgement;
  readonly brokenTests: readonly BrokenTest[];
  /** Of a file that cannot be read at the base, from its last good text on. */
  readonly differences: readonly Difference[];
  readonly repairs: readonly Repair[];
}

/**
 * Applies a write to its base, and judges what the organization becomes by loading and compiling it as if it were
 * served. Throws what `applyChanges` does, and FLAG_IN_USE or SEGMENT_IN_USE where others need what is deleted.
 */
export async function planWrite(
  base: WriteBase,
  request: WriteRequest,
  by: { readonly now: number; readonly reader: FileReader },
): Promise<PlannedWrite> {
  const changes = await changesAt(base, request.changes);
  const { now, reader } = by;
  const applied = await applyToBase(base, { changes, now, reader });
  const { edits, parsed } = applied;
  const objects = new ObjectBatch();
  const files = await plannedFiles(base, edits, objects);
  const tree = await treeOf(base, files, objects);
  const repository = withObjects(base.repository, objects);
  const version = (await orgVersion(repository, tree, base.org)) ?? '';
  const { read, pairs } = editedFiles(base.state, files, parsed);
  const { pairs: told, repairs } = await sinceReadable(base, pairs);
  refuseUsed(read.files, applied.effective);
  const after = edits.length === 0 ? base.state : await becomes(base, { version, read, now: by.now });
  return {
    base,
    applied,
    files,
    objects,
    tree,
    after,
    judgement: await judge({ base, changes, edits, after, now }),
    brokenTests: edits.length === 0 || isOnlyState(changes) ? [] : testsBrokenBy(base, after, by.now),
    differences: await drain(diffFilesInSteps(told)),
    repairs,
  };
}

/** Throws `Failure` for all that stands against a write but broken tests that it forces. */
export function refusePlan({ judgement, brokenTests: failing }: PlannedWrite, request: WriteRequest): void {
  refuseErrors(judgement);
  if (failing.length === 0 || request.force !== undefined) return;
  const [first] = failing;
  const more = failing.length > 1 ? `, and ${failing.length - 1} more` : '';
  const sentence = `tests would no longer pass: ${first?.flag}: ${first?.name}${more}`;
  throw new Failure('unprocessable', 'TESTS_BROKEN', sentence, { data: { details: { failing } } });
}

async function plannedFiles(
  base: WriteBase,
  edits: readonly FileEdit[],
  objects: ObjectBatch,
): Promise<readonly PlannedFile[]> {
  const paths = edits.map(({ path }) => path);
  const there = await filesInTree(base.repository, base.tree, paths);
  const files: PlannedFile[] = [];
  for await (const { path, text } of inTurns(edits)) {
    const before = there.get(path) ?? null;
    const bytes = text === null ? undefined : Buffer.from(text);
    const after = bytes && { oid: objects.add('blob', bytes), mode: before?.mode ?? '100644', bytes };
    files.push({ path, before, after: after ?? null });
  }
  return files;
}

/** From the tree of the base and the edits, never from the index. */
async function treeOf(base: WriteBase, files: readonly PlannedFile[], batch: ObjectBatch): Promise<string> {
  if (files.length === 0) return base.tree;
  const edits = new Map(files.map(({ path, after }) => [path, after?.oid ?? null]));
  return editTree(base.repository, { tree: base.tree, edits, batch });
}

/** The edited files in both versions, and all files of the organization with them. */
interface Edited {
  readonly read: OrgState['read'];
  readonly pairs: readonly EditedFile[];
}

/** Each in the place of its old version. */
function editedFiles({ read }: OrgState, planned: readonly PlannedFile[], parsed: Applied['parsed']): Edited {
  const fresh = new Map(planned.map((file, index) => [file.path, sourceFile(file, parsed[index])]));
  const old = new Map<string, SourceFile>();
  const files: SourceFile[] = [];
  for (const file of read.files) {
    const isEdited = fresh.has(file.path);
    if (isEdited) old.set(file.path, file);
    const now = isEdited ? fresh.get(file.path) : file;
    if (now !== undefined) files.push(now);
  }
  for (const [path, file] of fresh) if (file !== undefined && !old.has(path)) files.push(file);
  const unreadable = read.unreadable.filter(({ path }) => !fresh.has(path));
  const pairs = [...fresh].map(([path, after]) => ({ path, before: old.get(path), after }));
  return { read: { files, unreadable, parsedNow: planned.length }, pairs };
}

function sourceFile(
  { path, after }: PlannedFile,
  parsed: Applied['parsed'][number] | undefined,
): SourceFile | undefined {
  return after === null ? undefined : { path, blob: after.oid, mode: 'file', parsed: parsed ?? undefined };
}

async function becomes(
  { org, state }: WriteBase,
  made: Pick<OrgState, 'version' | 'read'> & { readonly now: number },
): Promise<OrgState> {
  const making = { ...made, org, revision: state.served?.revision ?? '', previous: state };
  return compileOrg(making, await loadOrg(making));
}

function testsBrokenBy(base: WriteBase, after: OrgState, now: number): readonly BrokenTest[] {
  const [before, projects] = [base.state.served?.projects, after.served?.projects];
  return projects === undefined ? [] : brokenTests({ before, after: projects, now });
}
