import { dirname, join } from 'node:path';
import { createAnew, machineDisk } from '../disk.js';
import { GitLocks, LockClock } from '../git-lock.js';
import { ensureStateFolder, temporaryName } from '../state-folder.js';

/** The refs of a clone that only what it was told of the remote moves; a branch is moved by the writer alone. */
export class RefMoves {
  readonly #folders: { readonly commonDir: string; readonly stateDir: string };
  readonly #locks: GitLocks;
  readonly #clock = new LockClock();
  /** Those whose locks were looked at: what a crash of ours left behind is gone. */
  readonly #recovered = new Set<string>();

  constructor(folders: { readonly commonDir: string; readonly stateDir: string }) {
    this.#folders = folders;
    this.#locks = new GitLocks(machineDisk, folders.stateDir);
  }

  /** Points a ref at a commit, flushed, under git's lock. Throws `Failure` GIT_LOCKED where somebody else holds that for long. */
  async move(name: string, oid: string): Promise<void> {
    const path = join(this.#folders.commonDir, name);
    if (!this.#recovered.has(name)) await this.recover(name);
    await this.#locks.holding(path, this.#clock.startWait(), async () => {
      const temporary = temporaryName(join(ensureStateFolder(this.#folders, 'tmp'), 'ref'));
      await createAnew(machineDisk, temporary, { bytes: Buffer.from(`${oid}\n`) });
      machineDisk.rename(temporary, path);
      await machineDisk.sync(dirname(path));
    });
  }

  /** Removes the lock of a ref where a crash of ours left it behind: it is another name of a file of ours. */
  async recover(name: string): Promise<void> {
    ensureStateFolder(this.#folders);
    await this.#locks.recover([join(this.#folders.commonDir, `${name}.lock`)]);
    this.#recovered.add(name);
  }
}
