import type { Applied, FileEdit } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { flagUsers } from '../changes/flag-users.js';
import { fileBroken } from '../files/edit-refusal.js';
import { load } from '../files/load.js';
import type { SourceFile } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import { parseFile } from '../files/parse.js';
import type { Finding } from '../files/parsed.js';
import { pathOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { GitRepository } from './git.js';
import { kindAt } from './listing.js';
import { blobId } from './loose-object.js';
import { readBytes } from './reading.js';
import { drain } from './slices.js';
import { blobAt, type WriteBase } from './write-base.js';

/** What is to be judged: what the changes asked for, and what became of them. */
export interface Judged extends Applied {
  readonly changes: readonly Change[];
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}

/**
 * Judges what the files would become by the same `load` that serves them. Throws `Failure` FLAG_IN_USE where a deleted
 * flag is needed by others, INVALID_FLAG_FILES with the problems where there are errors that the base does not have (`too-large` where it is
 * only the size), and
 * FILE_BROKEN where a flag that was broken stays so: the write would not be served.
 */
export async function judge(repository: GitRepository, base: WriteBase, write: Judged): Promise<void> {
  const { edits, now } = write;
  const files = editedFiles(base.files, edits);
  checkUsers(files, write.effective);
  const before = base.served?.problems ?? (await problemsOf(base, base.files, now));
  const after = edits.length === 0 ? before : await problemsOf(base, files, now);
  const known = new Set(before.map(identityOf));
  const added = after.filter((problem) => isError(problem) && !known.has(identityOf(problem)));
  if (added.length > 0) throw invalidFiles(await located(repository, { base, edits, told: added }));
  const left = new Set(after.filter(isError).map(identityOf));
  const broken = ownPaths(base.org, write.changes);
  const lasting = before.filter((problem) => broken.has(problem.path) && left.has(identityOf(problem)));
  if (lasting.length > 0) throw fileBroken(await located(repository, { base, edits: [], told: lasting }));
}

/** The errors that the write would add. Throws FILE_BROKEN as `judge` does. */
export async function addedProblems(
  repository: GitRepository,
  base: WriteBase,
  write: Judged,
): Promise<readonly Problem[]> {
  try {
    await judge(repository, base, write);
    return [];
  } catch (error) {
    if (error instanceof Failure && error.code === 'INVALID_FLAG_FILES') return error.data.problems ?? [];
    throw error;
  }
}

/** What `files/spelling.ts` adds about names that are there. */
const HINT = /; (?:did you mean|known:).*$/s;

/** With its line, or with its place in the data. */
type Told = Problem | Finding;

/** A problem that only moves to another line, or gets another hint because of a new name, is not a new one. */
function identityOf({ path, code, message }: Told): string {
  return `${path}\0${code}\0${message.replace(HINT, '')}`;
}

function isError({ severity }: Told): boolean {
  return severity === 'error';
}

async function problemsOf(
  { org, served }: WriteBase,
  files: readonly SourceFile[],
  now: number,
): Promise<readonly Told[]> {
  const { problems, findings } = await drain(load({ org, files, previous: served?.snapshot, now }));
  return [...problems, ...findings];
}

/** The files that make the flags which the changes leave there. */
function ownPaths(org: OrgKey, changes: readonly Change[]): ReadonlySet<string> {
  const kinds = ['flag', 'overrides'] as const;
  return new Set(
    changes.flatMap((change) => {
      if (change.kind === 'flag.delete' || !('flag' in change)) return [];
      return kinds.map((kind) => pathOf({ kind, org, project: change.project, key: change.flag }));
    }),
  );
}

/** The problems with their lines, in the texts as edited. */
async function located(
  repository: GitRepository,
  { base, edits, told }: { base: WriteBase; edits: readonly FileEdit[]; told: readonly Told[] },
): Promise<readonly Problem[]> {
  const findings = told.filter((one) => 'at' in one);
  const texts = new Map(edits.map(({ path, text }) => [path, text ?? '']));
  for (const { path } of findings) {
    const blob = blobAt(base, path);
    if (texts.has(path) || blob === undefined) continue;
    texts.set(path, (await readBytes(repository, { path, blob })).toString('utf8'));
  }
  const problems = told.filter((one) => 'line' in one);
  return [...problems, ...locateFindings(findings, (path) => texts.get(path))];
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
  const kind = problems.every(({ code }) => code === 'FILE_TOO_LARGE') ? 'too-large' : 'unprocessable';
  return new Failure(kind, 'INVALID_FLAG_FILES', sentence, { data: { problems } });
}
