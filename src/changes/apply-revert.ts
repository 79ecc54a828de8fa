import { FLAGS_FOLDER, pathOf, placeOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { ApplyOptions } from './apply-options.js';
import type { CommitRevert, FlagRestore, RevertedFile } from './change.js';
import type { Draft } from './draft.js';
import { killedInText, killedNow } from './kill-switch.js';
import { mergeLines } from './merge.js';
import { keepsParts } from './merged-parts.js';
import { flagKilled, flagNotFound } from './refusals.js';

/**
 * The flag's files become what they were. Nobody lets go by it what is killed now, nor removes it: where there is no flag
 * the caller's own default is used. A kill of then comes back.
 */
export function restoreFlag(
  files: Draft,
  change: FlagRestore,
  { org }: ApplyOptions,
): readonly FlagRestore[] {
  const { project, flag: key, texts } = change;
  const restored = (['flag', 'overrides', 'tests'] as const).map((kind) => {
    return { path: pathOf({ kind, org, project, key }), text: texts[kind] };
  });
  if (restored.every(({ path, text }) => text === null && !files.has(path))) throw flagNotFound(change);
  for (const { path, text } of restored) refuseRelease(files, { path, text, allowed: [] });
  return putAll(files, restored) ? [change] : [];
}

/**
 * What the commit did is taken back. A kill that it set goes with it, where nobody has touched the file since; any other
 * stays, or the change is refused.
 */
export function revertCommit(
  files: Draft,
  change: CommitRevert,
  { org }: ApplyOptions,
): readonly CommitRevert[] {
  refuseAccess(change);
  const reverted = change.files.map((file) => revertedFile(files, file, org));
  const conflicts = reverted.filter(({ text }) => text === undefined).map(({ path }) => path);
  if (conflicts.length > 0) throw revertConflict(change, conflicts);
  const restored = reverted.map(({ path, text }) => ({ path, text: text ?? null }));
  for (const [index, { path, text }] of restored.entries()) {
    refuseRelease(files, { path, text, allowed: ownKills(files, change.files[index]) });
  }
  return putAll(files, restored) ? [change] : [];
}

interface RestoredFile {
  readonly path: string;
  readonly text: string | null;
}

/** `text` is undefined where later changes conflict. */
function revertedFile(
  files: Draft,
  { path, before, after }: RevertedFile,
  org: ApplyOptions['org'],
): { readonly path: string; readonly text: string | null | undefined } {
  if (!path.startsWith(`${FLAGS_FOLDER}/${org}/`)) throw new Error(`${path} is not below the organization`);
  const current = files.read(path) ?? null;
  if (current === after) return { path, text: before };
  if (current === before) return { path, text: current };
  if (current === null || before === null || after === null) return { path, text: undefined };
  const merge = { current, from: after, to: before };
  const text = mergeLines(merge);
  return { path, text: text !== undefined && keepsParts(path, merge, text) ? text : undefined };
}

/**
 * Who belongs to an organization and which keys open it is not given back by the way, to whomever may write flags.
 * Throws ACCESS_FILES.
 */
export function refuseAccess({ commit, isMerge, files }: CommitRevert): void {
  const paths = files.map(({ path }) => path).filter(isAccessFile);
  if (paths.length === 0) return;
  const short = commit.slice(0, 10);
  const sentence = `commit ${short} changed who has access, which is taken back with git only: ${paths.join(', ')}`;
  const remedy = `\`git revert ${isMerge ? '-m 1 ' : ''}${short}\` does it, for whoever may push`;
  throw new Failure('unprocessable', 'ACCESS_FILES', `${sentence}; ${remedy}`, {
    data: { details: { paths } },
  });
}

function isAccessFile(path: string): boolean {
  const meaning = placeOf(path);
  return meaning.kind === 'file' && (meaning.place.kind === 'org' || meaning.place.kind === 'api-keys');
}

function revertConflict({ commit }: CommitRevert, paths: readonly string[]): Failure {
  const sentence = `commit ${commit.slice(0, 10)} cannot be taken back, later changes conflict: ${paths.join(', ')}`;
  return new Failure('conflict', 'REVERT_CONFLICT', sentence, { data: { details: { paths } } });
}

/** True where a file is another one afterwards. */
function putAll(files: Draft, restored: readonly RestoredFile[]): boolean {
  const changed = restored.filter(({ path, text }) =>
    text === null ? files.has(path) : !files.has(path) || files.readIfText(path) !== text,
  );
  for (const { path, text } of changed) files.put(path, text);
  return changed.length > 0;
}

/** The environments that are killed because the commit set the switch there: nobody has touched the file since. */
function ownKills(files: Draft, file: RevertedFile | undefined): readonly string[] {
  if (file === undefined || file.after === null || file.changedSince) return [];
  const { path, before, after } = file;
  if (files.readIfText(path) !== after) return [];
  const killedBefore = before === null ? [] : (killedInText({ path, text: before }) ?? []);
  return (killedInText({ path, text: after }) ?? []).filter((key) => !killedBefore.includes(key));
}

/** Throws FLAG_KILLED where the flag is killed now, and would not be with the text, or without the file. */
function refuseRelease(
  files: Draft,
  { path, text, allowed }: RestoredFile & { readonly allowed: readonly string[] },
): void {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file' || meaning.place.kind !== 'flag') return;
  const kept = [...(text === null ? [] : (killedInText({ path, text }) ?? [])), ...allowed];
  const released = killedNow(files, path).filter((environment) => !kept.includes(environment));
  if (released.length > 0) throw flagKilled(meaning.place.key, released);
}
