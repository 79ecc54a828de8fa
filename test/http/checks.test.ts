import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { PROJECT } from './admin/sample.js';
import { CHANGES, CHECKOUT, changeSet, errorOf, FLAGS, RICH_FILES } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
const test = suite<Context>('writes and the policy of the repository');

const CONFIG = `checks: { REBUCKETED: error }
policy: { ramp: { points: 20, environments: [production] }, names: { flags: '^[a-z-]+$' } }
`;
const RAMP = { kind: 'rule.update', flag: 'checkout', rule: 'canary', patch: { percentage: 50 } };
const SALT = { kind: 'flag.update', flag: 'checkout', patch: { salt: 'v2' } };

test.before.each(async (context) => {
  context.server = await serveFiles({ ...RICH_FILES, '.flagstaff.yaml': CONFIG });
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

test('a steep ramp is written, and the answer asks for a second person', async ({ server, token }) => {
  const dry = await changeSet(server, token, { changes: [RAMP], more: { dryRun: true } });
  const written = await changeSet(server, token, { changes: [RAMP] });
  for (const [answer, status] of [
    [dry, 200],
    [written, 201],
  ] as const) {
    assert.is(answer.status, status, answer.text);
    const { warnings } = answer.body as { warnings: readonly Record<string, unknown>[] };
    assert.equal(
      warnings.map(({ path, line, code, severity, needsApproval }) => ({
        path,
        line,
        code,
        severity,
        needsApproval,
      })),
      [{ path: CHECKOUT, line: 11, code: 'RAMP_TOO_STEEP', severity: 'warning', needsApproval: true }],
    );
  }
});

test('what a check at level error says refuses a write in each dialect: 422, and a dry run shows it', async ({
  server,
  token,
}) => {
  const head = await server.repository.head();
  const dry = await changeSet(server, token, { changes: [SALT], more: { dryRun: true } });
  const { problems } = dry.body as { problems: readonly Record<string, unknown>[] };
  assert.equal(
    problems.map(({ code, severity }) => [code, severity]),
    [['REBUCKETED', 'error']],
  );
  const refused = await changeSet(server, token, { changes: [SALT] });
  assert.is(refused.status, 422);
  assert.is(errorOf(refused).code, 'INVALID_FLAG_FILES');
  const body = { feature_key: 'Bad_Key', org_id: 'acme' };
  const named = await server.ask(FLAGS, { token, body });
  assert.is(named.status, 422, named.text);
  assert.match(named.text, /NAME_PATTERN/);
  assert.is(await server.repository.head(), head);
});

test('every dialect says in a header what a write is warned of: codes, how many, who is to agree', async ({
  server,
  token,
}) => {
  const writes: readonly (readonly [string, string, object])[] = [
    ['PUT', `${FLAGS}/shared?org_id=acme`, { is_enabled: true }],
    ['PUT', `${PROJECT}/environments/production/flags/no-value`, { serve: { variant: 'on' } }],
    ['PUT', '/api/admin/config/features/shared', { isEnabled: true }],
    ['POST', CHANGES, { org_id: 'acme', changes: [RAMP] }],
  ];
  const root = await tokenOf({ sub: 'root', email: 'root@example.com', superAdmin: true });
  for (const [method, path, body] of writes) {
    const who = path.includes('/config/') ? root : token;
    const { status, headers, text } = await server.ask(path, { token: who, method, body });
    assert.ok(status < 300, text);
    assert.is(headers['flagstaff-warnings'], 'RAMP_TOO_STEEP;count=1;needs-approval', path);
    await server.repository.git('checkout', '--quiet', 'HEAD~1', '--', 'flags');
    await server.repository.git('commit', '--quiet', '--message', 'as it was');
  }
  await server.repository.commit({
    '.flagstaff.yaml': CONFIG.replace('REBUCKETED: error', 'UNTESTED: warning'),
  });
  const rules = ['AT', 'CH'].map((equals) => ({ id: equals, when: [{ attribute: 'country', equals }] }));
  const kept = { id: 'germans', when: [{ attribute: 'country', equals: 'DE' }] };
  const canary = { id: 'canary', percentage: 50 };
  const patch = { environments: { production: { rules: [kept, ...rules, canary] } } };
  const added = await changeSet(server, token, {
    changes: [{ kind: 'flag.update', flag: 'checkout', patch }],
  });
  assert.is(
    added.headers['flagstaff-warnings'],
    'RAMP_TOO_STEEP;count=1;needs-approval, UNTESTED;count=2',
    added.text,
  );
  const quiet = await changeSet(server, token, { changes: [{ kind: 'flag.kill', flag: 'checkout' }] });
  assert.is(quiet.headers['flagstaff-warnings'], undefined);
});

test('a switch passes a ramp at level error, and carries none past it', async ({ server, token }) => {
  await server.repository.commit({ '.flagstaff.yaml': CONFIG.replace('REBUCKETED', 'RAMP_TOO_STEEP') });
  const refused = await changeSet(server, token, { changes: [RAMP] });
  assert.is(refused.status, 422, refused.text);
  const kill = { kind: 'flag.kill', flag: 'checkout' };
  assert.is((await changeSet(server, token, { changes: [kill] })).status, 201);
  const hidden = await changeSet(server, token, { changes: [RAMP] });
  assert.is(hidden.status, 422, 'what is killed comes back as it was');
  const unkill = { kind: 'flag.unkill', flag: 'checkout' };
  assert.is((await changeSet(server, token, { changes: [unkill, RAMP] })).status, 422);
  assert.is((await changeSet(server, token, { changes: [unkill] })).status, 201);
});

test.run();
