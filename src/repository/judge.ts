import { mainPath, servedPaths } from '../changes/apply.js';
import type { FileEdit } from '../changes/base-files.js';
import type { Change } from '../changes/change.js';
import { fileBroken } from '../files/edit-refusal.js';
import type { LoadedOrg } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import type { Finding } from '../files/parsed.js';
import { Failure } from '../model/failure.js';
import type { Problem } from '../model/problem.js';
import { findingsOf, type OrgState } from './org-build.js';
import { readBytes } from './reading.js';
import { inTurns } from './slices.js';
import type { WriteBase } from './write-base.js';

/** What is to be judged: what the changes asked for, and what became of them. */
export interface Judged {
  readonly base: WriteBase;
  readonly changes: readonly Change[];
  readonly edits: readonly FileEdit[];
  /** The organization as it would become. */
  readonly after: OrgState;
}

/** The errors that stand against a write. */
export interface Judgement {
  /** Those that the base does not have. */
  readonly added: readonly Problem[];
  /** Those of a flag that was broken and stays so: the write would not be served. */
  readonly lasting: readonly Problem[];
}

/**
 * Judges what the files would become by the same `load` that serves them. A kill goes through on a broken flag: its
 * errors are no reason to refuse it, nor are those that its last good text brings to the files beside it, which may
 * have moved on with the broken one. What they break is served as it was.
 */
export async function judge(judged: Judged): Promise<Judgement> {
  const { base, changes, after } = judged;
  const old = errorsOf(base.state);
  const fresh = errorsOf(after);
  const known = new Set(old.map(identityOf));
  const left = new Set(fresh.map(identityOf));
  const broken = new Set(old.map(({ path }) => path));
  const killed = new Set(changes.filter(isKill).map((change) => mainPath(base.org, change)));
  const isPassed = ({ path }: Told): boolean => (killed.has(path) ? broken.has(path) : isOnlyState(changes));
  const added = fresh.filter((error) => !known.has(identityOf(error)) && !isPassed(error));
  const served = servedPaths(base.org, changes);
  const lasting = old.filter((error) => served.has(error.path) && left.has(identityOf(error)));
  return { added: await located(judged, added), lasting: await located({ ...judged, edits: [] }, lasting) };
}

/**
 * Throws `Failure` INVALID_FLAG_FILES with the problems where there are errors that the base does not have (`too-large`
 * where it is only the size), and FILE_BROKEN where a flag that was broken stays so.
 */
export function refuseErrors({ added, lasting }: Judgement): void {
  if (added.length > 0) throw invalidFiles(added);
  if (lasting.length > 0) throw fileBroken(lasting);
}

/** Kill and unkill are state: they must work when all else does not. */
export function isKill({ kind }: Change): boolean {
  return kind === 'flag.kill' || kind === 'flag.unkill';
}

/** True where nothing but switches changes. */
export function isOnlyState(changes: readonly Change[]): boolean {
  return changes.every(isKill);
}

/** What `files/spelling.ts` adds about names that are there. */
const HINT = /; (?:did you mean|known:).*$/s;

/** With its line, or with its place in the data. */
type Told = Problem | Finding;

/** A problem that only moves to another line, or gets another hint because of a new name, is not a new one. */
function identityOf({ path, code, message }: Told): string {
  return `${path}\0${code}\0${message.replace(HINT, '')}`;
}

function errorsOf(state: {
  readonly loaded: LoadedOrg;
  readonly between: readonly Finding[];
}): readonly Told[] {
  return [...state.loaded.problems, ...findingsOf(state)].filter(({ severity }) => severity === 'error');
}

/** The problems with their lines, in the texts as edited where they are of those, else as they are at the base. */
async function located({ base, edits }: Judged, told: readonly Told[]): Promise<readonly Problem[]> {
  const findings = told.filter((one) => 'at' in one);
  if (findings.length === 0) return told.filter((one) => 'line' in one);
  const texts = new Map(edits.map(({ path, text }) => [path, text ?? '']));
  const blobs = new Map(base.state.read.files.map(({ path, blob }) => [path, blob]));
  for await (const { path } of inTurns(findings)) {
    const blob = blobs.get(path);
    if (texts.has(path) || blob === undefined) continue;
    texts.set(path, (await readBytes(base.repository, { path, blob })).toString('utf8'));
  }
  const problems = told.filter((one) => 'line' in one);
  return [...problems, ...locateFindings(findings, (path) => texts.get(path))];
}

function invalidFiles(problems: readonly Problem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  const sentence = `the flag files would not be valid: ${first?.path}: ${first?.message}${more}`;
  const kind = problems.every(({ code }) => code === 'FILE_TOO_LARGE') ? 'too-large' : 'unprocessable';
  return new Failure(kind, 'INVALID_FLAG_FILES', sentence, { data: { problems } });
}
