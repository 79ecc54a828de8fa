import { pathsOf } from '../changes/apply.js';
import type { TextPair } from '../changes/text-pair.js';
import type { PlannedWrite } from './plan-write.js';
import { inTurns } from './slices.js';
import { filesInTree } from './tree-edit.js';
import type { ExpectedBlobs, Preview, Refusal, WriteRequest } from './write-request.js';

/** What a planned write would do, for people to look at. */
export async function previewOf(
  planned: PlannedWrite,
  request: WriteRequest,
  refusals: readonly Refusal[],
): Promise<Preview> {
  const { base, files, judgement, differences, brokenTests } = planned;
  const pairs: TextPair[] = [];
  for await (const { path, before, after } of inTurns(files)) {
    const old = before && (await base.repository.readBlob(before.oid)).toString();
    pairs.push({ path, before: old, after: after?.bytes.toString() ?? null });
  }
  return {
    base: base.commit,
    changed: files.length > 0,
    files: pairs,
    expects: await blobsOf(planned, request),
    differences,
    problems: [...judgement.added, ...judgement.lasting],
    warnings: judgement.warnings,
    brokenTests,
    refusals,
  };
}

/** Of every file that it was planned with, the blob at its base. */
async function blobsOf(
  { base: { repository, tree }, files }: PlannedWrite,
  { org, changes }: WriteRequest,
): Promise<ExpectedBlobs> {
  const touched = [...files.map(({ path }) => path), ...changes.flatMap((change) => pathsOf(org, change))];
  const paths = [...new Set(touched)].sort();
  const there = await filesInTree(repository, tree, paths);
  return Object.fromEntries(paths.map((path) => [path, there.get(path)?.oid ?? null]));
}
