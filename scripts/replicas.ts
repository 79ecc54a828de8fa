import { setTimeout as wait } from 'node:timers/promises';
import { startGitServer, type TestGitServer } from '../test/support/git-server.js';
import { startFiles } from './chaos/setting.js';
import { readNumbers } from './numbers.js';
import { seeded } from './random.js';
import { logOut } from './replicas/logout.js';
import { personAt, pushWithGit } from './replicas/person.js';
import { noteLanded, percentile, propagationIn, watch } from './replicas/propagation.js';
import { type Asked, newRecord, type Record } from './replicas/record.js';
import { healthOf, POLL_MS, type Replica, sendHook, startReplica } from './replicas/replica.js';
import { judgeRemote, judgeReplica } from './replicas/verdict.js';
import { killOn, type Part, STOPS, stopFlags, writeTo } from './replicas/writers.js';

/** What went on, and what of it was not as promised. */
export interface ReplicasResult {
  readonly record: Record;
  readonly faults: readonly string[];
  /** How long pushes took to be served on each replica, in milliseconds, the shortest first. */
  readonly withHook: readonly number[];
  readonly byPoll: readonly number[];
  /** How long a logout on one replica took to hold on all, in milliseconds. */
  readonly logout: number;
}

const MODES = ['sync', 'sync', 'async'] as const;
const WRITERS = 2;
/** The longest rests of whoever pushes, in milliseconds: in the crowd, and alone. */
const REST_MS = 600;
const REST_ALONE_MS = 300;
/** The parts of the time: with kills and cut networks, then told by hooks, then left to poll. */
const WITH_FAULTS = 0.5;
const WITH_HOOKS = 0.25;
const CONVERGED_MS = 60_000;
const LOOK_MS = 50;

/**
 * `npm run test:replicas [-- --seconds 60 --seed 1]`: three servers on clones of one remote, writers on all, a person who
 * pushes with git, kill -9 and cut networks; then the remote's history is compared with what was acknowledged (P1, P2,
 * P3, P20), and all must serve it. Ends with 1 where a promise is broken.
 */
export async function proveReplicas(options: {
  readonly seconds: number;
  readonly seed: number;
}): Promise<ReplicasResult> {
  const record = newRecord();
  const replicas: Replica[] = [];
  let hasHooks = true;
  let isOver = false;
  const account = { username: 'replica', password: 'a password of the tests' };
  const host = await startGitServer({
    files: { ...startFiles(), ...stopFlags() },
    account,
    onPushed: () => {
      noteLanded(host, record);
      if (hasHooks) for (const replica of replicas) void sendHook(replica);
    },
  });
  try {
    const starts = MODES.map((mode, number) => startReplica(host, `replica-${number}-${mode}`, mode));
    replicas.push(...(await Promise.all(starts)));
    const watching = Promise.all(replicas.map((replica) => watch(replica, record, () => isOver)));
    const during = crowdOf(host, replicas, { record, ...options });
    await during(WITH_FAULTS, true);
    await converge(host, replicas, record);
    const hooked = await during(WITH_HOOKS, false);
    hasHooks = false;
    const polled = await during(1 - WITH_FAULTS - WITH_HOOKS, false);
    await converge(host, replicas, record);
    const logout = await logOut(replicas);
    isOver = true;
    await watching;
    return await judge({ host, replicas, record, hooked, polled, logout });
  } finally {
    isOver = true;
    for (const { server, network } of replicas) {
      await server.end('SIGKILL');
      await network.close();
    }
    await host.close();
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** All who take part, for a share of the time: a person alone, or with the crowd and its faults. */
function crowdOf(
  host: TestGitServer,
  replicas: readonly Replica[],
  about: { readonly record: Record; readonly seconds: number; readonly seed: number },
) {
  const { record, seconds, seed } = about;
  const clone = personAt(host);
  const stops = Array.from({ length: STOPS }, (_, number) => number);
  return async (share: number, hasFaults: boolean): Promise<Span> => {
    const from = performance.now();
    const to = from + seconds * 1_000 * share;
    const part: Part = { record, random: seeded(seed + share), isOver: () => performance.now() > to };
    await allEnded([
      pushWithGit(await clone, part, hasFaults ? REST_MS : REST_ALONE_MS),
      ...(hasFaults ? replicas.flatMap((replica) => faultySide(replica, part, stops)) : []),
      ...(hasFaults ? [killAgainAndAgain(replicas, part)] : []),
    ]);
    // However slow the machine is, the person's last push belongs to it.
    noteLanded(host, record);
    return { from, to: performance.now() };
  };
}

function faultySide(replica: Replica, part: Part, stops: number[]): readonly Promise<void>[] {
  const names = Array.from({ length: WRITERS }, (_, number) => `${replica.name}-${number}`);
  return [
    ...names.map((name) => writeTo(replica, part, name)),
    killOn(replica, part, stops),
    cutAgainAndAgain(replica, part),
  ];
}

async function cutAgainAndAgain({ network }: Replica, { record, random, isOver }: Part): Promise<void> {
  while (!isOver()) {
    await wait(300 + 2_500 * random());
    network.cut();
    record.cuts += 1;
    await wait(50 + 1_500 * random());
    network.heal();
  }
}

async function killAgainAndAgain(
  replicas: readonly Replica[],
  { record, random, isOver }: Part,
): Promise<void> {
  for (let number = 0; !isOver(); number += 1) {
    await wait(500 + 1_500 * random());
    const { server } = replicas[number % replicas.length] as Replica;
    await server.end('SIGKILL');
    record.kills += 1;
    await server.start();
  }
}

/** Waits until all serve what the remote has, and nothing is left to push. */
async function converge(host: TestGitServer, replicas: readonly Replica[], record: Record): Promise<void> {
  const end = performance.now() + CONVERGED_MS;
  while (performance.now() < end) {
    const tip = await host.bare.git('rev-parse', 'main');
    const all = await Promise.all(replicas.map(healthOf));
    if (all.every((health) => health?.revision === tip && health.remote.pending === 0)) return;
    await wait(LOOK_MS);
  }
  record.faults.push(`the replicas did not converge within ${CONVERGED_MS} ms`);
}

async function judge(what: {
  readonly host: TestGitServer;
  readonly replicas: readonly Replica[];
  readonly record: Record;
  readonly hooked: Span;
  readonly polled: Span;
  readonly logout: number;
}): Promise<ReplicasResult> {
  const { host, replicas, record, hooked, polled, logout } = what;
  const tip = await host.bare.git('rev-parse', 'main');
  const history = (await host.bare.git('rev-list', '--reverse', '--first-parent', 'main')).split('\n');
  const faults = [...record.faults, ...(await judgeRemote(host, record))];
  if (!Number.isFinite(logout)) faults.push('a logout on one replica does not hold on all');
  for (const replica of replicas) faults.push(...(await judgeReplica(replica, tip)));
  return {
    ...{ record, faults, logout },
    withHook: propagationIn(record, history, hooked),
    byPoll: propagationIn(record, history, polled),
  };
}

/** Waits for all of them, so that none starts a server again when another one has failed. */
async function allEnded(parts: readonly Promise<void>[]): Promise<void> {
  for (const part of await Promise.allSettled(parts)) {
    if (part.status === 'rejected') throw part.reason;
  }
}

async function main(): Promise<void> {
  const result = await proveReplicas(readNumbers('test:replicas', { seconds: 60, seed: 1 }));
  for (const fault of result.faults) console.log(`FAULT ${fault}`);
  console.log(summaryOf(result));
  process.exitCode = result.faults.length > 0 || result.record.writes.length === 0 ? 1 : 0;
}

function summaryOf({ record, faults, withHook, byPoll, logout }: ReplicasResult): string {
  const { writes, people, kills, cuts } = record;
  const of = (outcome: string) => writes.filter((write) => write.outcome === outcome);
  const acknowledged = of('acknowledged');
  return [
    `${acknowledged.length} changes acknowledged (${shares(acknowledged)}), ${acknowledged.filter(({ isPending }) => isPending).length} of them while some were pending`,
    `${of('unknown').length} of unknown outcome`,
    `${of('refused').length} refused (${codesOf(of('refused'))})`,
    `${people.length} pushes of a person, ${record.landed.length} in all`,
    `${kills} kills, ${cuts} cuts`,
    `push to served with the hook ${rangeOf(withHook)}`,
    `without (poll ${POLL_MS} ms) ${rangeOf(byPoll)}`,
    `a logout held everywhere after ${Math.round(logout)} ms`,
    `${faults.length} faults`,
  ].join('; ');
}

/** How many on each replica. */
function shares(writes: readonly Asked[]): string {
  const names = [...new Set(writes.map(({ replica }) => replica))].sort();
  return names.map((name) => `${name} ${writes.filter(({ replica }) => replica === name).length}`).join(', ');
}

function codesOf(writes: readonly { readonly code?: string | undefined }[]): string {
  const codes = new Set(writes.map(({ code }) => code));
  return [...codes].map((code) => `${writes.filter((one) => one.code === code).length} ${code}`).join(', ');
}

function rangeOf(times: readonly number[]): string {
  return `p50 ${Math.round(percentile(times, 0.5))} ms, p99 ${Math.round(percentile(times, 0.99))} ms`;
}

if (process.argv[1] === import.meta.filename) await main();
