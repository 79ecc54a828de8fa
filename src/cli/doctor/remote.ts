import { Failure } from '../../model/failure.js';
import { readRef } from '../../repository/head.js';
import { parseRemote } from '../../repository/remote/address.js';
import { commitsSince } from '../../repository/remote/ancestry.js';
import { readFollowedNote } from '../../repository/remote/followed-note.js';
import { openTransport } from '../../repository/remote/open-transport.js';
import { readPendingOnDisk } from '../../repository/remote/pending-on-disk.js';
import type { RemoteAddress } from '../../repository/remote/transport.js';
import { count } from '../format.js';
import { runGit } from '../git-program.js';
import { shortCommit } from '../past/entry.js';
import { variable } from '../surroundings.js';
import { ageText } from './amounts.js';
import type { Finding, Patient } from './finding.js';

/** A git host that takes longer is no use to a server either. */
const PATIENCE_MS = 10_000;
/** A server that follows asks every few seconds. */
const LONG_MS = 600_000;

/** By the code of what stops it; the others say themselves what to do. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['REMOTE_DENIED', 'look at the name and the password in FLAGSTAFF_REMOTE, or at the ssh key'],
  [
    'REMOTE_UNREACHABLE',
    'look at the network and at the git host; kills work meanwhile, other writes do with FLAGSTAFF_PUSH=async',
  ],
]);

/** What is compared: a branch here and on the remote. */
interface Compared {
  readonly patient: Patient;
  readonly address: RemoteAddress;
  readonly branch: string;
  /** What is checked out, or served. */
  readonly local: string;
  /** What the remote had when it was last asked. */
  readonly tracked: string | undefined;
}

/** Where the clone stands to its remote, as it was last asked, and the changes that wait for it or were lost. */
export async function examineRemote(patient: Patient): Promise<readonly Finding[]> {
  const compared = await compare(patient);
  const waiting = examineWaiting(patient);
  if (compared === undefined) return [...noRemote(), ...waiting];
  return [await examineDistance(compared), ...examineAge(compared), ...waiting];
}

/** The same question to the remote itself: whether it answers, with these credentials, and what it has. */
export async function askRemote(patient: Patient): Promise<readonly Finding[]> {
  const compared = await compare(patient);
  return compared === undefined ? [] : [await examineAnswer(compared)];
}

async function compare(patient: Patient): Promise<Compared | undefined> {
  const { repository } = patient;
  const address = await addressOf(patient);
  const branch = patient.branch ?? (await repository.head()).branch;
  const local = branch === undefined ? undefined : await repository.resolveBranch(branch);
  if (address === undefined || branch === undefined || local === undefined) return undefined;
  const tracked = readRef(repository.commonDir, `refs/remotes/origin/${branch}`);
  return { patient, address, branch, local, tracked };
}

/**
 * FLAGSTAFF_REMOTE, as the server has it, else where the clone came from, if a server could follow that. Throws `Failure`
 * INVALID_REMOTE for the first alone.
 */
async function addressOf({ repository, around }: Patient): Promise<RemoteAddress | undefined> {
  const named = variable(around, 'FLAGSTAFF_REMOTE');
  if (named !== undefined) return parseRemote(named);
  const words = ['config', '--get', 'remote.origin.url'];
  try {
    return parseRemote(await runGit({ folder: repository.commonDir, words, env: around.env }));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function noRemote(): readonly Finding[] {
  return [{ level: 'ok', about: 'remote', message: 'this clone follows none' }];
}

async function examineDistance({ patient, address, branch, local, tracked }: Compared): Promise<Finding> {
  const about = 'remote';
  if (tracked === undefined) {
    const message = `${address.url} was never asked for ${branch}`;
    return { level: 'note', about, message, remedy: 'flagstaff doctor --remote' };
  }
  const { repository } = patient;
  const ahead = (await commitsSince(repository, { tip: local, known: [tracked] })).size;
  const behind = (await commitsSince(repository, { tip: tracked, known: [local] })).size;
  const message = `${branch} is ${ahead} ahead of ${address.url} and ${behind} behind, as it was last asked`;
  if (ahead === 0 && behind === 0)
    return { level: 'ok', about, message: `${branch} is what ${address.url} has` };
  if (ahead > 0 && behind > 0) {
    const remedy =
      'flagstaff serve makes its own changes again; commits of people: git pull --rebase && git push';
    return { level: 'warning', about, message, remedy };
  }
  return { level: ahead > 0 ? 'warning' : 'note', about, message };
}

function examineAge({ patient, address, branch }: Compared): readonly Finding[] {
  const { repository, now } = patient;
  const note = readFollowedNote(repository, { url: address.url, branch });
  if (note === undefined) return [];
  const ms = now - note.followedAt;
  const message = `what the remote has was last served ${ageText(ms)} ago`;
  if (ms < LONG_MS) return [{ level: 'ok', about: 'remote', message }];
  return [
    { level: 'warning', about: 'remote', message, remedy: 'flagstaff doctor --remote   # asks it now' },
  ];
}

async function examineAnswer({ patient, address, branch, local }: Compared): Promise<Finding> {
  const { repository } = patient;
  try {
    const transport = await openTransport({ repository, address });
    const tip = await transport.tipOf(`refs/heads/${branch}`, AbortSignal.timeout(PATIENCE_MS));
    const about = 'remote';
    if (tip === undefined) {
      return { level: 'error', about, message: `${address.url} has no branch ${branch}` };
    }
    const isHere = tip === local || (await repository.findObjects(tip)).length > 0;
    const news = isHere ? '' : ', which is not here yet';
    return { level: isHere ? 'ok' : 'note', about, message: `it answers and has ${shortCommit(tip)}${news}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const remedy = REMEDIES.get(error.code);
    return { level: 'error', about: 'remote', message: error.message, ...(remedy && { remedy }) };
  }
}

/** Acknowledged changes that are nowhere but here. */
function examineWaiting({ repository, now }: Patient): readonly Finding[] {
  const { pending, lost } = readPendingOnDisk(repository);
  const found: Finding[] = [];
  const [oldest] = pending;
  if (oldest !== undefined) {
    const message = `${count(pending.length, 'change')} not pushed yet, the oldest ${ageText(now - oldest.since)} old: ${oldest.subject}`;
    found.push({
      level: 'warning',
      about: 'pending',
      message,
      remedy: 'keep this clone, and let its server run',
    });
  }
  for (const { id, author, subject, message } of lost) {
    const told = `${subject} (${author}) could not be made again: ${message}`;
    found.push({
      level: 'error',
      about: 'lost',
      message: told,
      remedy: `make it again, then DELETE /api/v1/changes/pending/${id}`,
    });
  }
  return found;
}
