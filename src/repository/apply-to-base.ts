import { type Applied, pathsOf } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { folderOf } from '../changes/project-files.js';
import { environmentsNamed } from '../files/environment-names.js';
import type { SourceFile } from '../files/loaded.js';
import { Failure } from '../model/failure.js';
import type { EnvironmentKey } from '../model/keys.js';
import {
  type ApplyTask,
  type BaseValues,
  type FailureValues,
  failureOf,
  failureValues,
  namingKey,
} from './apply-task.js';
import type { FileReader } from './file-reader.js';
import { inTurns } from './slices.js';
import { filesInTree } from './tree-edit.js';
import type { WriteBase } from './write-base.js';
import { readLastGood, readText, staleFlags } from './write-last-good.js';

/**
 * Applies the changes of a write to the texts of its base; in a worker where there is much to read. Throws what
 * `applyChanges` does.
 */
export async function applyToBase(
  base: WriteBase,
  by: { readonly changes: readonly Change[]; readonly now: number; readonly reader: FileReader },
): Promise<Applied> {
  const { changes, now, reader } = by;
  const options = { org: base.org, now };
  const task: ApplyTask = { task: 'apply', changes, options, base: await baseValues(base, changes) };
  const answer = await reader.apply(task);
  if (answer.kind === 'refused') throw failureOf(answer.failure);
  return answer.applied;
}

/** What the changes may look at, read before: their application is pure. */
async function baseValues(base: WriteBase, changes: readonly Change[]): Promise<BaseValues> {
  const { org, repository, state, hasSchemas } = base;
  const texts = new Map<string, string | FailureValues>();
  const lastGood = new Map<string, string>();
  const stale = staleFlags(base);
  const naming = namingFiles(base, changes);
  const named = [...changes.flatMap((change) => pathsOf(org, change)), ...[...naming.values()].flat()];
  const there = await filesInTree(repository, base.tree, named);
  for await (const path of inTurns(new Set(named))) {
    const file = there.get(path);
    const text = file && (await readText(repository, path, file.oid));
    if (text !== undefined) texts.set(path, text instanceof Failure ? failureValues(text) : text);
    const flag = stale.get(path);
    const good = flag && (await readLastGood(repository, flag));
    if (good !== undefined) lastGood.set(path, good.text);
  }
  const projects = [...(state.served?.snapshot.projects ?? [])];
  return {
    hasSchemas,
    texts,
    lastGood,
    naming,
    paths: new Set(state.read.files.map((file) => file.path)),
    environments: new Map(projects.map(([key, { environments }]) => [key, environments])),
  };
}

/** By environment that is to go, the files that name it. A broken one may; where it is one of tests, no answer needs it. */
function namingFiles(
  { org, state }: WriteBase,
  changes: readonly Change[],
): ReadonlyMap<string, readonly string[]> {
  const deletions = changes.filter((change) => change.kind === 'environment.delete');
  return new Map(
    deletions.map(({ project, environment }) => {
      const files = state.read.files.filter(({ path }) => path.startsWith(folderOf(org, project)));
      const named = files.filter((file) => mayName(file, environment));
      return [namingKey(project, environment), named.map(({ path }) => path)] as const;
    }),
  );
}

function mayName({ mode, parsed }: SourceFile, environment: EnvironmentKey): boolean {
  if (mode !== 'file' || parsed === undefined) return false;
  const named = environmentsNamed(parsed);
  return named === undefined ? parsed.kind !== 'tests' : named.has(environment);
}
