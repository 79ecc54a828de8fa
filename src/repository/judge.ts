import type { FileEdit } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { flagUsers } from '../changes/flag-users.js';
import { load } from '../files/load.js';
import type { LoadedOrg, SourceFile } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import { Failure } from '../model/failure.js';
import type { Problem } from '../model/problem.js';
import { kindAt } from './listing.js';
import { blobId } from './loose-object.js';
import { drain } from './slices.js';
import type { WriteBase } from './write-base.js';

/**
 * Judges what the files would become by the same `load` that serves them. Throws `Failure` FLAG_IN_USE where a deleted
 * flag is needed by others, INVALID_FLAG_FILES with the problems where there are errors that the base does not have.
 */
export async function judge(
  base: WriteBase,
  edits: readonly FileEdit[],
  options: { readonly changes: readonly Change[]; readonly now: number },
): Promise<void> {
  const files = editedFiles(base.files, edits);
  checkUsers(files, options.changes);
  const after = await loadFiles(base, files, options.now);
  const known = new Set((await problemsBefore(base, options.now)).map(identityOf));
  const texts = new Map(edits.map(({ path, text }) => [path, text ?? '']));
  const isNew = (problem: Named): boolean => problem.severity === 'error' && !known.has(identityOf(problem));
  const problems = [
    ...after.problems.filter(isNew),
    ...locateFindings(after.findings.filter(isNew), (path) => texts.get(path)),
  ];
  if (problems.length > 0) throw invalidFiles(problems);
}

type Named = Pick<Problem, 'path' | 'code' | 'severity' | 'message'>;

/** A problem that only moves to another line is not a new one. */
function identityOf({ path, code, message }: Named): string {
  return `${path}\0${code}\0${message}`;
}

async function problemsBefore(base: WriteBase, now: number): Promise<readonly Named[]> {
  if (base.served !== undefined) return base.served.problems;
  const before = await loadFiles(base, base.files, now);
  return [...before.problems, ...before.findings];
}

async function loadFiles(base: WriteBase, files: readonly SourceFile[], now: number): Promise<LoadedOrg> {
  return drain(load({ org: base.org, files, previous: base.served?.snapshot, now }));
}

function editedFiles(files: readonly SourceFile[], edits: readonly FileEdit[]): readonly SourceFile[] {
  const edited = new Map(edits.map((edit) => [edit.path, edit]));
  const kept = files.filter((file) => !edited.has(file.path));
  return [...kept, ...edits.flatMap((edit) => sourceFile(edit))];
}

function sourceFile({ path, text }: FileEdit): readonly SourceFile[] {
  if (text === null) return [];
  const bytes = Buffer.from(text);
  const kind = kindAt(path);
  return [{ path, blob: blobId(bytes), mode: 'file', parsed: kind && parseFile(kind, bytes) }];
}

function checkUsers(files: readonly SourceFile[], changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind !== 'flag.delete') continue;
    const users = flagUsers(files, change);
    if (users.length === 0) continue;
    const list = users.map(({ flag, environment }) => `${flag} (${environment})`).join(', ');
    const sentence = `${change.flag} cannot be deleted: ${list} ${users.length === 1 ? 'needs' : 'need'} it`;
    throw new Failure('conflict', 'FLAG_IN_USE', sentence, { data: { details: { users } } });
  }
}

function invalidFiles(problems: readonly Problem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  const sentence = `the flag files would not be valid: ${first?.path}: ${first?.message}${more}`;
  return new Failure('unprocessable', 'INVALID_FLAG_FILES', sentence, { data: { problems } });
}
