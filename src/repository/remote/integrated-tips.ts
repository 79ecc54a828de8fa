import { join } from 'node:path';
import { createAnew, type Disk } from '../disk.js';
import { ensureStateFolder } from '../state-folder.js';

const FILE = 'integrated';
/** More than two, for moves that failed in between: whether they were made may be known only later. */
const TIPS_KEPT = 8;
const OID = /^[0-9a-f]{40}$/;

/** What the file says. */
interface Noted {
  readonly ref: string;
  readonly tips: readonly string[];
}

/**
 * The commit of the remote that the branch stands on, kept on disk: before the branch moves, the old and the new one are
 * noted, and after a crash in between it stands on either. Where history was rewritten, they still tell what was the
 * remote's from what was made here.
 */
export class IntegratedTips {
  readonly #disk: Disk;
  readonly #ref: string;
  readonly #folder: string;
  #noted: readonly string[];
  #current: string | undefined;

  /** Reads what an earlier process noted of this ref of the remote. */
  constructor(disk: Disk, place: { readonly stateDir: string; readonly ref: string }) {
    this.#disk = disk;
    this.#ref = place.ref;
    this.#folder = ensureStateFolder(place);
    this.#noted = readTips(disk, join(this.#folder, FILE), place.ref);
    this.#current = this.#noted.at(-1);
  }

  /** The newest one; undefined where nothing was ever integrated. */
  get current(): string | undefined {
    return this.#current;
  }

  /** The branch stands on one of these. */
  get all(): ReadonlySet<string> {
    return new Set(this.#noted);
  }

  /** To be done, durably, before the branch moves to stand on this one. */
  async prepare(tip: string): Promise<void> {
    if (this.#noted.at(-1) === tip) return;
    const tips = [...this.#noted.filter((oid) => oid !== tip), tip].slice(-TIPS_KEPT);
    const path = join(this.#folder, FILE);
    const noted: Noted = { ref: this.#ref, tips };
    await createAnew(this.#disk, `${path}.tmp`, { bytes: Buffer.from(`${JSON.stringify(noted)}\n`) });
    this.#disk.rename(`${path}.tmp`, path);
    await this.#disk.sync(this.#folder);
    this.#noted = tips;
  }

  /** The branch stands on it now. */
  settle(tip: string): void {
    this.#current = tip;
  }
}

/** None where the file is of another ref, or is not what was written. */
function readTips(disk: Disk, path: string, ref: string): readonly string[] {
  const bytes = disk.read(path);
  if (bytes === undefined) return [];
  try {
    const noted = JSON.parse(bytes.toString()) as Noted;
    return noted.ref === ref ? noted.tips.filter((tip) => OID.test(tip)) : [];
  } catch {
    return [];
  }
}
