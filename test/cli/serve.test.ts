import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository, gitEnvironment, type TestRepository, temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { until } from '../support/until.js';

interface Served {
  repository: TestRepository;
  processes: ChildProcess[];
}

const serve = suite<Served>('flagstaff serve');
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';

serve.before.each(async (served) => {
  served.processes = [];
  served.repository = await createRepository({
    'flags/acme/org.yaml': 'name: Acme\n',
    'flags/acme/web-app/project.yaml': 'environments: [production]\n',
    [FLAG]: 'environments:\n  production: { enabled: false }\n',
  });
});

serve.after.each(({ processes }) => {
  for (const child of processes) child.kill('SIGKILL');
});

/** Starts the real program. */
function start(served: Served, words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, [...LOADER, programOf('src/cli.ts'), 'serve', ...words], {
    cwd: temporaryFolder(),
    env: { ...gitEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  served.processes.push(child);
  return child;
}

/** The address at the end of the one line that a server prints when it is ready. */
async function address(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
  const found = /^listening on (http:\/\/\S+)$/.exec(String(line));
  if (found?.[1] === undefined) throw new Error(`not the line of a ready server: ${line}`);
  return found[1];
}

async function answer(url: string): Promise<unknown> {
  const response = await fetch(`${url}/ofrep/v1/evaluate/flags/dark-mode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"context":{}}',
  });
  return ((await response.json()) as { readonly value?: unknown }).value;
}

/** What is left of a process that ended: its exit code. */
async function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return child.exitCode;
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}

serve('prints its address when flags are served, follows git, and ends with 0 on SIGTERM', async (served) => {
  const child = start(served, ['--repo', served.repository.dir, '--port', '0']);
  const url = await address(child);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.is(await answer(url), false);
  await served.repository.commit({ [FLAG]: 'environments:\n  production: { enabled: true }\n' });
  await until(async () => (await answer(url)) === true);
  child.kill('SIGTERM');
  assert.is(await ended(child), 0);
});

serve('ends with 0 on SIGINT too', async (served) => {
  const child = start(served, ['--repo', served.repository.dir, '--port', '0']);
  await address(child);
  child.kill('SIGINT');
  assert.is(await ended(child), 0);
});

serve(
  'takes its options from the environment: FLAGSTAFF_ beats PORT, the command line beats both',
  async (served) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { readonly port: number };
    const env = { FLAGSTAFF_REPO: served.repository.dir, PORT: String(port), FLAGSTAFF_PORT: '0' };
    assert.type(await address(start(served, [], env)), 'string');
    const beaten = { ...env, FLAGSTAFF_PORT: String(port), FLAGSTAFF_HOST: 'no.such.host.invalid' };
    const child = start(served, ['--port', '0', '--host', '127.0.0.1'], beaten);
    assert.match(await address(child), /^http:\/\/127\.0\.0\.1:\d+$/);
    taken.close();
  },
);

serve('--branch serves that branch, --worktree the files as they are', async (served) => {
  const { repository } = served;
  await repository.git('branch', 'live');
  await repository.commit({ [FLAG]: 'environments:\n  production: { enabled: true }\n' });
  const common = ['--repo', repository.dir, '--port', '0'];
  assert.is(await answer(await address(start(served, [...common, '--branch', 'live']))), false);
  repository.write({ [FLAG]: 'environments:\n  production: { enabled: false }\n' });
  const live = await address(start(served, [...common, '--worktree']));
  await until(async () => (await answer(live)) === false);
});

serve('says that it waits for the first commit, and serves it when it comes', async (served) => {
  const empty = await createRepository();
  const child = start(served, ['--repo', empty.dir, '--port', '0']);
  const [said] = (await once(child.stderr ?? child, 'data')) as [Buffer];
  assert.is(
    said.toString('utf8'),
    `${empty.dir}: nothing to serve yet: it has no commit with flags, or they still load\n`,
  );
  const ready = address(child);
  await empty.commit({
    'flags/acme/web-app/project.yaml': 'environments: [production]\n',
    [FLAG]: 'environments: {}\n',
  });
  assert.is(await answer(await ready), false);
});

serve('a port in use, a folder that is no repository: one line, no stack, and a code', async (served) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { readonly port: number };
  const cases: readonly (readonly [words: readonly string[], code: number, line: RegExp])[] = [
    [['--repo', served.repository.dir, '--port', String(port)], 1, /^flagstaff: .*EADDRINUSE.*\n$/],
    [['--repo', temporaryFolder()], 2, /^flagstaff: no git repository at .*\n$/],
  ];
  for (const [words, code, line] of cases) {
    const child = start(served, words);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    assert.is(await ended(child), code);
    assert.match(said, line);
  }
  taken.close();
});

serve.run();
