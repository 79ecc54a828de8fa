import { machineDisk } from '../../repository/disk.js';
import { type FoundLock, findLocks, shownPath } from '../../repository/found-locks.js';
import { type GitProgram, runningGit } from '../../repository/git-programs.js';
import { InstanceLock } from '../../repository/instance-lock.js';
import { ageText } from './amounts.js';
import type { Finding, Patient } from './finding.js';
import { shellWord } from './shell-word.js';

/** So long git's own commands hold a lock at most, but for a commit whose editor is open. */
const LONG_MS = 60_000;

/** The lock files of git, how old they are and whose. A lock that nobody holds stops git and every write for ever. */
export function examineLocks(patient: Patient): readonly Finding[] {
  const { repository } = patient;
  const locks = findLocks(repository);
  if (locks.length === 0) return [{ level: 'ok', about: 'locks', message: 'no lock of git is held' }];
  const { workDir, gitDir, commonDir } = repository;
  const programs = runningGit([workDir ?? gitDir, commonDir]);
  return locks.map((lock) => (lock.isOurs ? ourLock(patient, lock) : foreignLock(patient, lock, programs)));
}

function ourLock({ repository, now }: Patient, lock: FoundLock): Finding {
  const { stateDir } = repository;
  const owner = new InstanceLock({ disk: machineDisk, stateDir, now: () => now }).owner;
  const text = `${shownPath(repository, lock.path)} is Flagstaff's own, ${ageText(now - lock.since)} old`;
  if (owner?.isAlive) {
    const level = now - lock.since < LONG_MS ? 'ok' : 'warning';
    return { level, about: 'locks', message: `${text}: process ${owner.pid} on ${owner.host} writes` };
  }
  return {
    level: 'error',
    about: 'locks',
    message: `${text}: a server that died has left it behind, and git waits for it`,
    remedy: 'flagstaff serve   # the next writer of this clone removes it',
  };
}

function foreignLock(
  { repository, now }: Patient,
  lock: FoundLock,
  programs: readonly GitProgram[] | undefined,
): Finding {
  const path = shownPath(repository, lock.path);
  const text = `${path} is a lock of git's, ${ageText(now - lock.since)} old`;
  const [program] = programs ?? [];
  if (program !== undefined) {
    return {
      level: now - lock.since < LONG_MS ? 'note' : 'warning',
      about: 'locks',
      message: `${text}: \`${program.command}\` runs here as process ${program.pid}; writes wait for it, 2 seconds at most`,
      remedy: 'end that command, or close its editor',
    };
  }
  const who =
    programs === undefined ? 'this system does not tell whose' : 'no git process that can be seen runs here';
  return {
    level: 'error',
    about: 'locks',
    message: `${text}: ${who}; ${isOfRemote(path) ? 'nothing of the remote is brought here' : 'no write is made'} while it is there`,
    remedy: `rm ${shellWord(lock.path)}   # once you are sure that no git command runs in this clone`,
  };
}

/** Those a fetch takes; a write does not. */
function isOfRemote(path: string): boolean {
  return /^(?:\.git\/)?refs\/(?:remotes|flagstaff)\//.test(path);
}
