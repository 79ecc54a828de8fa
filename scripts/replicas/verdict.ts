import type { TestGitServer } from '../../test/support/git-server.js';
import { cloneFaults } from '../crash/sound.js';
import type { Asked, Record } from './record.js';
import { healthOf, type Replica } from './replica.js';

/** What the remote's history says against the promises, as sentences. */
export async function judgeRemote(host: TestGitServer, record: Record): Promise<readonly string[]> {
  const log = await host.bare.git('log', '-p', '--unified=0', '--no-renames', '--format=%x00%H %P', 'main');
  const commits = log.split('\0').slice(1).map(readCommit);
  const ids = new Set(commits.map(({ id }) => id));
  const fsck = await host.bare
    .git('fsck', '--full', '--strict', '--no-dangling', '--no-progress')
    .catch(String);
  return [
    ...commits.filter(({ parents }) => parents > 1).map(({ id }) => `P2: ${id} is a merge`),
    ...record.people.filter((id) => !ids.has(id)).map((id) => `P1: the push of ${id} is lost`),
    ...countedFaults(
      record.writes,
      commits.flatMap(({ added }) => added),
    ),
    ...(fsck === '' ? [] : [`fsck of the remote: ${fsck}`]),
  ];
}

/** That a replica serves what the remote has, has nothing left to push, and a clone that is sound. */
export async function judgeReplica(replica: Replica, tip: string): Promise<readonly string[]> {
  const health = await healthOf(replica);
  const { pending, lost, trouble } = health?.remote ?? {};
  const end = await replica.server.end('SIGTERM');
  const said = [
    ...(health?.revision === tip ? [] : [`it serves ${health?.revision} instead of ${tip}`]),
    ...(pending === 0 && lost === 0 ? [] : [`${pending} changes are pending and ${lost} are lost`]),
    ...(trouble === null ? [] : [`trouble: ${trouble}`]),
    ...(end === 0 ? [] : [`P20: after SIGTERM it ended with ${end}`]),
    ...(await cloneFaults(replica.clone)),
  ];
  return said.map((sentence) => `${replica.name}: ${sentence}`);
}

interface Commit {
  readonly id: string;
  readonly parents: number;
  /** Each line that it adds, after its file: `notes.txt\tnote 7`. */
  readonly added: readonly string[];
}

function readCommit(entry: string): Commit {
  const [head = '', ...lines] = entry.split('\n');
  const [id = '', ...parents] = head.split(' ').filter((word) => word !== '');
  const added: string[] = [];
  let path = '';
  for (const line of lines) {
    if (line.startsWith('+++ b/')) path = line.slice('+++ b/'.length);
    else if (line.startsWith('+') && !line.startsWith('+++')) added.push(`${path}\t${line.slice(1)}`);
  }
  return { id, parents: parents.length, added };
}

/** P1 and P2: what was acknowledged is made by exactly one commit, what was refused by none, all else at most once. */
function countedFaults(writes: readonly Asked[], added: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of added) {
    const key = text.includes('killed: true') ? `${text.split('\t')[0]}\tkilled: true` : text;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return writes.flatMap(({ path, line, outcome, code }) => {
    const count = counts.get(`${path}\t${line}`) ?? 0;
    const most = outcome === 'refused' ? 0 : 1;
    const least = outcome === 'acknowledged' ? 1 : 0;
    const what = `"${line}" of ${path} (${code ?? outcome}) is made by ${count} commits`;
    if (count < least) return [`P1: ${what}`];
    return count > most ? [`P2: ${what}`] : [];
  });
}
