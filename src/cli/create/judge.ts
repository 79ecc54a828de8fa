import { loadNow } from '../../files/load.js';
import type { LoadedOrg, SourceFile } from '../../files/loaded.js';
import { locateFindings } from '../../files/locate.js';
import { parseFile } from '../../files/parse.js';
import { placeOf } from '../../files/paths.js';
import type { Problem } from '../../model/problem.js';
import { blobId } from '../../repository/loose-object.js';
import type { DirectoryOrg } from '../../repository/worktree.js';

/** A file that is not written yet. */
export interface DraftFile {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** An organization as its files are now; one that is new has none. */
export type JudgedOrg = Pick<DirectoryOrg, 'key' | 'files' | 'problems' | 'findings'>;

/** The errors that an organization would have with the files and has not without them: those that `validate` would find. */
export function addedErrors(org: JudgedOrg, drafts: readonly DraftFile[], now: number): readonly Problem[] {
  const texts = new Map(drafts.map(({ path, text }) => [path, text]));
  const others = org.files.filter(({ path }) => !texts.has(path));
  const files = [...others, ...drafts.map(sourceOf)];
  const loaded = loadNow({ org: org.key, files, previous: undefined, now });
  const before = new Set(errorsOf(org, texts).map(identity));
  return errorsOf(loaded, texts).filter((problem) => !before.has(identity(problem)));
}

/** Paths that no kind of file has are the judge's to name. */
function sourceOf({ path, text }: DraftFile): SourceFile {
  const bytes = Buffer.from(text);
  const meaning = placeOf(path);
  const parsed = meaning.kind === 'file' ? parseFile(meaning.place.kind, bytes) : undefined;
  return { path, blob: blobId(bytes), mode: 'file', parsed };
}

function errorsOf(
  { problems, findings }: Pick<LoadedOrg, 'problems' | 'findings'>,
  texts: ReadonlyMap<string, string>,
): readonly Problem[] {
  const located = locateFindings(findings, (path) => texts.get(path));
  return [...problems, ...located].filter((problem) => problem.severity === 'error');
}

function identity({ path, code, message }: Problem): string {
  return JSON.stringify([path, code, message]);
}
