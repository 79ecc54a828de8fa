import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mintToken } from '../../src/http/auth.js';
import { type NewKey, newKey } from '../../src/http/identity/new-key.js';
import { type BareAnswer, type ChildTask, SECRET } from './http-child.js';
import { askOnce } from './http-load.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

const ROUNDS = 7;
const ROUND_MS = 1_000;
const CONNECTIONS = 32;
const FLAGS = 100;
const CONTEXT = { context: { targetingKey: 'u-123', country: 'DE', plan: 'pro', email: 'marc@example.com' } };

/**
 * One flag and all of them over OFREP, by nobody, a key and a person, and a list of all of them: against a bare server
 * that reads and parses the same body and answers the same bytes.
 */
export async function run(): Promise<BenchRow[]> {
  const made = newKey('server');
  const repo = makeRepository(made);
  const recordedRepo = makeRepository(made, RECORDING);
  const children: ChildProcess[] = [];
  const start = async (task: ChildTask): Promise<number> => {
    const child = startChild();
    children.push(child);
    return tell(child, task);
  };
  try {
    const ours = await start({ kind: 'ours', repo });
    const recording = await start({ kind: 'ours', repo: recordedRepo });
    const single = requestOf('/ofrep/v1/evaluate/flags/flag-7');
    const withKey = requestOf('/ofrep/v1/evaluate/flags/flag-7', `X-API-Key: ${made.key}`);
    const token = await mintToken({ secret: SECRET, sub: 'bench', superAdmin: true });
    const withToken = requestOf('/ofrep/v1/evaluate/flags/flag-7', `Authorization: Bearer ${token}`);
    const bulk = requestOf('/ofrep/v1/evaluate/flags');
    const list = `GET /api/v1/feature-flags?limit=${FLAGS} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    const bare = await start({ kind: 'bare', answer: bareAnswer(await askOnce(ours, single)) });
    const bareList = await start({ kind: 'bare', answer: bareAnswer(await askOnce(ours, list)) });
    const loader = startChild();
    children.push(loader);
    const measure = (port: number, request: string): Promise<number> =>
      tell(loader, { kind: 'load', load: { port, request, connections: CONNECTIONS, durationMs: ROUND_MS } });
    const rates = await inRounds({
      single: () => measure(ours, single),
      recorded: () => measure(recording, single),
      bare: () => measure(bare, single),
      key: () => measure(ours, withKey),
      token: () => measure(ours, withToken),
      bulk: () => measure(ours, bulk),
      list: () => measure(ours, list),
      bareList: () => measure(bareList, list),
    });
    return [
      rowOf({ name: 'OFREP single over HTTP', ours: rates.single, theirs: rates.bare, least: 0.7 }),
      recordedRow({ recorded: rates.recorded, plain: rates.single }),
      rowOf({ name: 'the same with an API key', ours: rates.key, theirs: rates.bare, least: 0.65 }),
      rowOf({ name: 'the same with a JWT', ours: rates.token, theirs: rates.bare, least: 0.65 }),
      rowOf({ name: `OFREP bulk of ${FLAGS} over HTTP`, ours: rates.bulk, theirs: rates.bare, least: 0.4 }),
      rowOf({
        name: `list of ${FLAGS} flags over /api/v1`,
        ours: rates.list,
        theirs: rates.bareList,
        least: 0.5,
      }),
    ];
  } finally {
    for (const child of children) child.kill();
    for (const made of [repo, recordedRepo]) rmSync(made, { recursive: true, force: true });
  }
}

/** Takes turns, so that a slow moment of the machine hits all of them, and gives the medians. */
async function inRounds<Name extends string>(
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) found[name].push(await measures[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(found[name])])) as Record<Name, number>;
}

function rowOf(row: {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  readonly least: number;
}): BenchRow {
  const ratio = row.ours / row.theirs;
  return {
    name: row.name,
    ours: `${Math.round(row.ours)} answers/s`,
    theirs: `${Math.round(row.theirs)} answers/s of bare node:http`,
    ratio,
    target: `>= ${row.least}`,
    met: ratio >= row.least,
  };
}

/** Everybody is recorded, so no other share costs more. */
function recordedRow({ recorded, plain }: { readonly recorded: number; readonly plain: number }): BenchRow {
  const ratio = recorded / plain;
  return {
    name: 'OFREP single while all who ask are recorded',
    ours: `${Math.round(recorded)} answers/s`,
    theirs: `${Math.round(plain)} answers/s without`,
    ratio,
    target: '>= 0.9',
    met: ratio >= 0.9,
  };
}

function startChild(): ChildProcess {
  return fork(fileURLToPath(new URL('./http-child.ts', import.meta.url)), {
    execArgv: ['--no-memory-reducer', '--import', 'tsx'],
  });
}

async function tell(child: ChildProcess, task: ChildTask): Promise<number> {
  child.send(task);
  const [answer] = await once(child, 'message');
  return Number(answer);
}

function requestOf(path: string, ...headers: readonly string[]): string {
  const body = JSON.stringify(CONTEXT);
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** The same bytes, without what node adds by itself. */
function bareAnswer(answer: string): BareAnswer {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const headers = head
    .split('\r\n')
    .slice(1)
    .filter((line) => !/^(?:date|connection|keep-alive):/i.test(line))
    .flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
  return { headers, body };
}

/** A hundred flags, each with a segment, three rules and a split. */
function makeRepository({ entry }: NewKey, more = ''): string {
  const repo = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  const project = 'flags/acme/web-app';
  write(repo, 'flags/acme/org.yaml', 'name: Acme\n');
  write(repo, `${project}/project.yaml`, `environments: [production]\n${more}`);
  const key = { name: 'bench', environment: 'production', ...entry };
  write(repo, `${project}/keys.yaml`, `[${JSON.stringify(key)}]\n`);
  write(repo, `${project}/segments/beta.yaml`, 'include: { users: [u-7] }\n');
  for (let number = 0; number < FLAGS; number += 1) write(repo, `${project}/flags/flag-${number}.yaml`, FLAG);
  for (const parameters of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', 'commit', '--quiet', '-m', 'flags'],
  ]) {
    execFileSync('git', parameters, { cwd: repo });
  }
  return repo;
}

const RECORDING = 'recording: { production: { percentage: 100, attributes: [country, plan] } }\n';

const FLAG = `description: One of many
environments:
  production:
    enabled: true
    segments: [beta]
    rules:
      - { id: staff, when: [{ attribute: email, endsWith: "@acme.com" }] }
      - { id: swiss, when: [{ attribute: country, equals: CH }] }
      - { id: old, when: [{ attribute: app.version, semverLt: 2.4.0 }], serve: off }
    serve: { on: 20, off: 80 }
`;

function write(repo: string, path: string, text: string): void {
  const full = join(repo, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
