import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { mintToken } from '../../src/http/auth.js';
import { type RunningServer, startServer } from '../../src/server.js';
import type { TestRepository } from '../../test/support/git.js';
import { startGitServer, type TestGitServer } from '../../test/support/git-server.js';
import { flagText, generateFiles, TARGET_SIZE } from './generate.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

const ROUNDS = 15;
const WARM_UP = 3;
const REPLICAS = 3;
/** At each replica, and so often each. */
const WRITERS = 8;
const WRITES_EACH = 6;
const LONE_PUSHES = 20;
const SECRET = 'a secret of the benchmark, long enough for HS256';
const HOOK_SECRET = 'what the host signs its hooks with';

/** A change on its way through a git host on loopback: to one that follows it, to a stream, and from several replicas. */
export async function run(): Promise<BenchRow[]> {
  const host = await startGitServer({ files: Object.fromEntries(generateFiles(TARGET_SIZE)) });
  const folder = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const person = await host.clone();
    return [
      ...(await measureFollowing({ host, folder, person })),
      await measureReplicas({ host, folder, person }),
    ];
  } finally {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly host: TestGitServer;
  readonly folder: string;
  readonly person: TestRepository;
}

async function measureFollowing({ host, folder, person }: Place): Promise<BenchRow[]> {
  const server = await startReplica(host, join(folder, 'follower'));
  const other = await host.clone();
  const times = {
    served: [] as number[],
    merged: [] as number[],
    told: [] as number[],
    pushed: [] as number[],
  };
  const stream = await openStream(server);
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    await person.commit({ [pathOf(round)]: flagText(`1-${round + 1}`, 21 + round) });
    const frame = stream.next();
    const start = performance.now();
    await person.git('push', '--quiet');
    const pushed = performance.now();
    await hook(server);
    await frame;
    const told = performance.now();
    await other.git('fetch', '--quiet');
    await other.git('merge', '--quiet', '--ff-only', 'FETCH_HEAD');
    const merged = performance.now();
    if (round < WARM_UP) continue;
    times.served.push(told - pushed);
    times.told.push(told - start);
    times.pushed.push(pushed - start);
    times.merged.push(merged - told);
  }
  stream.close();
  await server.close();
  const [merging, pushing] = [median(times.merged), median(times.pushed)];
  return [
    row('fetch and serve a commit, 10,000 flags', median(times.served), {
      name: 'git fetch && git merge',
      time: merging,
    }),
    row('git push to first frame of a stream', median(times.told), {
      name: 'git push, and those two there',
      time: pushing + merging,
    }),
  ];
}

function row(
  name: string,
  ours: number,
  { name: compared, time }: { readonly name: string; readonly time: number },
): BenchRow {
  return {
    name,
    ours: `${ours.toFixed(1)} ms`,
    theirs: `${compared} ${time.toFixed(1)} ms`,
    ratio: ours / time,
    target: '<= 2',
    met: ours / time <= 2,
  };
}

/** Writes a second: by all replicas at once through the remote, and by one person who commits and pushes in a loop. */
async function measureReplicas({ host, folder, person }: Place): Promise<BenchRow> {
  const names = Array.from({ length: REPLICAS }, (_, number) => join(folder, `replica-${number}`));
  const servers = await Promise.all(names.map((name) => startReplica(host, name)));
  const token = await mintToken({
    secret: SECRET,
    sub: 'marc',
    email: 'marc@example.com',
    superAdmin: true,
    expires: '1h',
  });
  const start = performance.now();
  const lanes = servers.flatMap((server, replica) =>
    Array.from({ length: WRITERS }, (_, lane) => writeAgain(server, token, replica * WRITERS + lane)),
  );
  const written = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
  const ours = (written * 1_000) / (performance.now() - start);
  for (const server of servers) await server.close();
  await person.git('pull', '--quiet', '--ff-only');
  const began = performance.now();
  for (let number = 0; number < LONE_PUSHES; number += 1) {
    person.write({ [pathOf(number)]: flagText(`1-${number + 1}`, 51 + number) });
    await person.git('commit', '--quiet', '--message', `alone ${number}`, '--', pathOf(number));
    await person.git('push', '--quiet');
  }
  const theirs = (LONE_PUSHES * 1_000) / (performance.now() - began);
  return {
    name: `${REPLICAS} replicas, ${WRITERS} writers each, through the remote`,
    ours: `${ours.toFixed(1)} writes/s`,
    theirs: `a lone git commit && git push ${theirs.toFixed(1)}/s`,
    ratio: ours / theirs,
    target: '>= 1',
    met: ours >= theirs,
  };
}

/** How many of the writes were acknowledged. */
async function writeAgain(server: RunningServer, token: string, lane: number): Promise<number> {
  let count = 0;
  for (let number = 0; number < WRITES_EACH; number += 1) {
    const answer = await fetch(`${server.url}/api/v1/feature-flags/flag-${lane + 1}?org_id=org-2`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ description: `written ${lane} ${number}` }),
    });
    await answer.text();
    if (answer.status === 200) count += 1;
  }
  return count;
}

async function startReplica(host: TestGitServer, repo: string): Promise<RunningServer> {
  const server = await startServer({
    repo,
    port: 0,
    host: '127.0.0.1',
    trust: { kind: 'secret', secret: SECRET },
    writeLimit: 1_000_000,
    hookSecret: HOOK_SECRET,
    remote: { url: host.url, pollMs: 60_000 },
    log: (line) => console.error(line),
  });
  await server.ready;
  return server;
}

/** What the host says once a push has ended. */
async function hook({ url }: RunningServer): Promise<void> {
  const body = JSON.stringify({ ref: 'refs/heads/main' });
  const digest = createHmac('sha256', HOOK_SECRET).update(body).digest('hex');
  const headers = { 'Content-Type': 'application/json', 'X-GitHub-Event': 'push' };
  const answer = await fetch(`${url}/hooks/git`, {
    method: 'POST',
    headers: { ...headers, 'X-Hub-Signature-256': `sha256=${digest}` },
    body,
  });
  if (answer.status !== 202) throw new Error(`the hook was answered ${answer.status}`);
}

interface Stream {
  /** Fulfils with the next change that is told. */
  next(): Promise<void>;
  close(): void;
}

async function openStream({ url }: RunningServer): Promise<Stream> {
  const request = get(`${url}/api/v1/flags/events`);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  let onChange = (): void => undefined;
  response.on('data', (text: string) => {
    if (text.includes('event: flag-updated')) onChange();
  });
  return {
    next: () =>
      new Promise((fulfil) => {
        onChange = fulfil;
      }),
    close: () => request.destroy(),
  };
}

function pathOf(number: number): string {
  return `flags/org-1/web-app/flags/flag-${number + 1}.yaml`;
}
