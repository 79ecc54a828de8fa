import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { changeSet, FLAGS, RICH_FILES } from './change-sample.js';

interface Context {
  server: TestServer;
  token: string;
}
interface Line {
  readonly part: Readonly<Record<string, string>>;
  readonly environment: string | null;
  readonly sentence: string;
  readonly commit: string;
  readonly author: { readonly name: string };
  readonly subject: string;
  readonly reason: string | null;
}
const test = suite<Context>('blame');

test.before.each(async (context) => {
  context.server = await serveFiles(RICH_FILES);
  context.token = await tokenOf();
});
test.after.each(({ server }) => server.close());

async function blame({ server, token }: Context): Promise<readonly Line[]> {
  const { status, body } = await server.ask(`${FLAGS}/checkout/blame`, { token });
  assert.is(status, 200);
  return (body as { data: readonly Line[] }).data;
}

test('each rule, override and attachment names who changed it last, and why', async (context) => {
  const { server, token } = context;
  const start = await server.repository.head();
  const canary = { kind: 'rule.update', flag: 'checkout', rule: 'canary', patch: { percentage: 20 } };
  await changeSet(server, await tokenOf({ name: 'Ana', email: 'ana@example.com', superAdmin: true }), {
    changes: [canary],
    more: { reason: 'it works' },
  });
  const changed = await server.repository.head();
  await server.ask(`${FLAGS}/checkout/kill`, { token, body: { reason: 'payments fail' } });
  const killed = await server.repository.head();
  const lines = await blame(context);
  const lineOf = (kind: string, name: string) =>
    lines.find(({ part }) => part.kind === kind && Object.values(part).includes(name));
  assert.is(lineOf('rule', 'canary')?.commit, changed);
  assert.is(lineOf('rule', 'canary')?.author.name, 'Ana');
  assert.is(lineOf('rule', 'canary')?.reason, 'it works');
  assert.match(String(lineOf('rule', 'canary')?.sentence), /20 %/);
  assert.is(lineOf('rule', 'germans')?.commit, start);
  assert.is(lineOf('attachment', 'pros')?.commit, start);
  assert.is(lineOf('override', 'company-9')?.commit, start);
  assert.is(lineOf('field', 'killed')?.commit, killed);
  assert.is(lineOf('field', 'killed')?.reason, 'payments fail');
  assert.is(lineOf('field', 'killed')?.environment, 'production');
});

test('a commit that says the same in another layout is blamed for nothing', async (context) => {
  const { server, token } = context;
  const before = await blame(context);
  const path = 'flags/acme/web-app/overrides/checkout.yaml';
  await server.repository.commit({ [path]: `# exceptions\n${RICH_FILES[path]}` }, 'a comment');
  await server.ask(`${FLAGS}/load/acme`, { method: 'POST', token });
  assert.equal(await blame(context), before);
});

test('a flag that is gone has nothing to blame anybody for', async (context) => {
  const { server, token } = context;
  await server.ask(`${FLAGS}/checkout`, { method: 'DELETE', token });
  assert.equal(await blame(context), []);
});

test.run();
