import { mainPath } from '../changes/apply.js';
import type { FilePair, FileSide } from '../changes/difference-files.js';
import { withSwitchesOf } from '../changes/kill-switch.js';
import { fileBroken } from '../files/edit-refusal.js';
import type { SourceFile } from '../files/loaded.js';
import { parseFile } from '../files/parse.js';
import { decodeText } from '../files/text.js';
import type { Failure } from '../model/failure.js';
import type { Flag } from '../model/snapshot.js';
import type { CommitHistory } from './commit-history.js';
import { isDamage } from './damage.js';
import type { GitRepository } from './git.js';
import { isKill } from './judge.js';
import { kindAt } from './listing.js';
import { blobId } from './loose-object.js';
import type { PlannedWrite } from './plan-write.js';
import { inTurns } from './slices.js';
import { fileInTree } from './tree-edit.js';
import type { WriteBase } from './write-base.js';

/** The text of the version that a flag is served from, which is not the one of the base. */
export interface LastGoodText {
  /** The blob that it was read from. */
  readonly blob: string;
  /** With the kill switches as they are served. */
  readonly text: string;
}

/** By path, the flags that are served from an older commit. */
export function staleFlags({ state }: WriteBase): ReadonlyMap<string, Flag> {
  if ((state.served?.staleFlags ?? 0) === 0) return new Map();
  const projects = [...(state.served?.snapshot.projects.values() ?? [])];
  const flags = projects.flatMap((project) => [...project.flags.values()]);
  return new Map(flags.filter((flag) => flag.stale !== undefined).map((flag) => [flag.path, flag]));
}

/** Undefined where git has lost it. */
export async function readLastGood(
  repository: GitRepository,
  { path, blob, file }: Flag,
): Promise<LastGoodText | undefined> {
  const text = await readText(repository, path, blob);
  return typeof text === 'string' ? { blob, text: withSwitchesOf(file, { path, text }) } : undefined;
}

/** A file's text, or why it has none; only who needs it is refused. */
export async function readText(
  repository: GitRepository,
  path: string,
  blob: string,
): Promise<string | Failure> {
  const kind = kindAt(path);
  try {
    const decoded = decodeText(kind ?? 'flag', await repository.readBlob(blob));
    return decoded.kind === 'problem' ? fileBroken([{ path, ...decoded.problem }]) : decoded.text;
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/** A file that a write edits, in both versions; undefined where it is not there. */
export interface EditedFile {
  readonly path: string;
  readonly before: SourceFile | undefined;
  readonly after: SourceFile | undefined;
}

/** A flag's file that cannot be read at the base, and the blob of its last good text. */
export interface Repair {
  readonly path: string;
  readonly blob: string;
}

/**
 * The files with, in the place of a version that cannot be read, the last good text of it: who repairs it wants to know
 * what is different from what is served.
 */
export async function sinceReadable(
  base: WriteBase,
  edited: readonly EditedFile[],
): Promise<{ readonly pairs: readonly FilePair[]; readonly repairs: readonly Repair[] }> {
  const pairs: FilePair[] = [];
  const repairs: Repair[] = [];
  const stale = staleFlags(base);
  for await (const pair of inTurns(edited)) {
    const { path, before, after } = pair;
    const flag = before !== undefined && before.parsed?.value === undefined && stale.get(path);
    const good = flag ? await readLastGood(base.repository, flag) : undefined;
    if (good !== undefined && after !== undefined) repairs.push({ path, blob: good.blob });
    const side = good && sideOf(good);
    // Where nothing else is different, it is different that it can be read.
    pairs.push(side === undefined || side.blob === after?.blob ? pair : { ...pair, before: side });
  }
  return { pairs, repairs };
}

function sideOf({ text }: LastGoodText): FileSide {
  const bytes = Buffer.from(text);
  return { blob: blobId(bytes), parsed: parseFile('flag', bytes) };
}

/** For the body of a commit: that kills went from the last good texts, whatever else the broken ones said. */
export async function repairNote(
  { base, applied, repairs }: Pick<PlannedWrite, 'base' | 'applied' | 'repairs'>,
  history: CommitHistory,
): Promise<string> {
  const killed = new Set(applied.effective.filter(isKill).map((change) => mainPath(base.org, change)));
  const notes = repairs
    .filter(({ path }) => killed.has(path))
    .map(async (repair) => {
      const commit = await commitOfText(base.repository, history, repair);
      const from = commit === undefined ? `blob ${repair.blob}` : `commit ${commit}`;
      return `The text of ${repair.path} was broken as of commit ${base.commit}.\nThis goes from its last good text, of ${from}.`;
    });
  return (await Promise.all(notes)).join('\n\n');
}

/** So many commits of a file are looked at for the one that left a text: a kill must not wait. */
const COMMITS_BACK = 100;

/** The newest commit that left this text at the path, as far as history knows and tells quickly. */
async function commitOfText(
  repository: GitRepository,
  history: CommitHistory,
  { path, blob }: { readonly path: string; readonly blob: string },
): Promise<string | undefined> {
  const created = history.authorsOf(path)?.created;
  if (created === undefined) return undefined;
  const commits = [...history.laterThan(created.oid, path), created].slice(0, COMMITS_BACK);
  for (const { oid } of commits) {
    const { tree } = await repository.readCommit(oid);
    if ((await fileInTree(repository, tree, path))?.oid === blob) return oid;
  }
  return undefined;
}
