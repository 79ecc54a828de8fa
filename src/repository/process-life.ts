import { type Disk, machineDisk } from './disk.js';

/** Which process: ids come again, in containers at once, so the moment of its start belongs to it. */
export interface ProcessMark {
  readonly pid: number;
  /** As Linux counts it; empty where the system does not tell. */
  readonly startedAt: string;
}

/** The mark of this process. */
export function ownMark(disk: Disk = machineDisk): ProcessMark {
  return { pid: process.pid, startedAt: startOf(disk, process.pid) };
}

/** True where that very process runs on this machine. */
export function isAlive({ pid, startedAt }: ProcessMark, disk: Disk = machineDisk): boolean {
  return isRunning(pid) && startOf(disk, pid) === startedAt;
}

/** Signal 0 asks whether the process is there; EPERM means that it is, and somebody else's. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; empty where there is no such file. The name before it may hold blanks and brackets. */
function startOf(disk: Disk, pid: number): string {
  const stat = disk.read(`/proc/${pid}/stat`)?.toString() ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
