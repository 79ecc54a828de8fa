import type { TreeFile } from './tree-edit.js';

/** How many paths are remembered; the oldest go first. */
const PATHS_KEPT = 1_000;

/**
 * What the writes of this process replaced, by path. `git commit --only` reads the index before it locks it: one that
 * reads it between our commit and our index puts the entry back that our commit replaced, which looks as if somebody had
 * staged the old version. Without this memory the next write would take that for a person's work.
 */
export class Replaced {
  readonly #files = new Map<string, { readonly before: string; readonly after: string }>();

  note(
    files: readonly {
      readonly path: string;
      readonly before: TreeFile | null;
      readonly after: TreeFile | null;
    }[],
  ): void {
    for (const { path, before, after } of files) {
      this.#files.delete(path);
      if (before !== null && after !== null) this.#files.set(path, { before: before.oid, after: after.oid });
    }
    for (const path of this.#files.keys()) {
      if (this.#files.size <= PATHS_KEPT) return;
      this.#files.delete(path);
    }
  }

  /** True where the head has what we wrote there last, and the index exactly what that replaced. */
  isLeftBehind(path: string, entry: TreeFile | undefined, head: TreeFile): boolean {
    const known = this.#files.get(path);
    return known !== undefined && known.after === head.oid && known.before === entry?.oid;
  }
}
