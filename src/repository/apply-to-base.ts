import { type Applied, applyChanges, pathsOf } from '../changes/apply.js';
import type { BaseFiles } from '../changes/base-files.js';
import type { Change } from '../changes/change.js';
import type { Failure } from '../model/failure.js';
import { fileInTree } from './tree-edit.js';
import type { WriteBase } from './write-base.js';
import { readLastGood, readText, staleFlags } from './write-last-good.js';

/** Applies the changes of a write to the texts of its base. Throws what `applyChanges` does. */
export async function applyToBase(
  base: WriteBase,
  to: { readonly changes: readonly Change[]; readonly now: number },
): Promise<Applied> {
  return applyChanges(to.changes, await baseFiles(base, to.changes), { org: base.org, now: to.now });
}

/** What the changes may look at, read before: their application is pure. */
async function baseFiles(base: WriteBase, changes: readonly Change[]): Promise<BaseFiles> {
  const { org, repository, state, hasSchemas } = base;
  const texts = new Map<string, string | Failure>();
  const lastGood = new Map<string, string>();
  const stale = staleFlags(base);
  for (const path of new Set(changes.flatMap((change) => pathsOf(org, change)))) {
    const file = await fileInTree(repository, base.tree, path);
    if (file !== undefined) texts.set(path, await readText(repository, path, file.oid));
    const flag = stale.get(path);
    const good = flag && (await readLastGood(repository, flag));
    if (good !== undefined) lastGood.set(path, good.text);
  }
  return {
    hasSchemas,
    paths: new Set(state.read.files.map((file) => file.path)),
    readText: (path) => {
      const text = texts.get(path);
      if (typeof text === 'object') throw text;
      return text;
    },
    readLastGood: (path) => lastGood.get(path),
    environmentsOf: (project) => state.served?.snapshot.projects.get(project)?.environments,
  };
}
