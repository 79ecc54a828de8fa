import { mainPath } from '../changes/apply.js';
import type { Preview, WriteResult } from '../repository/write-request.js';
import { readObject } from './body.js';
import { shownDiff, toldDifferences } from './cut-answers.js';
import { headersOf, shown } from './feature-flag-answers.js';
import { type FeatureFlagOptions, flagAfter } from './feature-flag-asked.js';
import { shownDifference } from './feature-flag-history.js';
import { findPastFlag, type PastFlag } from './feature-flag-past.js';
import { readTo, restoreOf } from './flag-restore.js';
import { readFields, readSwitch } from './json-fields.js';
import type { Asked, Reply } from './route.js';
import { previewChanges, writeChanges } from './write-changes.js';
import { headersOfWrite, preconditionsOf } from './write-headers.js';
import { readWords, WORD_FIELDS, type WriteWords } from './write-words.js';

interface RevertBody {
  /** A commit, a branch, a tag or a time. */
  readonly to: string;
  readonly isDryRun: boolean;
  readonly words: WriteWords;
}

/** POST: the flag with its overrides and tests as another commit had them; one that is gone comes back. */
export async function revert(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const { to, isDryRun, words } = await readRevert(asked);
  const found = findPastFlag(options, asked, 'manage-project');
  const { org } = found.name;
  const change = await restoreOf(options, found.name, to);
  const request = {
    served: found.served,
    changes: [change],
    ...words,
    preconditions: preconditionsOf(asked, mainPath(org, change)),
  };
  if (isDryRun) return previewReply(await previewChanges(options.writer, asked.caller, request));
  return writtenReply(options, found, await writeChanges(options.writer, asked.caller, request));
}

async function readRevert({ request }: Asked): Promise<RevertBody> {
  const fields = readFields((await readObject(request)) ?? {}, '', ['to', 'dry_run', ...WORD_FIELDS]);
  return {
    to: readTo(fields),
    isDryRun: readSwitch(fields, 'dry_run') ?? false,
    words: readWords(fields),
  };
}

/** With the flag as it is then; null where the older commit did not have it, and so it is gone. */
function writtenReply(options: FeatureFlagOptions, { name }: PastFlag, result: WriteResult): Reply {
  const found = flagAfter(result.served, name.flag);
  const { commit, changed, warnings } = result;
  const { sentences, differences, isCut } = toldDifferences(result.differences);
  return {
    status: 200,
    headers: { ...(found === undefined ? {} : headersOf(found)), ...headersOfWrite(result) },
    body: {
      commit,
      changed,
      sentences,
      changes: differences.map(shownDifference),
      warnings,
      feature_flag: found === undefined ? null : shown(options, found, commit),
      is_cut: isCut,
    },
  };
}

async function previewReply(preview: Preview): Promise<Reply> {
  const { base, changed, files, problems, warnings, brokenTests, refusals } = preview;
  const { sentences, differences, isCut } = toldDifferences(preview.differences);
  const shownFiles = await shownDiff(files);
  return {
    status: 200,
    body: {
      dry_run: true,
      base,
      changed,
      diff: shownFiles.diff,
      sentences,
      changes: differences.map(shownDifference),
      problems,
      warnings,
      broken_tests: brokenTests,
      refusals,
      is_cut: isCut || shownFiles.isCut,
    },
  };
}
