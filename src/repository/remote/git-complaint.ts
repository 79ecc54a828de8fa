import { Failure } from '../../model/failure.js';
import type { GitAnswer } from './git-child.js';
import { denied, unreachable } from './remote-failure.js';
import type { RemoteAddress } from './transport.js';

/** Whatever the remote says, also in the name of its hooks: none of it tells why git gave up. */
const IS_REMOTES = /^remote: |^fatal: remote error: /;
const IS_NOISE =
  /^(?:|hint: .*|To .*|Please make sure .*|and the repository exists\.|\tgit config --global .*)$/;
/** These are said to the first question of all, the list of refs. */
const IS_DENIED_BY_HTTP =
  /^fatal: (?:could not read (?:Username|Password) for |Authentication failed for |unable to access '.*': The requested URL returned error: 40[134]$|repository '.*' not found$)/m;
/** Ssh, or the program at its other end, went before the first word of the list; then why, where a key or a name is wrong. */
const HAS_NOT_BEGUN = /^fatal: Could not read from remote repository\.$/m;
const IS_DENIED_BY_SSH =
  /: Permission denied \(|^Host key verification failed|Repository not found|does not appear to be a git repository$/m;
const IS_FOREIGN = /^fatal: detected dubious ownership in repository/m;
const IS_FULL = /No space left on device|Disk quota exceeded/;

/**
 * What it means that git could not ask the remote or could not push. It is REMOTE_DENIED only where git surely had sent
 * nothing yet: of a push that broke off later nobody knows.
 */
export function failureOf({ complaint, code }: GitAnswer, address: RemoteAddress): Failure {
  const own = ownWords(complaint);
  const why = complaint
    .split('\n')
    .filter((line) => !IS_NOISE.test(line))
    .join(' ');
  if (HAS_NOT_BEGUN.test(own) && IS_FOREIGN.test(own))
    return denied(address, 'it belongs to another user than git runs as there; make that user its owner');
  const isDenied = IS_DENIED_BY_HTTP.test(own) || (HAS_NOT_BEGUN.test(own) && IS_DENIED_BY_SSH.test(own));
  const sentence = why === '' ? complaint || `git ended with ${code}` : why;
  return isDenied ? denied(address, sentence) : unreachable(address, sentence);
}

/** The same of a fetch, which writes to the disk here. */
export function fetchFailureOf(answer: GitAnswer, address: RemoteAddress): Failure {
  const own = ownWords(answer.complaint);
  const lock = /Unable to create '(.+\.lock)': File exists/.exec(own)?.[1];
  if (lock !== undefined) {
    const sentence = `another git process holds ${lock}, or one that died left it there; nothing of the remote was brought here`;
    return new Failure('busy', 'GIT_LOCKED', sentence, { data: { retryAfterSeconds: 5 } });
  }
  if (IS_FULL.test(own))
    return new Failure('full', 'DISK_FULL', 'the disk is full; nothing of the remote was brought here');
  return failureOf(answer, address);
}

/** Whether somebody moves the same ref of this clone. */
export function isLocked({ code, complaint }: GitAnswer): boolean {
  return code !== 0 && /cannot lock ref|\.lock': File exists/.test(ownWords(complaint));
}

/** Whether a ref that was asked for by its name is not there. */
export function isRefMissing({ code, complaint }: GitAnswer): boolean {
  return code !== 0 && /^fatal: couldn't find remote ref /m.test(ownWords(complaint));
}

/** What the remote's hooks say comes line by line, each after `remote: `. */
export function remoteWords(complaint: string): string {
  return [...complaint.matchAll(/^remote: (.*)$/gm)].map(([, line = '']) => line).join(' ');
}

function ownWords(complaint: string): string {
  return complaint
    .split('\n')
    .filter((line) => !IS_REMOTES.test(line))
    .join('\n');
}
