import { systemReason } from '../exit.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { type Checked, check } from './check.js';
import { printCheck, type ReportFormat } from './report.js';

/** What every save is judged for. */
interface SavesOptions {
  /** The top of the flags repository. */
  readonly folder: string;
  readonly format: ReportFormat;
  readonly around: Surroundings;
}

/** Checks the work tree when it is told of a change, and prints what came of it. */
export class Saves {
  /** Fulfils when the first check is printed. */
  readonly checked: Promise<void>;
  readonly #options: SavesOptions;
  #tellChecked: () => void = () => undefined;
  #before: Checked | undefined;
  #trouble: string | undefined;

  constructor(options: SavesOptions) {
    this.#options = options;
    this.checked = new Promise((resolve) => {
      this.#tellChecked = resolve;
    });
  }

  /** What changes while it is being looked at is in the next check. */
  async look(signal: AbortSignal): Promise<void> {
    const { folder, format, around } = this.#options;
    const now = around.now();
    const before = this.#before;
    const checked = await check({ folder, before, now, signal });
    this.#before = checked;
    this.#trouble = undefined;
    if (checked.isOther) printCheck({ checked, isFirst: before === undefined, now }, format, around);
    this.#tellChecked();
  }

  /** Says once why files cannot be read; they are tried again and again. */
  tellTrouble(error: NodeJS.ErrnoException): void {
    const { folder, around } = this.#options;
    const reason = shownLine(`${error.path ?? folder}: ${systemReason(error)}`);
    if (reason !== this.#trouble) around.warn(`flagstaff: cannot read ${reason}; trying again`);
    this.#trouble = reason;
  }
}
