import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS_FOLDER } from '../files/paths.js';
import { type Commit, parseCommit } from './commit.js';
import type { FileChange } from './file-events.js';
import { GitProcess, GitTrouble } from './git-process.js';
import { historyCommit, type WalkedCommit } from './history-index.js';
import type { Walk, Walked } from './history-walk.js';
import { pause } from './slices.js';

/**
 * The same walk by the git program, which is many times as quick on long chains: one process lists the chain, one gives
 * the commits, one compares their trees. Undefined where there is no such program, or it says anything but what was
 * asked; then nothing is lost but time.
 */
export async function walkByGit(walk: Walk): Promise<Walked | undefined> {
  if (isPartialClone(walk)) return undefined;
  try {
    const { oids, base } = await listChain(walk);
    return { base, commits: await readAll(walk, { oids, base }), lost: undefined };
  } catch (error) {
    if (error instanceof GitTrouble) return undefined;
    throw error;
  }
}

interface OidChain {
  /** Oldest first. */
  readonly oids: readonly string[];
  readonly base: string | undefined;
}

/** Git would fetch what a partial clone lacks from the network; our own walk tells what is there. */
function isPartialClone({ repository }: Walk): boolean {
  try {
    const names = readdirSync(join(repository.commonDir, 'objects', 'pack'));
    return names.some((name) => name.endsWith('.promisor'));
  } catch {
    return false;
  }
}

async function listChain(walk: Walk): Promise<OidChain> {
  const git = new GitProcess(walk, ['rev-list', '--first-parent', walk.head]);
  const oids: string[] = [];
  try {
    git.send('');
    for (let line = await git.readTo(LINE_END); line !== undefined; line = await git.readTo(LINE_END)) {
      const oid = line.toString('latin1');
      if (walk.isKnown(oid)) return { oids: oids.reverse(), base: oid };
      oids.push(oid);
      await pause();
    }
    await git.ended();
  } finally {
    git.kill();
  }
  if (oids[0] !== walk.head) throw new GitTrouble(`git listed something else than ${walk.head}`);
  return { oids: oids.reverse(), base: undefined };
}

/** Both processes answer in the order of the questions. */
async function readAll(walk: Walk, chain: OidChain): Promise<readonly WalkedCommit[]> {
  const commits = new GitProcess(walk, ['cat-file', '--batch', '--buffer']);
  const trees = new GitProcess(walk, [...COMPARE_TREES, '--', FLAGS_FOLDER]);
  const walked: WalkedCommit[] = [];
  try {
    commits.send(chain.oids.map((oid) => `${oid}\n`).join(''));
    trees.send(pairsOf(chain));
    const comparison = new Comparison(trees);
    let parent = chain.base;
    for (const oid of chain.oids) {
      if (walk.signal.aborted) break;
      const commit = await readCommit(commits, oid);
      if (!isChild(walk, commit, parent)) throw new GitTrouble(`${oid} is no child of ${parent}`);
      const changes = await comparison.read(oid);
      walked.push({ commit: historyCommit(commit, changes), changes });
      parent = oid;
      await pause();
    }
    if (!walk.signal.aborted) await Promise.all([commits.ended(), trees.ended()]);
  } finally {
    commits.kill();
    trees.kill();
  }
  return walked;
}

/** Each commit is compared with the one before it only: of a merge that is the first parent's view. */
function pairsOf({ oids, base }: OidChain): string {
  return oids.map((oid, index) => `${[oid, oids[index - 1] ?? base ?? ''].join(' ').trim()}\n`).join('');
}

function isChild({ ends }: Walk, commit: Commit, parent: string | undefined): boolean {
  const named = ends.has(commit.oid) ? undefined : commit.parents[0];
  return named === parent;
}

/** `<id> commit <size>`, the bytes, and a line end. */
async function readCommit(git: GitProcess, oid: string): Promise<Commit> {
  const head = (await git.readTo(LINE_END))?.toString('latin1');
  const size = head?.startsWith(`${oid} commit `)
    ? Number(head.slice(oid.length + ' commit '.length))
    : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new GitTrouble(`git has no commit ${oid}`);
  const bytes = await git.readBytes(size + 1);
  return parseCommit(oid, bytes.subarray(0, size));
}

const COMPARE_TREES = [
  ...['diff-tree', '--stdin', '--always', '-r', '--root', '--raw', '-z', '--no-abbrev', '--no-renames'],
  ...['--no-ext-diff', '--no-textconv', '--no-relative', '--ignore-submodules=none', '-O/dev/null'],
];

const LINE_END = 0x0a;
const COLON = 0x3a;

/**
 * Reads `<commit>\0` and then `:<mode> <mode> <id> <id> <letter>\0<path>\0` for each path that differs. Where the next
 * commit begins, its id has been read already.
 */
class Comparison {
  readonly #git: GitProcess;
  #next: Buffer | undefined;

  constructor(git: GitProcess) {
    this.#git = git;
  }

  async read(oid: string): Promise<readonly FileChange[]> {
    const head = this.#next ?? (await this.#git.readTo(0));
    if (head?.toString('latin1') !== oid) throw new GitTrouble(`git compared something else than ${oid}`);
    const changes: FileChange[] = [];
    for (;;) {
      this.#next = await this.#git.readTo(0);
      if (this.#next === undefined || this.#next[0] !== COLON) return changes;
      const record = this.#next.toString('latin1');
      const path = (await this.#git.readTo(0))?.toString('utf8') ?? '';
      if (path.startsWith(`${FLAGS_FOLDER}/`)) changes.push(changeOf(record, path));
    }
  }
}

const RECORD = /^:\d{6} (\d{6}) [0-9a-f]{40} ([0-9a-f]{40}) [AMDT]$/;
const NOTHING = '000000';
const FILE_TYPE = '100';

function changeOf(record: string, path: string): FileChange {
  const [, mode, oid] = RECORD.exec(record) ?? [];
  if (mode === undefined || oid === undefined) throw new GitTrouble(`git said ${record}`);
  return { path, oid: mode === NOTHING ? undefined : oid, isFile: mode.startsWith(FILE_TYPE) };
}
