import { type Applied, applyChanges, pathsOf } from '../changes/apply.js';
import type { BaseFiles } from '../changes/base-files.js';
import type { Change } from '../changes/change.js';
import { withSwitchesOf } from '../changes/kill-switch.js';
import { fileBroken } from '../files/edit-refusal.js';
import { decodeText } from '../files/text.js';
import type { Failure } from '../model/failure.js';
import type { Flag } from '../model/snapshot.js';
import { isDamage } from './damage.js';
import type { GitRepository } from './git.js';
import { kindAt } from './listing.js';
import { fileInTree } from './tree-edit.js';
import type { WriteBase } from './write-base.js';

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
  const texts = new Map<string, Text>();
  const lastGood = new Map<string, string>();
  const staleFlags = staleByPath(base);
  for (const path of new Set(changes.flatMap((change) => pathsOf(org, change)))) {
    const file = await fileInTree(repository, base.tree, path);
    if (file !== undefined) texts.set(path, await readText(repository, path, file.oid));
    const stale = staleFlags.get(path);
    const served = stale && (await readText(repository, path, stale.blob));
    if (stale !== undefined && typeof served === 'string') {
      lastGood.set(path, withSwitchesOf(stale.file, { path, text: served }));
    }
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

/** A file's text, or why it has none; only who needs it is refused. */
type Text = string | Failure;

async function readText(repository: GitRepository, path: string, blob: string): Promise<Text> {
  const kind = kindAt(path);
  try {
    const decoded = decodeText(kind ?? 'flag', await repository.readBlob(blob));
    return decoded.kind === 'problem' ? fileBroken([{ path, ...decoded.problem }]) : decoded.text;
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/** The flags that are served from an older commit. */
function staleByPath({ state }: WriteBase): ReadonlyMap<string, Flag> {
  if ((state.served?.staleFlags ?? 0) === 0) return new Map();
  const projects = [...(state.served?.snapshot.projects.values() ?? [])];
  const flags = projects.flatMap((project) => [...project.flags.values()]);
  return new Map(flags.filter((flag) => flag.stale !== undefined).map((flag) => [flag.path, flag]));
}
