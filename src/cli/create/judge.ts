import { loadNow } from '../../files/load.js';
import type { LoadedOrg, SourceFile } from '../../files/loaded.js';
import { locateFindings } from '../../files/locate.js';
import { parseFile } from '../../files/parse.js';
import type { Problem } from '../../model/problem.js';
import { blobId } from '../../repository/loose-object.js';
import type { DirectoryOrg } from '../../repository/worktree.js';

/** A flag's file that is not written yet. */
export interface DraftFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The errors that an organization would have with the file and has not without it: those that `validate` would find. */
export function addedErrors(org: DirectoryOrg, draft: DraftFile, now: number): readonly Problem[] {
  const bytes = Buffer.from(draft.text);
  const parsed = parseFile('flag', bytes);
  const file: SourceFile = { path: draft.path, blob: blobId(bytes), mode: 'file', parsed };
  const loaded = loadNow({ org: org.key, files: [...org.files, file], previous: undefined, now });
  const before = new Set(errorsOf(org, draft).map(identity));
  return errorsOf(loaded, draft).filter((problem) => !before.has(identity(problem)));
}

function errorsOf(loaded: LoadedOrg, draft: DraftFile): readonly Problem[] {
  const located = locateFindings(loaded.findings, (path) => (path === draft.path ? draft.text : undefined));
  return [...loaded.problems, ...located].filter((problem) => problem.severity === 'error');
}

function identity({ path, code, message }: Problem): string {
  return JSON.stringify([path, code, message]);
}
