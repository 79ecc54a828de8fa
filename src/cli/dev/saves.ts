import { Failure } from '../../model/failure.js';
import type { Committed, ComparedCommit } from '../../repository/compared-commit.js';
import type { CommitSource } from '../../repository/work-tree-follower.js';
import type { LoadedDirectory } from '../../repository/worktree.js';
import { systemReason } from '../exit.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { type Checked, check } from './check.js';
import { printCheck, type ReportFormat } from './report.js';

/** What every save is judged for. */
interface SavesOptions {
  /** The top of the flags repository. */
  readonly folder: string;
  /** Opens what the change is judged by, once the first check is printed; undefined where there is no git. */
  readonly openCompared: () => Promise<ComparedCommit | undefined>;
  /** Its name for people. */
  readonly base: string;
  readonly format: ReportFormat;
  readonly around: Surroundings;
}

/** Checks the work tree when it is told of a change, and prints what came of it. */
export class Saves {
  /** Fulfils when the first check is printed. */
  readonly checked: Promise<void>;
  /** Fulfils a little later: from then on the change is judged too. */
  readonly compared: Promise<CommitSource | undefined>;
  readonly #options: SavesOptions;
  #tellChecked: () => void = () => undefined;
  #tellCompared: (source: CommitSource | undefined) => void = () => undefined;
  #compared: ComparedCommit | undefined;
  #isOpen = false;
  #before: Checked | undefined;
  #trouble: string | undefined;
  #untold: string | undefined;

  constructor(options: SavesOptions) {
    this.#options = options;
    this.checked = new Promise((resolve) => {
      this.#tellChecked = resolve;
    });
    this.compared = new Promise((resolve) => {
      this.#tellCompared = resolve;
    });
  }

  /** What changes while it is being looked at is in the next check. */
  async look(signal: AbortSignal): Promise<void> {
    const { folder, openCompared, around } = this.#options;
    const now = around.now();
    const before = this.#before;
    const compareWith = (loaded: LoadedDirectory) => this.#committed({ loaded, now, signal });
    const checked = await check({ folder, before, compareWith, now, signal });
    this.#trouble = undefined;
    this.#tell(checked, now);
    this.#tellChecked();
    if (this.#isOpen) return;
    // Nobody waits for git to hear what is wrong with the files; who follows the commit then calls again.
    this.#compared = await openCompared();
    this.#isOpen = true;
    this.#tellCompared(this.#compared?.source);
  }

  #tell(checked: Checked, now: number): void {
    const { base, format, around } = this.#options;
    const isFirst = this.#before === undefined;
    this.#before = checked;
    if (checked.isOther) printCheck({ checked, isFirst, base, now }, format, around);
  }

  /** Where git cannot tell it, the files are judged all the same, and it is said once why. */
  async #committed(beside: Parameters<ComparedCommit['load']>[0]): Promise<Committed | undefined> {
    const { base, around } = this.#options;
    try {
      const committed = await this.#compared?.load(beside);
      this.#untold = undefined;
      return committed;
    } catch (error) {
      if (!(error instanceof Failure) || beside.signal.aborted) throw error;
      const reason = shownLine(error.message);
      if (reason !== this.#untold)
        around.warn(`flagstaff: the change since ${base} is not judged: ${reason}`);
      this.#untold = reason;
      return undefined;
    }
  }

  /** Says once why files cannot be read; they are tried again and again. */
  tellTrouble(error: NodeJS.ErrnoException): void {
    const { folder, around } = this.#options;
    const reason = shownLine(`${error.path ?? folder}: ${systemReason(error)}`);
    if (reason !== this.#trouble) around.warn(`flagstaff: cannot read ${reason}; trying again`);
    this.#trouble = reason;
  }
}
