import fc from 'fast-check';
import { MATRIX_FILES } from '../test/http/matrix-files.js';
import { orgOf } from '../test/http/matrix-org.js';
import { createRepository, type TestRepository } from '../test/support/git.js';
import { tokenOf } from '../test/support/http.js';
import { anyInput, type FuzzInput } from './fuzz/input.js';
import { send } from './fuzz/send.js';
import { FuzzedServer } from './fuzz/server.js';
import type { Turn } from './fuzz/turns.js';
import { readNumbers } from './numbers.js';

/** What the inputs did. */
export interface FuzzResult {
  /** How many were answered with each status; 0 is a connection that was closed. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many commits they made. */
  readonly commits: number;
  /** What was not as promised, with the input. */
  readonly faults: readonly string[];
  /** The longest turns of the server's event loop, with what was asked meanwhile. */
  readonly turns: readonly (Turn & { readonly meanwhile: readonly string[] })[];
}

interface Sent {
  readonly input: FuzzInput;
  readonly startedAt: number;
  readonly endedAt: number;
}

const AT_ONCE = 4;
/** So many inputs later, most of what they may break is broken: then somebody puts the files back. */
const ROUND = 250;
const LONGEST_TURN_MS = 100;
const TOLD_FAULTS = 20;

/**
 * Sends random requests of all kinds of callers to every operation, and bytes that are none, to a server in a process of
 * its own (P13). The same seed sends the same, though not in the same order: some are on their way at once.
 */
export async function fuzz(options: {
  readonly count: number;
  readonly seed: number;
  readonly onRound: (sent: number) => void;
}): Promise<FuzzResult> {
  const { count, seed, onRound } = options;
  const repository = await createRepository(MATRIX_FILES);
  const start = await repository.head();
  const server = new FuzzedServer();
  await server.start(repository.dir);
  const inputs = fc.sample(anyInput(orgOf('acme', start)), { numRuns: count, seed });
  const sent: Sent[] = [];
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  for (let from = 0; from < count && !server.isDead; from += ROUND) {
    const waiting = inputs.slice(from, from + ROUND);
    const lane = async (): Promise<void> => {
      for (let input = waiting.shift(); input !== undefined && !server.isDead; input = waiting.shift()) {
        const startedAt = Date.now();
        const outcome = await send(server.url, input);
        sent.push({ input, startedAt, endedAt: Date.now() });
        if ('fault' in outcome) faults.push(`${outcome.fault}: ${describe(input)}`);
        else statuses.set(outcome.status, (statuses.get(outcome.status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    faults.push(...(await faultsIn(repository, server)));
    if (!server.isDead) await putBack(repository, { start, url: server.url });
    onRound(sent.length);
  }
  if (server.isDead) faults.push(`the server ended: ${server.log.slice(-2_000)}`);
  const turns = (await server.longestTurns()).map((turn) => ({ ...turn, meanwhile: during(turn, sent) }));
  await server.end();
  const commits = Number(await repository.git('rev-list', '--count', `${start}..HEAD`));
  return { statuses, commits, faults, turns };
}

async function faultsIn(repository: TestRepository, server: FuzzedServer): Promise<readonly string[]> {
  const found: string[] = [];
  const status = await repository.git('status', '--porcelain');
  if (status !== '') found.push(`git status is not clean: ${status}`);
  await repository
    .git('fsck', '--full', '--strict')
    .catch((error: unknown) => found.push(`git fsck: ${error}`));
  const paths = (await repository.git('ls-files')).split('\n').filter((path) => !path.startsWith('flags/'));
  if (paths.length > 0) found.push(`written outside of flags/: ${paths.join(', ')}`);
  if (server.log.includes('    at ')) found.push(`a bug in the log: ${server.log.slice(0, 2_000)}`);
  return found;
}

/** As somebody with the git program does it; and the server is told, so that the next round is about these files. */
async function putBack(
  repository: TestRepository,
  at: { readonly start: string; readonly url: string },
): Promise<void> {
  await repository.git('rm', '-r', '--quiet', 'flags');
  await repository.git('checkout', at.start, '--', 'flags');
  await repository.git('commit', '--quiet', '--allow-empty', '--message', 'put the files back');
  const headers = { Authorization: `Bearer ${await tokenOf({ superAdmin: true })}` };
  await fetch(`${at.url}/api/v1/feature-flags/load/acme`, { method: 'POST', headers });
}

function during({ endedAt, wallMs }: Turn, sent: readonly Sent[]): readonly string[] {
  const overlap = sent.filter((one) => one.startedAt <= endedAt && one.endedAt >= endedAt - wallMs);
  return overlap.map(({ input }) => describe(input));
}

function describe(input: FuzzInput): string {
  return JSON.stringify(input.kind === 'bytes' ? input.bytes.toString('latin1') : input).slice(0, 600);
}

/** `npm run test:fuzz [-- --count 10000 --seed 1]`: ends with 1 where a promise is broken. */
async function main(): Promise<void> {
  const { count, seed } = readNumbers('test:fuzz', { count: 10_000, seed: Math.ceil(Math.random() * 1e9) });
  console.log(`seed ${seed}`);
  const result = await fuzz({ count, seed, onRound: (sent) => console.log(`${sent} of ${count} sent`) });
  const long = result.turns.filter(({ workedMs }) => workedMs > LONGEST_TURN_MS);
  for (const fault of result.faults.slice(0, TOLD_FAULTS)) console.log(`FAULT ${fault}`);
  for (const { workedMs, wallMs, meanwhile } of long) {
    console.log(`FAULT P13: a turn of ${workedMs.toFixed()} ms (${wallMs.toFixed()} by the clock) during`);
    for (const asked of meanwhile) console.log(`  ${asked}`);
  }
  console.log(summaryOf(result, { count, seed }));
  process.exitCode = result.faults.length + long.length > 0 ? 1 : 0;
}

function summaryOf(
  { statuses, commits, faults, turns }: FuzzResult,
  { count, seed }: { readonly count: number; readonly seed: number },
): string {
  const answered = [...statuses]
    .sort(([one], [other]) => one - other)
    .map(([status, many]) => `${many} × ${status}`);
  const [longest] = turns;
  return [
    `${count} inputs of seed ${seed}: ${answered.join(', ')}`,
    `${commits} commits`,
    `longest turn ${longest?.workedMs.toFixed() ?? '?'} ms (${longest?.wallMs.toFixed() ?? '?'} ms by the clock)`,
    `${faults.length} faults`,
  ].join('; ');
}

if (process.argv[1] === import.meta.filename) await main();
