import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRecorder } from '../../../src/http/recording/recorder.js';
import { openCache } from '../../../src/repository/cache.js';
import { ContextFiles, type ContextLines } from '../../../src/repository/context-files.js';
import { openRepository } from '../../../src/repository/git.js';
import type { Files } from '../../support/git.js';
import { serveFiles, type TestServer } from '../../support/http.js';

interface Place {
  servers: TestServer[];
}

const recording = suite<Place>('the recording of contexts');
const PROJECT = 'flags/acme/web-app/project.yaml';
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const SINGLE = '/ofrep/v1/evaluate/flags/dark-mode';
const BULK = '/ofrep/v1/evaluate/flags';
const ALL =
  'recording: { production: { percentage: 100, attributes: [country, app.version], hashed: [deviceId] } }\n';
const ADA = {
  ...{ targetingKey: 'ada@example.com', userId: 'planted-u-7', companyId: 'planted-c-1', country: 'DE' },
  ...{ deviceId: 'planted-d-1', plan: 'planted-pro', app: { version: '2.4.0', build: 'planted-b' } },
};

recording.before.each((place) => {
  place.servers = [];
});

recording.after.each(async ({ servers }) => {
  for (const server of servers) await server.close();
});

function filesWith(more: string): Files {
  return {
    'flags/acme/org.yaml': 'name: Acme\n',
    [PROJECT]: `environments: [development, production]\n${more}`,
    [FLAG]: 'environments: { production: { enabled: true } }\n',
  };
}

async function serve(place: Place, ...parameters: Parameters<typeof serveFiles>): Promise<TestServer> {
  const server = await serveFiles(...parameters);
  place.servers.push(server);
  return server;
}

function stateOf({ repository }: TestServer): string {
  return join(repository.dir, '.git', 'flagstaff');
}

/** Ends the server, which writes what it has noted, and gives the lines. */
async function recorded(server: TestServer): Promise<readonly Record<string, unknown>[]> {
  await server.running.close();
  const files = await new ContextFiles({ stateDir: stateOf(server) }).list();
  return files.flatMap(({ path }) => linesOf(path));
}

function linesOf(path: string): readonly Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

recording('has the listed attributes, and whom they are of as hashes alone (P18)', async (place) => {
  const server = await serve(place, filesWith(ALL));
  await server.ask(SINGLE, { body: { context: ADA } });
  await server.ask(BULK, {
    body: { context: { targetingKey: 'u-2', country: 'FR', deviceId: 'planted-d-1' } },
  });
  await server.ask(SINGLE, { body: { context: ADA } });
  const [ada, other, ...more] = (await recorded(server)) as unknown as { context: Record<string, string> }[];
  const { targetingKey, userId, companyId, deviceId, ...plain } = ada?.context ?? {};
  assert.equal(plain, { country: 'DE', 'app.version': '2.4.0' });
  for (const hash of [targetingKey, userId, companyId, deviceId]) assert.match(hash ?? '', /^[\w-]{22}$/);
  assert.is(new Set([targetingKey, userId, companyId, deviceId]).size, 4);
  assert.is(other?.context.deviceId, deviceId, 'the same value is the same hash');
  assert.equal(more, []);
  assert.equal(
    { ...ada, context: null },
    { org: 'acme', project: 'web-app', environment: 'production', context: null, count: 2 },
  );
  const [file] = await new ContextFiles({ stateDir: stateOf(server) }).list();
  assert.not.match(readFileSync(file?.path ?? '', 'utf8'), /planted|ada@/);
  assert.is(statSync(file?.path ?? '').mode & 0o077, 0);
  assert.is(await server.repository.git('status', '--porcelain', '--ignored'), '');
});

recording('is off by default, in other environments, and where the operator says so', async (place) => {
  for (const [more, options] of [
    ['', {}],
    ['recording: { development: { percentage: 100 } }\n', {}],
    ['recording: { production: { percentage: 0 } }\n', {}],
    [ALL, { recordsContexts: false }],
    [ALL, { worktree: true }],
    [ALL, { ref: 'main' }],
  ] as const) {
    const server = await serve(place, filesWith(more), options);
    await server.ask(SINGLE, { body: { context: ADA } });
    assert.equal(await recorded(server), [], more);
    assert.is(existsSync(join(stateOf(server), 'contexts')), false);
  }
});

recording('follows the project’s file, and has nothing of what was asked of the past', async (place) => {
  const server = await serve(place, filesWith(''));
  await server.ask(SINGLE, { body: { context: { country: 'AT' } } });
  const head = await server.repository.commit(filesWith(ALL));
  const asked = { body: { context: { country: 'DE' } }, headers: { 'Flagstaff-Min-Revision': head } };
  await server.ask(SINGLE, asked);
  await server.ask(`${SINGLE}?at=HEAD~1`, { body: { context: { country: 'FR' } } });
  assert.equal(
    (await recorded(server)).map(({ context }) => context),
    [{ country: 'DE' }],
  );
});

recording('takes the share that is wanted, and no more than it has time for', async () => {
  const server = await serveFiles(filesWith(ALL.replace('100', '25')));
  const { repository } = server;
  await server.close();
  const target = await targetOf(repository.dir);
  const stateDir = join(repository.dir, '.git', 'flagstaff');
  let turn = 0;
  const chance = () => {
    turn += 1;
    return (turn % 100) / 100;
  };
  const options = { repository: { stateDir }, isOn: true, chance, log: assert.unreachable };
  const recorder = openRecorder(options);
  for (let number = 0; number < 400; number += 1) recorder.note(target, { targetingKey: `u-${number}` });
  await recorder.close();
  const [file] = await new ContextFiles({ stateDir }).list();
  assert.is(linesOf(file?.path ?? '').length, 100);
  const busy = openRecorder({ ...options, chance: () => 0 });
  for (let number = 0; number < 5_000; number += 1) busy.note(target, { targetingKey: `v-${number}` });
  await busy.close();
  assert.is(linesOf(file?.path ?? '').length, 1_100);
});

recording('a disk that takes nothing stops no answer, and is told once', async (place) => {
  const server = await serve(place, filesWith(ALL));
  writeFileSync(join(stateOf(server), 'contexts'), 'no folder');
  for (let round = 0; round < 3; round += 1) {
    const { status } = await server.ask(SINGLE, { body: { context: ADA } });
    assert.is(status, 200);
  }
  await server.running.close();
  assert.is(server.log.filter((line) => line.includes('contexts are not recorded')).length, 1);
});

recording('values that are no small ones are left out, and what every object inherits', async (place) => {
  const names = ['long', 'nested', 'many', 'none', 'constructor', 'toString', 'list'];
  const more = `recording: { production: { percentage: 100, attributes: [${names.join(', ')}] } }\n`;
  const server = await serve(place, filesWith(more));
  const body = `{"context":{"long":"${'x'.repeat(201)}","nested":{"a":1},"many":[${'1,'.repeat(20)}1],"none":null,"list":["a\\n",1]}}`;
  await server.ask(SINGLE, { body });
  const [line] = await recorded(server);
  assert.is(JSON.stringify(line?.context), '{"list":["a\\n",1]}');
});

recording('a disk that hangs keeps neither the end nor the memory (P20)', async () => {
  const server = await serveFiles(filesWith(ALL));
  await server.close();
  const target = await targetOf(server.repository.dir);
  const stateDir = stateOf(server);
  const batches: (readonly ContextLines[])[] = [];
  const begun = new Signal();
  const append = (batch: readonly ContextLines[]): Promise<never> => {
    batches.push(batch);
    begun.give();
    return new Promise(() => undefined);
  };
  const log: string[] = [];
  const options = { repository: { stateDir }, isOn: true, chance: () => 0 };
  const recorder = openRecorder({ ...options, files: { append }, log: (line) => log.push(line) });
  recorder.note(target, { country: 'DE' });
  const alive = setInterval(() => undefined, 1_000);
  await begun.given;
  let read = 0;
  const context = {
    get country() {
      read += 1;
      return 'FR';
    },
  };
  for (let number = 0; number < 5_000; number += 1) recorder.note(target, context);
  assert.is(read, 1_000, 'the rest is left out');
  const later = new Signal();
  const other = openRecorder({
    ...{ ...options, log: assert.unreachable },
    files: {
      append: async () => {
        later.give();
        return [];
      },
    },
  });
  other.note(target, { country: 'DE' });
  await later.given;
  clearInterval(alive);
  await recorder.close();
  assert.equal([batches.length, log], [1, ['contexts are not recorded: the disk does not answer']]);
});

recording('what is large is cut: a context to 4,000 characters, whom it is of first (P13)', async (place) => {
  const names = Array.from({ length: 100 }, (_, index) => `a${index}`);
  const more = `recording: { production: { percentage: 100, attributes: [${names.join(', ')}] } }\n`;
  const server = await serve(place, filesWith(more));
  const large = Object.fromEntries(names.map((name) => [name, Array(20).fill('x'.repeat(150))]));
  await server.ask(SINGLE, { body: { context: { ...large, userId: 'u'.repeat(900), a7: 1 } } });
  const [line] = (await recorded(server)) as unknown as { context: Record<string, unknown> }[];
  assert.equal(Object.keys(line?.context ?? {}), ['userId', 'a0', 'a7']);
});

/** Something that happens once. */
class Signal {
  give: () => void = () => undefined;
  readonly given = new Promise<void>((fulfil) => {
    this.give = fulfil;
  });
}

/** What a server would put a question to. */
async function targetOf(dir: string) {
  const cache = await openCache({ repository: await openRepository(dir) });
  await cache.ready;
  const served = cache.orgs.get('acme');
  const environment = served?.projects.get('web-app')?.environments.get('production');
  await cache.close();
  if (served === undefined || environment === undefined) throw new Error('nothing is served');
  return { served, environment };
}

recording.run();
