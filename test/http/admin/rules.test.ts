import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonObject } from '../../../src/model/values.js';
import { PROJECT, RULES, RULES_FILE } from './sample.js';
import {
  codeOf,
  FLAG_PATH,
  fileOf,
  objectOf,
  rulesFileWith,
  type Serving,
  sentenceOf,
  serving,
} from './serving.js';

const test = suite<Serving>('flag rules');

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

interface Body extends JsonObject {
  readonly rules: readonly JsonObject[];
}

async function bodyOf({ server, marc }: Serving): Promise<Body> {
  return objectOf(await server.ask(RULES, { token: marc })) as Body;
}

test('GET shows all that decides in an environment, in the words of seed 004', async ({ server, lee }) => {
  const { status, headers, body } = await server.ask(RULES, { token: lee });
  assert.is(status, 200);
  assert.is(headers.etag, `"${await server.repository.git('rev-parse', `HEAD:${FLAG_PATH}`)}"`);
  const { rules, flagId, environmentId, ...state } = body as Body;
  assert.type(flagId, 'number');
  assert.type(environmentId, 'number');
  assert.equal(state, {
    flagKey: 'new-checkout',
    environmentKey: 'production',
    enabled: true,
    killed: false,
    serve: { variant: 'off' },
    offVariant: null,
    segments: [{ segment: 'beta-testers', serve: { variant: 'on' } }],
    requires: [{ flag: 'layout', variant: 'on' }],
  });
  assert.equal(
    rules.map(({ id, percentage, bucketBy, serve }) => ({ id, percentage, bucketBy, serve })),
    [
      { id: 'german-pros', percentage: null, bucketBy: null, serve: { variant: 'on' } },
      { id: 'canary', percentage: 12.5, bucketBy: 'companyId', serve: { variant: 'on' } },
      {
        id: 'halves',
        percentage: null,
        bucketBy: null,
        serve: {
          split: [
            { variant: 'off', weight: 1 },
            { variant: 'on', weight: 3 },
          ],
        },
      },
      { id: 'nobody', percentage: null, bucketBy: null, serve: { none: true } },
    ],
  );
});

test('numbers and keys name the same flag and environment (DESIGN 7)', async ({ server, marc }) => {
  const { flagId, environmentId } = objectOf(await server.ask(RULES, { token: marc }));
  const byNumber = await server.ask(`${PROJECT}/environments/${environmentId}/flags/${flagId}/rules`, {
    token: marc,
  });
  assert.is(byNumber.status, 200);
  assert.is(objectOf(byNumber).flagKey, 'new-checkout');
});

test('PUT of what GET gave makes no commit (004: rules round-trip)', async (context) => {
  const { server, ana } = context;
  const head = await server.repository.head();
  const { status, headers, body } = await server.ask(RULES, {
    token: ana,
    method: 'PUT',
    body: await bodyOf(context),
  });
  assert.is(status, 200);
  assert.is(headers['flagstaff-changed'], 'false');
  assert.equal(body, await bodyOf(context));
  assert.is(await server.repository.head(), head);
});

test('PUT writes only what differs: comments, and what JSON has no words for, stay (004: neither lost nor hidden)', async (context) => {
  const { server, ana } = context;
  const sent = await bodyOf(context);
  const [first, canary, halves, nobody] = sent.rules;
  const rules = [first, { ...canary, percentage: 20 }, halves, nobody];
  const { status } = await server.ask(RULES, { token: ana, method: 'PUT', body: { ...sent, rules } });
  assert.is(status, 200);
  assert.is(fileOf(server), rulesFileWith(['percentage: 12.5', 'percentage: 20']));
});

test('PUT replaces all rules: new ones come, others go, some move, and the rest stay as they are (004)', async (context) => {
  const { server, marc } = context;
  const sent = await bodyOf(context);
  const [german, canary, halves] = sent.rules;
  const made = {
    conditions: [{ attribute: 'plan', operator: 'IN', value: ['pro'] }],
    description: 'All pros',
  };
  const rules = [halves, made, german, { ...canary, description: null, serve: { value: false } }];
  const { status, body } = await server.ask(RULES, { token: marc, method: 'PUT', body: { rules } });
  assert.is(status, 200);
  const written = (body as Body).rules;
  assert.equal(
    written.map(({ id }) => id),
    ['halves', 'all-pros', 'german-pros', 'canary'],
  );
  assert.equal(written[3]?.serve, { variant: 'off' });
  const text = fileOf(server);
  assert.ok(text.includes('      # Legal said yes to these on the 3rd.\n      - id: german-pros\n'));
  assert.ok(text.includes('{ equals: pro, attribute: plan }'), 'the author’s order of fields stays');
  assert.ok(text.includes('companyId, serve: "off" } # slowly'));
  assert.not.ok(text.includes('id: nobody'));
  assert.is((await server.repository.git('log', '--format=%H')).split('\n').length, 2, 'one commit');
  const again = await server.ask(RULES, { token: marc, method: 'PUT', body: { rules } });
  assert.is(again.headers['flagstaff-changed'], 'false', 'a rule without an id is the same one again');
});

test('PUT changes the state that it names, and leaves the rest (004)', async ({ server, ana }) => {
  const body = {
    enabled: false,
    serve: {
      split: [
        { variant: 'off', weight: 9 },
        { variant: 'on', weight: 1 },
      ],
    },
    offVariant: 'off',
    segments: [{ segment: 'internal' }, { segment: 'beta-testers' }],
    requires: null,
  };
  const { status } = await server.ask(RULES, { token: ana, method: 'PUT', body });
  assert.is(status, 200);
  const expected = rulesFileWith(
    ['  production:\n    enabled: true', '  production:\n    enabled: false\n    offVariant: "off"'],
    ['[beta-testers] # asked for it\n    requires: [layout]\n', '[internal, beta-testers] # asked for it\n'],
    ['    serve: off # for the rest\n', '    serve: { "off": 9, "on": 1 } # for the rest\n'],
  );
  assert.is(fileOf(server), expected);
});

test('an environment that the file does not name gets its block, switched off', async ({ server, marc }) => {
  const path = `${PROJECT}/environments/development/flags/layout/rules`;
  const before = await server.ask(path, { token: marc });
  assert.equal(objectOf(before).rules, []);
  const same = await server.ask(path, { token: marc, method: 'PUT', body: before.body });
  assert.is(same.headers['flagstaff-changed'], 'false');
  const body = { serve: { variant: 'off' }, rules: [{ id: 'pros', conditions: [] }] };
  assert.is((await server.ask(path, { token: marc, method: 'PUT', body })).status, 200);
  assert.is(
    fileOf(server, 'flags/acme/web-app/flags/layout.yaml'),
    'environments:\n  production: { enabled: true }\n  development:\n    enabled: false\n    rules:\n      - { id: pros }\n    serve: "off"\n',
  );
});

test('many changes of rules are one of the list: what stays keeps its lines and comments', async (context) => {
  const { server, ana, marc } = context;
  const sent = await bodyOf(context);
  const many = Array.from({ length: 40 }, (_, number) => ({ id: `more-${number}`, percentage: number }));
  const [german, canary, halves] = sent.rules;
  const rules = [german, { ...canary, bucketBy: null }, ...many, halves];
  const { status, body } = await server.ask(RULES, { token: ana, method: 'PUT', body: { rules } });
  assert.is(status, 200);
  assert.equal(
    (body as Body).rules.map(({ id }) => id),
    rules.map((rule) => rule?.id),
  );
  const [top = ''] = RULES_FILE.split('      - { id: canary');
  const text = fileOf(server);
  assert.ok(text.startsWith(`${top}      - { id: canary, percentage: 12.5 } # slowly\n`), text);
  assert.is((await server.repository.git('log', '--format=%H')).split('\n').length, 2, 'one commit');
  const fresh = `${PROJECT}/environments/development/flags/theme/rules`;
  const served = many.map((rule) => ({ ...rule, serve: { variant: 'dark' } }));
  const state = { serve: { variant: 'plain' }, rules: served };
  assert.is((await server.ask(fresh, { token: marc, method: 'PUT', body: state })).status, 200);
  const { enabled, rules: made } = objectOf(await server.ask(fresh, { token: marc })) as Body;
  assert.equal([enabled, made.length], [false, 40]);
});

test('POST reorder brings all rules into another order, with their comments', async ({ server, ana }) => {
  const ruleIds = ['canary', 'german-pros', 'halves', 'nobody'];
  const { status, body } = await server.ask(`${RULES}/reorder`, { token: ana, body: { ruleIds } });
  assert.is(status, 200);
  assert.equal(
    (body as Body).rules.map(({ id }) => id),
    ruleIds,
  );
  const [german, canary] = [fileOf(server).indexOf('# Legal said'), fileOf(server).indexOf('# slowly')];
  assert.ok(canary < german);
});

test('POST reorder wants exactly the rules that are there', async ({ server, ana }) => {
  for (const ruleIds of [[], ['canary'], ['canary', 'canary', 'halves', 'nobody'], [1, 2, 3, 4]]) {
    const answered = await server.ask(`${RULES}/reorder`, { token: ana, body: { ruleIds } });
    assert.is(answered.status, 400);
    assert.is(sentenceOf(answered), 'ruleIds: wanted each of german-pros, canary, halves, nobody once');
  }
});

test('If-Match decides before everything else (P12)', async ({ server, ana }) => {
  const body = { enabled: false };
  const stale = { 'If-Match': '"257cc5642cb1a054f08cc83f2d943e56fd3ebe99"' };
  const refused = await server.ask(RULES, { token: ana, method: 'PUT', body, headers: stale });
  assert.is(refused.status, 412);
  assert.is(fileOf(server), RULES_FILE);
  const { headers } = await server.ask(RULES, { token: ana });
  const fresh = { 'If-Match': String(headers.etag) };
  assert.is((await server.ask(RULES, { token: ana, method: 'PUT', body, headers: fresh })).status, 200);
});

test('of writes that meet, each is worked out from what the one before it left', async (context) => {
  const { server, ana } = context;
  const sent = await bodyOf(context);
  const answers = await Promise.all(
    sent.rules.map(({ id }) => {
      const rules = sent.rules.filter((rule) => rule.id === id);
      return server.ask(RULES, { token: ana, method: 'PUT', body: { rules } });
    }),
  );
  const whole = answers.filter(({ status }) => status === 200);
  assert.is(whole.length, answers.length);
  assert.is((await bodyOf(context)).rules.length, 1, 'each PUT replaces all');
});

test('a kill that came since the caller read is not released by a PUT (DESIGN 6)', async (context) => {
  const { server, ana, marc } = context;
  const sent = await bodyOf(context);
  const kill = { kind: 'flag.kill', flag: 'new-checkout' };
  await server.ask('/api/v1/changes', { token: marc, body: { org_id: 'acme', changes: [kill] } });
  const refused = await server.ask(RULES, { token: ana, method: 'PUT', body: sent });
  assert.is(refused.status, 409);
  assert.is(codeOf(refused), 'FLAG_KILLED');
  assert.is((await bodyOf(context)).killed, true);
});

test('a reason and a message of a write stay in its commit', async ({ server, ana }) => {
  const body = { enabled: false, reason: 'payments fail', message: 'Since noon.' };
  await server.ask(RULES, { token: ana, method: 'PUT', body });
  const message = await server.repository.git('log', '-1', '--format=%an%n%B');
  assert.match(message, /^Ana\n/);
  assert.match(message, /\nSince noon\.\n/);
  assert.match(message, /\nFlagstaff-Reason: payments fail/);
});

test.run();
