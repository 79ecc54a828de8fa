import type { TextPair } from '../changes/text-pair.js';
import { expectedFiles } from './expected-files.js';
import type { PlannedWrite } from './plan-write.js';
import { inTurns } from './slices.js';
import type { Preview, Refusal, WriteRequest } from './write-request.js';

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
    expects: await expectedFiles(base, request),
    differences,
    problems: [...judgement.added, ...judgement.lasting],
    warnings: judgement.warnings,
    brokenTests,
    refusals,
  };
}
