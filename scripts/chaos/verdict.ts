import { execFileSync } from 'node:child_process';
import type { TestRepository } from '../../test/support/git.js';
import { cloneFaults } from '../crash/sound.js';
import type { Acknowledged, Record } from './record.js';
import { FLAGS } from './setting.js';

interface Commit {
  readonly parents: readonly string[];
  readonly committer: string;
  readonly subject: string;
  /** `M\tflags/acme/…` */
  readonly changed: readonly string[];
}

/** What the history of `main` and the clone say against the promises, as sentences. */
export async function judgeHistory(clone: TestRepository, record: Record): Promise<string[]> {
  const history = await readHistory(clone);
  const ours = [...history].filter(([, { committer }]) => committer === 'Flagstaff');
  return [
    ...record.faults,
    ...lost(clone, record.acknowledged, history),
    ...counted(record, ours),
    ...ours.flatMap(([oid, commit]) => sweptIn(oid, commit)),
    ...peopleLost(record, history),
    ...(await cloneFaults(clone)),
  ];
}

/** P1: it is in the history, and says what was acknowledged. */
function lost(
  clone: TestRepository,
  acknowledged: readonly Acknowledged[],
  history: ReadonlyMap<string, Commit>,
): string[] {
  const contents = contentsOf(clone, acknowledged);
  return acknowledged.flatMap(({ commit, path, line }, at) => {
    if (!history.has(commit)) return [`P1: ${commit} was acknowledged and is not in the history`];
    const content = contents[at];
    const isThere = line === null ? content === undefined : content?.split('\n').includes(line) === true;
    return isThere ? [] : [`P1: ${commit} does not say "${line}" in ${path}`];
  });
}

/** P2: one commit for each, without merges; more of ours only where an answer did not arrive. */
function counted(record: Record, ours: readonly (readonly [string, Commit])[]): string[] {
  const acknowledged = new Set(record.acknowledged.map(({ commit }) => commit));
  const untold = ours.filter(([oid]) => !acknowledged.has(oid)).length;
  const merges = ours.filter(([, { parents }]) => parents.length !== 1);
  return [
    ...(acknowledged.size === record.acknowledged.length
      ? []
      : ['P2: two writes were acknowledged with one commit']),
    ...(untold <= record.unanswered ? [] : [`P2: ${untold} commits that nobody was told of`]),
    ...merges.map(([oid]) => `P2: ${oid} is a merge`),
  ];
}

/** P6: each write is about one file of those that requests write. */
function sweptIn(oid: string, { changed }: Commit): string[] {
  const isOne = changed.length === 1 && changed[0]?.slice(2).startsWith(`${FLAGS}/`) === true;
  return isOne ? [] : [`P6: ${oid} changes ${changed.join(', ')}`];
}

function peopleLost(record: Record, history: ReadonlyMap<string, Commit>): string[] {
  const subjects = new Set([...history.values()].map(({ subject }) => subject));
  return record.people
    .filter((subject) => !subjects.has(subject))
    .map((subject) => `P6: the commit "${subject}" is lost`);
}

async function readHistory(clone: TestRepository): Promise<ReadonlyMap<string, Commit>> {
  const format = '--format=%x00%H%x01%P%x01%cn%x01%s';
  const log = await clone.git('log', format, '--name-status', '--no-renames', 'main');
  return new Map(
    log
      .split('\0')
      .slice(1)
      .map((entry) => {
        const [head = '', ...changed] = entry.split('\n').filter((line) => line !== '');
        const [oid = '', parents = '', committer = '', subject = ''] = head.split('\x01');
        return [oid, { parents: parents.split(' '), committer, subject, changed }];
      }),
  );
}

/** The texts of the files at their commits, in order; undefined where there is none. */
function contentsOf({ dir }: TestRepository, asked: readonly Acknowledged[]): (string | undefined)[] {
  const input = asked.map(({ commit, path }) => `${commit}:${path}\n`).join('');
  const output = execFileSync('git', ['cat-file', '--batch'], { cwd: dir, input, maxBuffer: 1 << 29 });
  let at = 0;
  return asked.map(() => {
    const end = output.indexOf('\n', at);
    const size = /^[0-9a-f]{40} blob (\d+)$/.exec(output.toString('utf8', at, end))?.[1];
    at = end + 1;
    if (size === undefined) return undefined;
    at += Number(size) + 1;
    return output.toString('utf8', at - Number(size) - 1, at - 1);
  });
}
