import type { PushMode } from '../../src/repository/remote/remote.js';
import {
  createRemote,
  type Followed,
  kill,
  openFollowed,
  type Remote,
} from '../../test/repository/remote/followed-clone.js';
import { create, DARK_MODE, describeFlag, writeOf } from '../../test/repository/writable.js';
import type { TestRepository } from '../../test/support/git.js';

/** What the remote is followed as, wherever a copy of it lies. */
export const URL_OF_COPIES = 'https://git.example.com/acme/flags.git';

/** What a clone that follows a remote is in the middle of when something fails. */
export interface FollowScenario {
  readonly name: string;
  readonly mode: PushMode;
  /** The subjects of commits that may be there once, when all is over, and how many changes are lost. */
  readonly subjects: readonly string[];
  readonly lost: number;
  /** What is acknowledged before. */
  readonly prepare: (on: Followed, remote: Remote) => Promise<void>;
  /** What may fail at any step; tells of each subject that is acknowledged. */
  readonly run: (on: Followed, tell: (subject: string) => void) => Promise<unknown>;
}

const ONE = 'acme/web-app: create one';
const TWO = 'acme/web-app: create two';
const KILL = 'acme/web-app: kill dark-mode in production';
const THEIRS = 'by a person';

/** All ways in which the branch and the remote come together. */
export const FOLLOW_SCENARIOS: readonly FollowScenario[] = [
  {
    name: 'forward',
    mode: 'sync',
    subjects: [THEIRS],
    lost: 0,
    prepare: async (_, remote) => {
      await remote.push({
        [DARK_MODE]: null,
        'README.md': null,
        'README.md/inside': 'a folder\n',
        'b.txt': 'b\n',
      });
    },
    run: (on) => on.follow(),
  },
  {
    name: 'made again',
    mode: 'async',
    subjects: [ONE, TWO, THEIRS],
    lost: 1,
    prepare: async (on, remote) => {
      await writeAll(on, [ONE, TWO], () => undefined);
      await on.writer.write(writeOf(describeFlag('dark-mode', 'lost')));
      await remote.push({ [DARK_MODE]: null });
    },
    run: async (on) => {
      await on.follow();
      await on.writer.pushPending();
    },
  },
  {
    name: 'through the remote',
    mode: 'sync',
    subjects: [ONE, TWO, THEIRS],
    lost: 0,
    prepare: async (_, remote) => void (await remote.push({ 'b.txt': 'b\n' })),
    run: (on, tell) => writeAll(on, [ONE, TWO], tell),
  },
  {
    name: 'pushed later',
    mode: 'async',
    subjects: [ONE, TWO],
    lost: 0,
    prepare: async () => undefined,
    run: async (on, tell) => {
      await writeAll(on, [ONE, TWO], tell);
      await on.writer.pushPending();
    },
  },
  {
    name: 'a kill without the remote',
    mode: 'sync',
    subjects: [KILL],
    lost: 0,
    prepare: async () => undefined,
    run: async (on, tell) => {
      on.transport.both = 'down';
      await on.writer.write(writeOf(kill('dark-mode'))).then(() => tell(KILL));
      on.transport.both = undefined;
      await on.writer.pushPending();
    },
  },
];

export function followScenarioOf(name: string): FollowScenario {
  const found = FOLLOW_SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** A remote and a clone of it in which the scenario may begin, and what is acknowledged already. */
export interface PreparedFollow {
  readonly bare: TestRepository;
  readonly clone: TestRepository;
  readonly acknowledged: readonly string[];
}

export async function preparedFollow({
  prepare,
  mode,
  name,
  subjects,
}: FollowScenario): Promise<PreparedFollow> {
  const remote = await createRemote();
  const clone = await remote.clone();
  const on = await openFollowed({ ...remote, url: URL_OF_COPIES }, clone, { mode });
  await on.follow();
  await prepare(on, remote);
  await on.close();
  const acknowledged = name === 'made again' ? subjects : subjects.filter((subject) => subject === THEIRS);
  return { bare: remote.bare, clone, acknowledged };
}

/** Waits for all, then throws the first failure. */
async function writeAll(
  on: Followed,
  subjects: readonly string[],
  tell: (subject: string) => void,
): Promise<void> {
  const writes = subjects.map(async (subject) => {
    await on.writer.write(writeOf(create(subject.split(' ').at(-1) ?? '')));
    tell(subject);
  });
  const failed = (await Promise.allSettled(writes)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
