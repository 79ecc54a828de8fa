import { type Disk, machineDisk } from '../../src/repository/disk.js';

/** What may go wrong at a call. EIO passes; a full disk and used-up descriptors stay until they are taken away. */
export const ERRORS = ['EIO', 'ENOSPC', 'EMFILE'] as const;
export type ErrorCode = (typeof ERRORS)[number];
export type Fault = ErrorCode | 'SIGKILL';

/** The machine's disk, which fails or ends the process at the call that it is told. */
interface FaultDisk extends Disk {
  /** From here on calls are counted from 1, and this one is the one. */
  arm(fault: Fault, call: number): void;
  /** The fault is over. */
  disarm(): void;
  /** True where the call came. */
  hasStruck(): boolean;
}

/** What a call needs: with a full disk only those fail that take room, without descriptors only those that open a file. */
type Need = 'room' | 'descriptor' | 'both' | 'nothing';

const STRIKES: Readonly<Record<Fault, readonly Need[]>> = {
  EIO: ['room', 'descriptor', 'both', 'nothing'],
  SIGKILL: ['room', 'descriptor', 'both', 'nothing'],
  ENOSPC: ['room', 'both'],
  EMFILE: ['descriptor', 'both'],
};

/** Making a file is three calls (open, write, flush), and a write that is cut short leaves half. */
export function faultDisk(): FaultDisk {
  const trap = new Trap();
  const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
  const before = <Result>(need: Need, work: () => Result): Result => {
    trap.step(need);
    return work();
  };
  return {
    read: (path) => before('descriptor', () => machineDisk.read(path)),
    stat: (path) => before('nothing', () => machineDisk.stat(path)),
    list: (path) => before('descriptor', () => machineDisk.list(path)),
    sync: async (path) => before('descriptor', () => machineDisk.sync(path)),
    create: async (path, bytes, mode) => {
      trap.step('both');
      trap.step('room', () => machineDisk.createQuickly(path, half(bytes), mode));
      trap.step('nothing', () => machineDisk.createQuickly(path, bytes, mode));
      await machineDisk.create(path, bytes, mode);
    },
    createQuickly: (path, bytes, mode) => {
      trap.step('both');
      trap.step('room', () => machineDisk.createQuickly(path, half(bytes), mode));
      machineDisk.createQuickly(path, bytes, mode);
    },
    // They are made and taken away beside the calls of a write: a failure of theirs is none.
    makeSpares: (folder) => machineDisk.makeSpares(folder),
    dropSpares: (folder) => machineDisk.dropSpares(folder),
    overwrite: async (path, bytes) => {
      trap.step('descriptor');
      trap.step('room', () => machineDisk.overwriteQuickly(path, half(bytes)));
      trap.step('nothing', () => machineDisk.overwriteQuickly(path, bytes));
      return machineDisk.overwrite(path, bytes);
    },
    overwriteQuickly: (path, bytes) => {
      trap.step('descriptor');
      trap.step('nothing', () => machineDisk.overwriteQuickly(path, half(bytes)));
      return machineDisk.overwriteQuickly(path, bytes);
    },
    append: (path, text) => {
      trap.step('both');
      trap.step('room', () => machineDisk.append(path, text.slice(0, text.length >> 1)));
      machineDisk.append(path, text);
    },
    link: (from, to) => before('room', () => machineDisk.link(from, to)),
    makeFolder: (path) => before('room', () => machineDisk.makeFolder(path)),
    rename: (from, to) => before('nothing', () => machineDisk.rename(from, to)),
    remove: (path) => before('nothing', () => machineDisk.remove(path)),
    removeFolder: (path) => before('nothing', () => machineDisk.removeFolder(path)),
    readLink: (path) => before('nothing', () => machineDisk.readLink(path)),
    makeLink: (target, path) => before('room', () => machineDisk.makeLink(target, path)),
    setMode: (path, mode) => before('nothing', () => machineDisk.setMode(path, mode)),
    arm: (fault, call) => trap.arm(fault, call),
    disarm: () => trap.disarm(),
    hasStruck: () => trap.hasStruck,
  };
}

/** Counts, and strikes at its call. */
class Trap {
  hasStruck = false;
  #fault: Fault | undefined;
  #call = 0;
  #calls = 0;

  arm(fault: Fault, call: number): void {
    [this.#fault, this.#call, this.#calls, this.hasStruck] = [fault, call, 0, false];
  }

  disarm(): void {
    this.#fault = undefined;
  }

  /** `leave` makes what a call leaves that is cut short. */
  step(need: Need, leave: () => void = () => undefined): void {
    this.#calls += 1;
    const fault = this.#fault;
    if (fault === undefined || this.#calls < this.#call || !STRIKES[fault].includes(need)) return;
    if (fault === 'EIO' && this.hasStruck) return;
    this.hasStruck = true;
    leave();
    if (fault === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
    throw Object.assign(new Error(`${fault}: told to fail`), { code: fault });
  }
}
