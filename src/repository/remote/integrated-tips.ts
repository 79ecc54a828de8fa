import { join } from 'node:path';
import { createAnew, type Disk } from '../disk.js';
import type { GitRepository } from '../git.js';
import { ensureStateFolder } from '../state-folder.js';
import { isAncestor } from './ancestry.js';
import type { RemoteRef } from './remote.js';

const FILE = 'integrated';
/** More than two, for moves that failed in between: whether they were made may be known only later. */
const TIPS_KEPT = 8;
/** For who follows now this branch and now that one. */
const BRANCHES_KEPT = 8;
const OID = /^[0-9a-f]{40}$/;

/** What the file says of each branch that was followed, the last one last. */
interface Noted extends RemoteRef {
  readonly tips: readonly string[];
}

/** Where they are noted, and of which branch. */
export interface TipsPlace {
  readonly repository: GitRepository;
  readonly disk: Disk;
  readonly remote: RemoteRef;
}

/**
 * The commit of the remote that the branch stands on, kept on disk: before the branch moves, the old and the new one are
 * noted, and after a crash in between it stands on either. Where history was rewritten, they still tell what was the
 * remote's from what was made here.
 */
export class IntegratedTips {
  readonly #place: TipsPlace;
  readonly #path: string;
  #noted: readonly string[] = [];
  /** What the file says of other branches. */
  #others: readonly Noted[] = [];
  #current: string | undefined;
  /** The commit that is known to stand on the current one. */
  #located: string | undefined;

  /** Reads what was noted of this branch of the remote. */
  constructor(place: TipsPlace) {
    this.#place = place;
    this.#path = join(ensureStateFolder(place.repository), FILE);
    this.reload();
  }

  /** Another process may have noted more. */
  reload(): void {
    const { disk, remote } = this.#place;
    const all = readNoted(disk, this.#path);
    const isThis = ({ url, ref }: Noted): boolean => url === remote.url && ref === remote.ref;
    this.#noted = all.find(isThis)?.tips ?? [];
    this.#others = all.filter((noted) => !isThis(noted));
    this.#current = this.#noted.at(-1);
    this.#located = undefined;
  }

  /** What the branch stands on, as far as was found out; undefined where it stands on nothing that was ever integrated. */
  get current(): string | undefined {
    return this.#current;
  }

  /** The newest one that is known of, whether the branch stands on it or not. */
  get newest(): string | undefined {
    return this.#noted.at(-1);
  }

  /** True where the branch was taken off all of them, so that nobody knows what of the remote it has. */
  get isAstray(): boolean {
    return this.#noted.length > 0 && this.#current === undefined;
  }

  /** The branch stands on one of these, unless somebody moved it. */
  get all(): ReadonlySet<string> {
    return new Set(this.#noted);
  }

  /** Finds out which one the branch stands on while it is at this commit: the newest that this has. */
  async locate(head: string | undefined): Promise<void> {
    if (head !== undefined && head === this.#located) return;
    const found = head === undefined ? undefined : await this.#newestIn(head);
    this.#current = found;
    this.#located = head;
  }

  /** To be done, durably, before the branch moves to stand on this one. The one that it stands on stays. */
  async prepare(tip: string): Promise<void> {
    if (this.#noted.at(-1) === tip) return;
    const { disk, remote, repository } = this.#place;
    const { url, ref } = remote;
    const current = this.#current === undefined || this.#current === tip ? [] : [this.#current];
    const former = this.#noted.filter((oid) => oid !== tip && oid !== this.#current);
    const tips = [...former.slice(current.length + 1 - TIPS_KEPT), ...current, tip];
    const all: readonly Noted[] = [...this.#others.slice(1 - BRANCHES_KEPT), { url, ref, tips }];
    await createAnew(disk, `${this.#path}.tmp`, { bytes: Buffer.from(`${JSON.stringify(all)}\n`) });
    disk.rename(`${this.#path}.tmp`, this.#path);
    await disk.sync(repository.stateDir);
    this.#noted = tips;
  }

  /** The branch stands on it now, with its head at this commit. */
  settle(tip: string, head: string): void {
    this.#current = tip;
    this.#located = head;
  }

  async #newestIn(head: string): Promise<string | undefined> {
    const { repository } = this.#place;
    for (const tip of this.#noted.toReversed()) {
      if (await isAncestor(repository, { one: tip, of: head })) return tip;
    }
    return undefined;
  }
}

/** None where the file is not what was written. */
function readNoted(disk: Disk, path: string): readonly Noted[] {
  const bytes = disk.read(path);
  if (bytes === undefined) return [];
  try {
    const all = JSON.parse(bytes.toString()) as readonly Noted[];
    return all.map((noted) => ({ ...noted, tips: noted.tips.filter((tip) => OID.test(tip)) }));
  } catch {
    return [];
  }
}
