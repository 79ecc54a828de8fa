import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './median.js';
import type { BenchRow } from './row.js';
import type { StreamsTask } from './streams-child.js';

const STREAMS = 5_000;
const ROUNDS = 5;
/** So many connect at a time: more than a server accepts at once would be refused. */
const AT_ONCE = 100;
const REQUEST = 'GET /api/v1/flags/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

/** What was measured of one server that holds all streams. */
interface Measured {
  readonly bytesEach: number;
  /** From the first stream that heard of a change to the last one, in milliseconds. */
  readonly tellMs: number;
  /** From the command to the first stream that heard, in milliseconds. */
  readonly firstMs: number;
}

/** Thousands of idle streams, against a bare server that holds as many and writes the same frame to each. */
export async function run(): Promise<BenchRow[]> {
  const repo = makeRepository();
  try {
    const bare = await measure({ kind: 'bare' }, (child) => ask(child, { kind: 'tell' }));
    let round = 0;
    const ours = await measure({ kind: 'ours', repo }, () => {
      round += 1;
      return commit(repo, round);
    });
    return [memoryRow(ours, bare), tellRow(ours, bare), firstRow(ours)];
  } finally {
    rmSync(repo, { recursive: true, force: true });
  }
}

async function measure(
  task: StreamsTask,
  change: (child: ChildProcess) => Promise<unknown>,
): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('./streams-child.ts', import.meta.url)), {
    execArgv: ['--no-memory-reducer', '--expose-gc', '--import', 'tsx'],
  });
  const sockets: Socket[] = [];
  try {
    const port = await ask(child, task);
    const before = await ask(child, { kind: 'memory' });
    const heard = new Hearing();
    await openAll(port, sockets, heard);
    const bytesEach = ((await ask(child, { kind: 'memory' })) - before) / STREAMS;
    const rounds: (readonly [tell: number, first: number])[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const told = heard.next();
      const began = performance.now();
      await change(child);
      const [first, last] = await told;
      rounds.push([last - first, first - began]);
    }
    const tellMs = median(rounds.map(([tell]) => tell));
    return { bytesEach, tellMs, firstMs: median(rounds.map(([, first]) => first)) };
  } finally {
    for (const socket of sockets) socket.destroy();
    child.kill();
  }
}

/** Waits until every stream has heard something, and says when the first one and the last one did. */
class Hearing {
  #count = 0;
  #first = 0;
  #done: (times: readonly [first: number, last: number]) => void = () => undefined;

  next(): Promise<readonly [first: number, last: number]> {
    this.#count = 0;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  note(text: string): void {
    if (text.includes('heartbeat')) return;
    this.#count += 1;
    if (this.#count === 1) this.#first = performance.now();
    if (this.#count === STREAMS) this.#done([this.#first, performance.now()]);
  }
}

async function openAll(port: number, sockets: Socket[], heard: Hearing): Promise<void> {
  const all = heard.next();
  while (sockets.length < STREAMS) {
    const some = Array.from({ length: AT_ONCE }, () => open(port, heard));
    sockets.push(...(await Promise.all(some)));
  }
  await all;
}

async function open(port: number, heard: Hearing): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').on('data', (text: string) => heard.note(text));
  await once(socket, 'connect');
  socket.write(REQUEST);
  return socket;
}

async function ask(child: ChildProcess, task: StreamsTask): Promise<number> {
  child.send(task);
  const [answer] = await once(child, 'message');
  return Number(answer);
}

function memoryRow(ours: Measured, bare: Measured): BenchRow {
  const kilobytes = ({ bytesEach }: Measured): string => `${(bytesEach / 1_024).toFixed(1)} KiB`;
  const name = `${STREAMS} idle streams: memory of each`;
  return rowOf(
    { name, ours: ours.bytesEach, theirs: bare.bytesEach, most: 3 },
    kilobytes(ours),
    kilobytes(bare),
  );
}

function tellRow({ tellMs }: Measured, bare: Measured): BenchRow {
  const row = { name: `${STREAMS} streams: to tell all of them`, ours: tellMs, theirs: bare.tellMs, most: 3 };
  return rowOf(row, `${tellMs.toFixed(0)} ms`, `${bare.tellMs.toFixed(0)} ms`);
}

function firstRow({ firstMs }: Measured): BenchRow {
  const row = { name: 'git commit to the first of them', ours: firstMs, theirs: 1_000, most: 1 };
  return rowOf(row, `${firstMs.toFixed(0)} ms`, 'a second');
}

function rowOf(
  {
    name,
    ours,
    theirs,
    most,
  }: { readonly name: string; readonly ours: number; readonly theirs: number; readonly most: number },
  oursText: string,
  theirsText: string,
): BenchRow {
  const ratio = ours / theirs;
  const bare = theirsText === 'a second' ? theirsText : `${theirsText} of bare node:http`;
  return { name, ours: oursText, theirs: bare, ratio, target: `<= ${most}`, met: ratio <= most };
}

function makeRepository(): string {
  const repo = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  write(repo, 'flags/acme/org.yaml', 'name: Acme\n');
  write(repo, 'flags/acme/web-app/project.yaml', 'environments: [production]\n');
  write(repo, FLAG, flagText(0));
  git(repo, 'init', '--quiet');
  git(repo, 'add', '--all');
  git(repo, ...IDENTITY, 'commit', '--quiet', '-m', 'flags');
  return repo;
}

const FLAG = 'flags/acme/web-app/flags/flag-7.yaml';
const IDENTITY = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com'];

/** On and off by turns. */
function flagText(round: number): string {
  return `environments:\n  production: { enabled: ${round % 2 === 1} }\n`;
}

async function commit(repo: string, round: number): Promise<void> {
  write(repo, FLAG, flagText(round));
  git(repo, ...IDENTITY, 'commit', '--quiet', '--all', '-m', `round ${round}`);
}

function git(repo: string, ...parameters: readonly string[]): void {
  execFileSync('git', parameters, { cwd: repo });
}

function write(repo: string, path: string, text: string): void {
  const full = join(repo, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
