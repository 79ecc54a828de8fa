import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/model/failure.js';
import { openFollowed } from '../../test/repository/remote/followed-clone.js';
import { repositoryAt, temporaryFolder } from '../../test/support/git.js';
import { programOf } from '../../test/support/program.js';
import { ERRORS, type ErrorCode, faultDisk } from './fault-disk.js';
import {
  type FollowScenario,
  type PreparedFollow,
  preparedFollow,
  URL_OF_COPIES,
} from './follow-scenario.js';
import { followFaults } from './follow-sound.js';
import { failed, runChild } from './killing.js';
import { discard } from './sound.js';
import type { Tally } from './tally.js';

const CHILD = programOf('scripts/crash/follow-child.ts');

/** Lets every call of the scenario fail, by turns with each error; of many, every `every`-th. */
export async function failFollowing(scenario: FollowScenario, every = 1): Promise<Tally> {
  const name = `P4, following, an error at every call: ${scenario.name}`;
  return atEveryCall({ scenario, every, name }, async (prepared, call) => {
    const code = ERRORS[call % ERRORS.length] ?? 'EIO';
    return failAt(scenario, prepared, { code, call });
  });
}

/** Kills the process at every call of the scenario; of many, at every `every`-th. */
export async function killFollowing(scenario: FollowScenario, every = 1): Promise<Tally> {
  const name = `P4, following, kill -9 at every call: ${scenario.name}`;
  return atEveryCall({ scenario, every, name }, async ({ clone, bare }, call) => {
    const end = await runChild(CHILD, [clone.dir, bare.dir, scenario.name, String(call)]);
    return { hasStruck: end.signal === 'SIGKILL', acknowledged: end.acknowledged, faults: failed(end) };
  });
}

/** What became of one try, before the restart. */
interface Tried {
  readonly hasStruck: boolean;
  readonly acknowledged: readonly string[];
  readonly faults: readonly string[];
}

async function atEveryCall(
  {
    scenario,
    every,
    name,
  }: { readonly scenario: FollowScenario; readonly every: number; readonly name: string },
  attempt: (prepared: PreparedFollow, call: number) => Promise<Tried>,
): Promise<Tally> {
  const template = await preparedFollow(scenario);
  let [tries, acknowledged, hasStruck] = [0, 0, true];
  const faults: string[] = [];
  for (let call = 1; hasStruck; call += every) {
    const copy = copyOf(template);
    const tried = await attempt(copy, call);
    const all = [...template.acknowledged, ...tried.acknowledged];
    const found = [...tried.faults, ...(await followFaults(scenario, { ...copy, acknowledged: all }))];
    faults.push(...found.map((fault) => `${scenario.name}, at call ${call}: ${fault}`));
    hasStruck = tried.hasStruck;
    if (hasStruck) tries += 1;
    acknowledged += all.length;
    discard(copy.clone);
    discard(copy.bare);
  }
  return { name, tries, acknowledged, faults };
}

async function failAt(
  { mode, run }: FollowScenario,
  { bare, clone }: PreparedFollow,
  { code, call }: { readonly code: ErrorCode; readonly call: number },
): Promise<Tried> {
  const disk = faultDisk();
  const on = await openFollowed({ bare, url: URL_OF_COPIES }, clone, { mode, disk });
  const acknowledged: string[] = [];
  disk.arm(code, call);
  const faults = await run(on, (subject) => acknowledged.push(subject)).then(
    () => [],
    (error) => (error instanceof Failure ? [] : [`it ends in what is no failure: ${error?.stack ?? error}`]),
  );
  const hasStruck = disk.hasStruck();
  disk.disarm();
  await on.close();
  return { hasStruck, acknowledged, faults };
}

function copyOf({ bare, clone, acknowledged }: PreparedFollow): PreparedFollow {
  const dir = temporaryFolder();
  const [bareDir, cloneDir] = [join(dir, 'bare'), join(dir, 'clone')];
  cpSync(bare.dir, bareDir, { recursive: true, preserveTimestamps: true });
  cpSync(clone.dir, cloneDir, { recursive: true, preserveTimestamps: true });
  return { bare: repositoryAt(bareDir), clone: repositoryAt(cloneDir), acknowledged };
}
