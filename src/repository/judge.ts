import { mainPath, servedPaths } from '../changes/apply.js';
import type { FileEdit } from '../changes/base-files.js';
import type { Change } from '../changes/change.js';
import { checksAddedBy } from '../changes/checks/added-by-write.js';
import type { CompiledProject } from '../evaluation/compiled.js';
import { withLevels } from '../files/checks/levels.js';
import { identityOf, newProblems } from '../files/checks/new-problems.js';
import { judgeOverdue } from '../files/checks/overdue-org.js';
import { CONFIG_PATH } from '../files/config.js';
import { fileBroken } from '../files/edit-refusal.js';
import type { LoadedOrg } from '../files/loaded.js';
import { locateFindings } from '../files/locate.js';
import type { Finding } from '../files/parsed.js';
import type { ConfigFile } from '../model/config.js';
import { Failure } from '../model/failure.js';
import type { Problem } from '../model/problem.js';
import type { OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import { findingsOf, type OrgState } from './org-build.js';
import { readBytes } from './reading.js';
import { inTurns } from './slices.js';
import { fileInTree } from './tree-edit.js';
import type { WriteBase } from './write-base.js';

/** What is to be judged: what the changes asked for, and what became of them. */
export interface Judged {
  readonly base: WriteBase;
  readonly changes: readonly Change[];
  readonly edits: readonly FileEdit[];
  /** The organization as it would become. */
  readonly after: OrgState;
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}

/** What is to be said against a write. */
export interface Judgement {
  /** The errors that the base does not have. */
  readonly added: readonly Problem[];
  /** The warnings that the base does not have; they stop nothing. */
  readonly warnings: readonly Problem[];
  /** The errors of a flag that was broken and stays so: the write would not be served. */
  readonly lasting: readonly Problem[];
}

/**
 * Judges what the files would become by the same `load` that serves them, and by the checks and levels of the settings. A
 * kill goes through on a broken flag: its errors are no reason to refuse it, nor are those that its last good text brings
 * to the files beside it, which may have moved on with the broken one. What they break is served as it was. No check says
 * anything new of a flag for its switch; what one says of flags that ask for it stops no switch either.
 */
export async function judge(judged: Judged): Promise<Judgement> {
  const { base, changes, after } = judged;
  const told = addedTo(judged);
  const killed = new Set(changes.filter(isKill).map((change) => mainPath(base.org, change)));
  const old = toldOf(base.state).filter(isError);
  const broken = new Set(old.map(({ path }) => path));
  const isPassed = ({ path }: Told): boolean => (killed.has(path) ? broken.has(path) : isOnlyState(changes));
  const left = new Set(toldOf(after).filter(isError).map(identityOf));
  const served = servedPaths(base.org, changes);
  const lasting = old.filter((error) => served.has(error.path) && left.has(identityOf(error)));
  return {
    added: await located(
      judged,
      told.filter((one) => isError(one) && !isPassed(one)),
    ),
    warnings: await located(
      judged,
      told.filter((one) => !isError(one)),
    ),
    lasting: await located({ ...judged, edits: [] }, lasting),
  };
}

/** What is told of the organization as it would become and is not told of the base, with the levels of the settings. */
function addedTo({ base, after, now }: Judged): readonly Told[] {
  const { config, others, state } = base;
  const before = state.served?.snapshot;
  const fresh = newlyTold({ config, before, now, old: toldOf(state), young: toldOf(after) });
  if (after.served === undefined || after === state) return fresh;
  const { snapshot, projects } = after.served;
  const compiled = (project: ProjectSnapshot): CompiledProject | undefined => projects.get(project.key);
  return [...fresh, ...checksAddedBy({ config, before, after: snapshot, others, compiled, now })];
}

interface Telling {
  readonly config: ConfigFile;
  /** What `old` is told of. */
  readonly before: OrgSnapshot | undefined;
  readonly old: readonly Told[];
  readonly young: readonly Told[];
  readonly now: number;
}

/** What `load` says now and did not say before. A day that has passed since the base was loaded is nothing new. */
function newlyTold({ config, before, old, young, now }: Telling): readonly Told[] {
  // What is about the same files is the same object in both.
  const same = new Set(old);
  const others = young.filter((told) => !same.has(told));
  if (others.length === 0) return [];
  const isDated = others.some(({ code }) => code === 'EXPIRED' || code === 'PAST_UNTIL');
  const dated = isDated && before !== undefined ? newProblems(old, judgeOverdue(before, now)) : [];
  const kept = new Set(young);
  const gone = old.filter((told) => !kept.has(told));
  return withLevels(config, newProblems([...gone, ...dated], others));
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

/** With its line, or with its place in the data. */
export type Told = Problem | Finding;

function toldOf(state: {
  readonly loaded: LoadedOrg;
  readonly between: readonly Finding[];
}): readonly Told[] {
  return [...state.loaded.problems, ...findingsOf(state)];
}

function isError({ severity }: Told): boolean {
  return severity === 'error';
}

/** The problems with their lines, in the texts as edited where they are of those, else as they are at the base. */
async function located({ base, edits }: Judged, told: readonly Told[]): Promise<readonly Problem[]> {
  const findings = told.filter((one) => 'at' in one);
  if (findings.length === 0) return told.filter((one) => 'line' in one);
  const texts = new Map(edits.map(({ path, text }) => [path, text ?? '']));
  const blobs = new Map(base.state.read.files.map(({ path, blob }) => [path, blob]));
  const settings = findings.some(({ path }) => path === CONFIG_PATH) ? await settingsBlob(base) : undefined;
  if (settings !== undefined) blobs.set(CONFIG_PATH, settings);
  for await (const { path } of inTurns(findings)) {
    const blob = blobs.get(path);
    if (texts.has(path) || blob === undefined) continue;
    texts.set(path, (await readBytes(base.repository, { path, blob })).toString('utf8'));
  }
  const problems = told.filter((one) => 'line' in one);
  return [...problems, ...locateFindings(findings, (path) => texts.get(path))];
}

async function settingsBlob({ repository, tree }: WriteBase): Promise<string | undefined> {
  return (await fileInTree(repository, tree, CONFIG_PATH))?.oid;
}

function invalidFiles(problems: readonly Problem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  const sentence = `the flag files would not be valid: ${first?.path}: ${first?.message}${more}`;
  const kind = problems.every(({ code }) => code === 'FILE_TOO_LARGE') ? 'too-large' : 'unprocessable';
  return new Failure(kind, 'INVALID_FLAG_FILES', sentence, { data: { problems } });
}
