import type { FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import { Blame } from './blame.js';
import type {
  BlameLine,
  CommitHistory,
  EntryBounds,
  HistoryCommit,
  HistoryEntry,
  HistoryPage,
  HistoryQuery,
  TouchQuery,
} from './commit-history.js';
import { isDamage } from './damage.js';
import { DifferenceStore } from './difference-store.js';
import { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { HistoryDifferences } from './history-differences.js';
import { type EntryQuery, HistoryEntries } from './history-entries.js';
import { readHistory, writeHistory } from './history-file.js';
import { walkByGit } from './history-git.js';
import { HistoryIndex } from './history-index.js';
import { HistoryMerges } from './history-merges.js';
import { readBoundary, readChain, type Walk, type Walked, walkChain } from './history-walk.js';
import { warm } from './history-warming.js';
import type { FileTimes } from './served.js';
import { pause } from './slices.js';
import { TreeDiff } from './tree-diff.js';

/** How a history is opened. */
export interface HistoryOptions {
  /** Reads and parses the files; its own where it is left out. */
  readonly reader?: FileReader;
  /** False works out differences only when somebody asks: for a process that ends soon. */
  readonly isWarmed?: boolean;
}

/** So many new commits are worth writing the file again, and so many parts of them; fewer are walked again after a restart. */
const WORTH_WRITING = 100;
const WORTH_WRITING_SHARE = 20;
/** Up to here our own walk is quicker than starting the git program. */
const FEW_COMMITS = 200;
const NO_PAGE: HistoryPage = { total: 0, entries: [] };

/**
 * What git history tells, from an index of the first parents: one walk, kept on disk, and one comparison of trees for
 * each commit that comes. Before the first walk has ended it knows nothing.
 */
export class History implements CommitHistory {
  readonly #repository: GitRepository;
  readonly #trees: TreeDiff;
  readonly #ownReader: FileReader | undefined;
  readonly #isWarmed: boolean;
  readonly #store: DifferenceStore;
  readonly #differences: HistoryDifferences;
  readonly #merges: HistoryMerges;
  readonly #entries: HistoryEntries;
  readonly #blame: Blame;
  readonly #end = new AbortController();
  #index: HistoryIndex | undefined;
  /** One thing at a time happens to the index. */
  #working: Promise<unknown> = Promise.resolve();
  #warming: Promise<void> = Promise.resolve();
  #writing: Promise<void> = Promise.resolve();
  #warmedTo: string | undefined;
  #unwritten = 0;

  constructor(repository: GitRepository, { reader, isWarmed = true }: HistoryOptions = {}) {
    this.#repository = repository;
    this.#trees = new TreeDiff(repository);
    const own = reader ?? new FileReader(repository);
    this.#ownReader = reader === undefined ? own : undefined;
    this.#isWarmed = isWarmed;
    this.#store = new DifferenceStore(repository);
    this.#differences = new HistoryDifferences({ reader: own, store: this.#store });
    this.#merges = new HistoryMerges(repository, this.#trees);
    const from = { differences: this.#differences, merges: this.#merges };
    this.#entries = new HistoryEntries(from);
    this.#blame = new Blame(from);
  }

  /** Fulfilled when what is told is the history of this commit. Cheap where it is so already. */
  follow(head: string): Promise<void> {
    const walk = this.#working.then(() => this.#walkTo(head));
    this.#working = walk.then(
      () => this.#afterWalk(),
      () => undefined,
    );
    return walk;
  }

  /** Fulfilled when nothing is walked, written or told in advance any more. */
  async settled(): Promise<void> {
    await this.#working;
    await this.#warming;
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.settled();
    await this.#ownReader?.close();
    await this.#writeIndex();
    if (this.#isWarmed && this.#store.unwritten > 0) await this.#store.write();
  }

  get head(): string | undefined {
    return this.#index?.head;
  }

  get isCutOff(): boolean {
    return this.#index?.isCutOff ?? false;
  }

  has(oid: string): boolean {
    return this.#index?.has(oid) ?? false;
  }

  timesOf(path: string, oid?: string): FileTimes | undefined {
    return this.#index?.timesOf(path, oid);
  }

  lastChange(path: string): HistoryCommit | undefined {
    return this.#index?.lastChange(path);
  }

  authorsOf(path: string): { readonly created: HistoryCommit; readonly updated: HistoryCommit } | undefined {
    return this.#index?.authorsOf(path);
  }

  laterThan(oid: string, path: string): readonly HistoryCommit[] {
    return this.#index?.laterThan(oid, path) ?? [];
  }

  lastTouch(wanted: TouchQuery): HistoryCommit | undefined {
    return this.#index?.lastTouch(wanted);
  }

  before(oid: string): HistoryCommit | undefined {
    return this.#index?.before(oid);
  }

  commitAt(seconds: number): string | undefined {
    return this.#index?.commitAt(seconds);
  }

  async entryOf(
    oid: string,
    under?: readonly string[],
    bounds: EntryBounds = {},
  ): Promise<HistoryEntry | undefined> {
    const index = this.#index;
    if (index === undefined) return undefined;
    const query = { under: under ?? EVERYTHING, ...bounds };
    const place = index.placeOf(oid);
    const [entry] =
      place === undefined
        ? await this.#entryOfMerged(oid, query)
        : await this.#entries.of(index, [place], query);
    return under !== undefined && entry?.files.length === 0 ? undefined : entry;
  }

  async #entryOfMerged(oid: string, query: EntryQuery): Promise<readonly HistoryEntry[]> {
    const found = this.#index && (await this.#merges.find(this.#index, oid));
    return found === undefined ? [] : [await this.#entries.ofMerged(found, query)];
  }

  async page({ email, offset, limit, ...wanted }: HistoryQuery): Promise<HistoryPage> {
    if (this.#index === undefined) return NO_PAGE;
    const places = this.#index.placesUnder(wanted.under, email);
    const shown = places.slice(offset, offset + limit);
    return { total: places.length, entries: await this.#entries.of(this.#index, shown, wanted) };
  }

  async blame(flag: {
    readonly org: OrgKey;
    readonly project: ProjectKey;
    readonly flag: FlagKey;
  }): Promise<readonly BlameLine[]> {
    return this.#index === undefined ? [] : this.#blame.of(this.#index, flag);
  }

  async #walkTo(head: string): Promise<void> {
    const { signal } = this.#end;
    if (signal.aborted) return;
    const boundary = readBoundary(this.#repository);
    const current = await this.#currentIndex(boundary);
    if (current?.head === head) return;
    const index = current ?? (await readHistory(this.#repository, boundary)) ?? new HistoryIndex(boundary);
    const isKnown = (oid: string) => index.has(oid);
    const walked = await walkTo({
      repository: this.#repository,
      trees: this.#trees,
      head,
      ends: index.ends,
      signal,
      isKnown,
    });
    if (signal.aborted) return;
    await adopt(index, walked);
    this.#unwritten += walked.commits.length;
    if (index !== this.#index) this.#begin(index);
  }

  /** Undefined where the clone was deepened, or what was lost is there again: then history is another. */
  async #currentIndex(boundary: string): Promise<HistoryIndex | undefined> {
    const index = this.#index;
    if (index === undefined || index.boundary !== boundary) return undefined;
    return index.lost !== undefined && (await isThere(this.#repository, index.lost)) ? undefined : index;
  }

  /** Another chain: what was told of the old one may be of commits that began it. */
  #begin(index: HistoryIndex): void {
    this.#entries.clear();
    this.#merges.clear();
    this.#blame.clear();
    this.#warmedTo = undefined;
    this.#index = index;
  }

  /** Nobody who follows waits for it. */
  #afterWalk(): void {
    if (this.#end.signal.aborted || this.#index === undefined) return;
    const worth = Math.max(WORTH_WRITING, this.#index.chain.length / WORTH_WRITING_SHARE);
    if (this.#unwritten >= worth) this.#writing = this.#writing.then(() => this.#writeIndex());
    if (this.#isWarmed) this.#warming = this.#warming.then(() => this.#warm());
  }

  /** What goes wrong here goes wrong again, and is told, when somebody asks for it. */
  async #warm(): Promise<void> {
    const { signal } = this.#end;
    const index = this.#index;
    if (signal.aborted || index === undefined || index.head === this.#warmedTo) return;
    const { head } = index;
    try {
      const from = { store: this.#store, differences: this.#differences, merges: this.#merges };
      await warm({ index, ...from, done: this.#warmedTo, signal });
      this.#warmedTo = head;
    } catch {
      // The reader may be closed before the history is.
    }
  }

  /** What may be wrong is never kept. */
  async #writeIndex(): Promise<void> {
    if (this.#unwritten === 0 || this.#index === undefined || this.#index.lost !== undefined) return;
    this.#unwritten = 0;
    await writeHistory(this.#repository, this.#index);
  }
}

/** The history of one commit, for a process without a server: it reads what one has left, and works out the rest. */
export async function openHistory(
  repository: GitRepository,
  { head, reader }: { readonly head: string; readonly reader?: FileReader },
): Promise<History> {
  const history = new History(repository, { isWarmed: false, ...(reader && { reader }) });
  await history.follow(head);
  return history;
}

const EVERYTHING = ['flags/'];

/** Few commits are read by ourselves, many by the git program, and again by ourselves where it fails. */
async function walkTo(walk: Walk): Promise<Walked> {
  const near = await readChain(walk, FEW_COMMITS);
  if (near.isWhole) return walkChain(walk, near);
  return (await walkByGit(walk)) ?? walkChain(walk, await readChain(walk));
}

async function isThere(repository: GitRepository, oid: string): Promise<boolean> {
  try {
    await repository.readObject(oid);
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

async function adopt(index: HistoryIndex, { base, commits, lost }: Walked): Promise<void> {
  if (lost !== undefined) index.noteLost(lost);
  index.cutAfter(base);
  for (const commit of commits) {
    index.append(commit);
    await pause();
  }
}
