import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonObject } from '../../../src/model/values.js';
import { until } from '../../support/until.js';
import { PROJECT, RULES } from './sample.js';
import { FLAG_PATH, objectOf, rulesFileWith, type Serving, serving } from './serving.js';

const test = suite<Serving>('audit log');
const LOG = `${PROJECT}/audit-log`;

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

interface Entry {
  readonly id: string;
  readonly user: JsonObject;
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: number; readonly key: string };
  readonly environment: { readonly key: string } | null;
  readonly changes: Readonly<Record<string, { before: unknown; after: unknown }>>;
  readonly commit: string;
  readonly reason: string | null;
  readonly message: string;
}

interface Log {
  readonly entries: readonly Entry[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

async function logOf({ server, marc }: Serving, query = ''): Promise<Log> {
  const { status, body } = await server.ask(`${LOG}${query}`, { token: marc });
  assert.is(status, 200);
  return body as Log;
}

/** Writes files, and commits them with the git program. */
async function commitByGit({ server }: Serving, files: Readonly<Record<string, string>>, message: string) {
  const { dir, git } = server.repository;
  for (const [path, text] of Object.entries(files)) await writeFile(join(dir, path), text);
  await git('add', '.');
  await git('commit', '-q', '-m', message);
  const head = await server.repository.head();
  await until(async () => objectOf(await server.ask('/health')).revision === head);
  return head;
}

const named = ({ action, resource, environment }: Entry) => [
  action,
  resource.type,
  resource.key,
  environment?.key ?? null,
];

test('a commit by the git program is told with before and after per field (004: audit log)', async (context) => {
  const text = rulesFileWith(
    ['description: Redesigned checkout page', 'description: The new checkout'],
    ['percentage: 12.5', 'percentage: 20'],
    ['    enabled: true\n    segments: [beta', '    enabled: false\n    segments: [beta'],
  );
  const head = await commitByGit(context, { [FLAG_PATH]: text }, 'Slow down\n\nUntil Monday.');
  const { entries, limit, offset } = await logOf(context, '?flagId=new-checkout');
  assert.equal([limit, offset], [50, 0]);
  const [first, second] = entries;
  assert.equal(first?.changes, {
    description: { before: 'Redesigned checkout page', after: 'The new checkout' },
  });
  assert.equal(first && named(first), ['FLAG_UPDATED', 'flag', 'new-checkout', null]);
  assert.equal(second?.changes, {
    enabled: { before: true, after: false },
    'rules.canary.percentage': { before: 12.5, after: 20 },
  });
  assert.equal(second && named(second), ['FLAG_RULES_UPDATED', 'flag', 'new-checkout', 'production']);
  assert.equal(second?.user.id, second?.user.email, 'git knows no other name');
  assert.equal([second?.commit, second?.reason, second?.message], [head, null, 'Until Monday.']);
  assert.equal(
    entries.slice(0, 2).map(({ id }) => id.replace(head, '')),
    ['-1', '-2'],
  );
  const flag = objectOf(await context.server.ask(RULES, { token: context.marc }));
  assert.is(second?.resource.id, flag.flagId);
});

test('a write over REST is told with who, why and what (004)', async (context) => {
  const { server, ana } = context;
  const body = { enabled: false, reason: 'payments fail', message: 'Since noon.' };
  const { headers } = await server.ask(RULES, { token: ana, method: 'PUT', body });
  const [entry] = (await logOf(context)).entries;
  assert.is(entry?.commit, headers['flagstaff-commit']);
  assert.equal(entry?.user, { id: 'ana', email: 'ana@example.com', name: 'Ana' });
  assert.equal(
    [entry?.action, entry?.reason, entry?.message],
    ['FLAG_DISABLED', 'payments fail', 'Since noon.'],
  );
  assert.equal(entry?.changes, { enabled: { before: true, after: false } });
  for (const userId of ['ana', 'ANA@example.com']) {
    assert.is((await logOf(context, `?userId=${userId}`)).total, 1, userId);
  }
  assert.is((await logOf(context, '?userId=nobody')).total, 0);
});

const ACTIONS: readonly (readonly [object, string])[] = [
  [{ kind: 'flag.kill', flag: 'layout' }, 'FLAG_KILLED'],
  [{ kind: 'flag.unkill', flag: 'layout' }, 'FLAG_UNKILLED'],
  [{ kind: 'flag.create', flag: 'fresh', file: { environments: {} } }, 'FLAG_CREATED'],
  [{ kind: 'flag.delete', flag: 'fresh' }, 'FLAG_DELETED'],
  [
    { kind: 'override.create', flag: 'layout', entry: { users: ['u-1'], environments: ['production'] } },
    'OVERRIDE_CREATED',
  ],
  [
    { kind: 'override.update', flag: 'layout', name: { user: 'u-1' }, patch: { reason: 'dogfood' } },
    'OVERRIDE_UPDATED',
  ],
  [{ kind: 'override.delete', flag: 'layout', names: [{ user: 'u-1' }] }, 'OVERRIDE_DELETED'],
  [{ kind: 'segment.create', segment: 'fresh', file: { include: { users: ['u-1'] } } }, 'SEGMENT_CREATED'],
  [{ kind: 'segment.update', segment: 'fresh', patch: { active: false } }, 'SEGMENT_UPDATED'],
  [{ kind: 'segment.delete', segment: 'fresh' }, 'SEGMENT_DELETED'],
  [{ kind: 'rule.delete', flag: 'new-checkout', rule: 'nobody' }, 'FLAG_RULES_UPDATED'],
];

test('each kind of change has its action (004)', async (context) => {
  const { server, marc } = context;
  for (const [change, action] of ACTIONS) {
    const body = { org_id: 'acme', changes: [{ project: 'web-app', ...change }] };
    assert.is((await server.ask('/api/v1/changes', { token: marc, body })).status, 201, action);
    const [entry] = (await logOf(context, '?limit=1')).entries;
    assert.is(entry?.action, action);
  }
  const segment = (await logOf(context, '?limit=4')).entries[2];
  assert.equal(segment?.changes, { isActive: { before: true, after: false } });
});

test('projects, environments and API keys are in the log, the organization and other projects are not', async (context) => {
  const key = {
    name: 'browsers',
    kind: 'client',
    environment: 'production',
    hash: '0'.repeat(64),
    prefix: 'fs_client_a',
  };
  const keys = (entry: object) => `${JSON.stringify([entry])}\n`;
  const place = 'flags/acme/web-app/';
  await commitByGit(
    context,
    {
      [`${place}project.yaml`]: 'name: Web\nenvironments: [development, staging, production]\n',
      [`${place}keys.yaml`]: keys(key),
      'flags/acme/org.yaml':
        'id: org-456\nname: Acme!\nmembers: [{ email: marc@example.com, permissions: ["org:admin"] }]\n',
      'flags/globex/org.yaml': 'name: Globex!\n',
    },
    'Open staging',
  );
  assert.equal((await logOf(context, '?limit=3')).entries.map(named).sort(), [
    ['API_KEY_CREATED', 'api-key', 'browsers', 'production'],
    ['ENVIRONMENT_CREATED', 'environment', 'staging', null],
    ['PROJECT_UPDATED', 'project', 'web-app', null],
  ]);
  const next = { ...key, hash: '1'.repeat(64), prefix: 'fs_client_b', id: 'key_1' };
  await commitByGit(context, { [`${place}keys.yaml`]: keys({ ...key, id: 'key_1' }) }, 'Name the key');
  await commitByGit(context, { [`${place}keys.yaml`]: keys(next) }, 'Rotate');
  const { entries } = await logOf(context, '?limit=1');
  assert.is(entries[0]?.action, 'API_KEY_ROTATED');
  assert.not.ok(JSON.stringify(await logOf(context)).includes('0'.repeat(64)), 'no hash is told (P18)');
});

test('what moved is told with all that it moved among', async (context) => {
  const { server, ana } = context;
  const ruleIds = ['canary', 'german-pros', 'halves', 'nobody'];
  await server.ask(`${RULES}/reorder`, { token: ana, body: { ruleIds } });
  const [entry] = (await logOf(context)).entries;
  const before = ['german-pros', 'canary', 'halves', 'nobody'];
  assert.equal(entry?.changes, { rules: { before, after: ruleIds } });
});

test('total, limit and offset count entries, and an entry has one id in every log (004)', async (context) => {
  const text = rulesFileWith(
    ['description: Redesigned checkout page', 'description: Other'],
    ['development: { enabled: true }', 'development: { enabled: false }'],
    ['percentage: 12.5', 'percentage: 20'],
  );
  const layout = 'environments:\n  production: { enabled: false }\n';
  await commitByGit(context, { [FLAG_PATH]: text, 'flags/acme/web-app/flags/layout.yaml': layout }, 'Four');
  const all = await logOf(context, '?limit=200');
  assert.is(all.total, all.entries.length);
  assert.is(new Set(all.entries.map(({ id }) => id)).size, all.total);
  const pages: Entry[] = [];
  for (let offset = 0; offset < all.total; offset += 3) {
    const page = await logOf(context, `?limit=3&offset=${offset}`);
    assert.equal([page.total, page.limit, page.offset], [all.total, 3, offset]);
    pages.push(...page.entries);
  }
  assert.equal(pages, all.entries);
  const own = await logOf(context, '?flagId=new-checkout&limit=200');
  assert.equal(
    own.entries,
    all.entries.filter(({ resource }) => resource.key === 'new-checkout'),
  );
  assert.is(own.total, own.entries.length);
  assert.equal((await logOf(context, '?flagId=new-checkout&limit=1&offset=2')).entries, [own.entries[2]]);
  assert.equal(
    (await logOf(context, `?flagId=${own.entries[0]?.resource.id}`)).entries,
    own.entries,
    'by number',
  );
});

test('a flag that is gone is still in the log, by its key', async (context) => {
  const { server, marc } = context;
  const changes = [{ project: 'web-app', kind: 'flag.delete', flag: 'theme' }];
  await server.ask('/api/v1/changes', { token: marc, body: { org_id: 'acme', changes } });
  const { entries, total } = await logOf(context, '?flagId=theme');
  assert.equal([total, entries.map(({ action }) => action)], [2, ['FLAG_DELETED', 'FLAG_CREATED']]);
  assert.equal(entries[1]?.changes.type, { before: null, after: 'string' });
  assert.is((await logOf(context, '?flagId=1')).total, 0);
});

test('history that is written anew is counted anew', async (context) => {
  const { repository } = context.server;
  const { total } = await logOf(context);
  await commitByGit(context, { [FLAG_PATH]: rulesFileWith(['12.5', '20']) }, 'One more');
  assert.is((await logOf(context)).total, total + 1);
  await repository.git('reset', '-q', '--hard', 'HEAD~1');
  const head = await repository.head();
  const isServed = async () => objectOf(await context.server.ask('/health')).revision === head;
  await until(isServed);
  assert.is((await logOf(context)).total, total);
});

test('P21: each entry names a commit that git shows, and no commit is left out', async (context) => {
  const { repository } = context.server;
  await commitByGit(context, { [FLAG_PATH]: rulesFileWith(['12.5', '20']) }, 'One');
  await commitByGit(context, { [FLAG_PATH]: rulesFileWith(['12.5', '30']) }, 'Two');
  const { entries } = await logOf(context, '?limit=200');
  const shown = [...new Set(entries.map(({ commit }) => commit))];
  assert.is(shown.join('\n'), await repository.git('log', '--format=%H', '--', 'flags/acme/web-app'));
});

test('the log is for members of the project, and its parameters are checked (004)', async ({
  server,
  ana,
  lee,
  marc,
}) => {
  assert.is((await server.ask(LOG, { token: lee })).status, 200);
  assert.is((await server.ask(LOG, { token: ana })).status, 403);
  for (const query of ['limit=0', 'limit=201', 'offset=-1', 'flagId=..', 'userId=', 'user=x']) {
    assert.is((await server.ask(`${LOG}?${query}`, { token: marc })).status, 400, query);
  }
});

test.run();
