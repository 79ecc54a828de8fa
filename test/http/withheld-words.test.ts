import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { emailOf, MATRIX_FILES } from './matrix-files.js';

interface Context {
  server: TestServer;
  /** It touched both organizations. */
  both: string;
}
const test = suite<Context>('the words of commits that touch several organizations (P15)');

const FLAGS = '/api/v1/feature-flags';
const CHANGES = '/api/v1/changes';
const AUDIT = '/api/admin/projects/web-app/audit-log';
const SECRET = /merger/;
const MESSAGE =
  'the merger with initech\n\nglobex: the merger starts in May\n\nFlagstaff-Reason: merger\nFlagstaff-Force: merger';
const BANNER = 'web-app/flags/banner.yaml';
const WITHHELD = /withheld: the commit also touches other organizations/;

test.before.each(async (context) => {
  context.server = await serveFiles(MATRIX_FILES);
  const { repository } = context.server;
  await repository.git('checkout', '--quiet', '-b', 'branch');
  context.both = await repository.commit(
    { [`flags/acme/${BANNER}`]: banner('acme', 'FR'), [`flags/globex/${BANNER}`]: banner('globex', 'FR') },
    MESSAGE,
  );
  await repository.git('checkout', '--quiet', 'main');
  await load(context);
});
test.after.each(({ server }) => server.close());

function banner(org: string, country: string): string {
  return String(MATRIX_FILES[`flags/${org}/${BANNER}`]).replace('equals: DE', `equals: ${country}`);
}

async function load({ server }: Context): Promise<void> {
  const token = await tokenOf({ superAdmin: true });
  for (const org of ['acme', 'globex']) await server.ask(`${FLAGS}/load/${org}`, { method: 'POST', token });
}

const memberOf = (email: string) => tokenOf({ sub: email, email });

/** All that shows commits to those of acme. */
async function shown({ server, both }: Context, token: string): Promise<readonly string[]> {
  const paths = [
    `${CHANGES}?org_id=acme`,
    `${CHANGES}/${both}?org_id=acme`,
    `${FLAGS}/banner/history?org_id=acme`,
    `${FLAGS}/banner/blame?org_id=acme`,
    `${AUDIT}?organizationId=acme`,
  ];
  const answers = await Promise.all(paths.map((path) => server.ask(path, { token })));
  assert.ok(answers.every(({ status }) => status === 200));
  return answers.map(({ text }) => text);
}

for (const merge of ['--ff-only', '--no-ff'] as const) {
  test(`those of one organization read no message that is about another too (git merge ${merge})`, async (context) => {
    const { repository } = context.server;
    await repository.git(
      'merge',
      '--quiet',
      merge,
      ...(merge === '--no-ff' ? ['-m', 'merger'] : []),
      'branch',
    );
    await load(context);
    const texts = await shown(context, await memberOf(emailOf('acme', 'project member')));
    for (const text of texts) assert.not.match(text, SECRET);
    for (const text of texts.slice(0, -1)) assert.match(text, WITHHELD);
    const all = await shown(context, await tokenOf({ superAdmin: true }));
    for (const text of merge === '--ff-only' ? all : all.slice(0, -1)) assert.match(text, SECRET);
  });
}

test('those who read the past of both organizations read the message', async (context) => {
  const { repository } = context.server;
  await repository.git('merge', '--quiet', '--ff-only', 'branch');
  const member = emailOf('acme', 'project member');
  const file = 'flags/globex/org.yaml';
  const give = (permission: string) =>
    repository.commit({
      [file]: String(MATRIX_FILES[file]).replace(
        'members:\n',
        `members:\n  - { email: ${member}, permissions: ['${permission}'] }\n`,
      ),
    });
  await give('env:web-app/production:admin');
  await load(context);
  for (const text of await shown(context, await memberOf(member))) assert.not.match(text, SECRET);
  await give('project:api:member');
  await load(context);
  for (const text of await shown(context, await memberOf(member))) assert.match(text, SECRET);
});

test('what takes such a commit back does not repeat its message, whoever does it', async (context) => {
  const { server, both } = context;
  await server.repository.git('merge', '--quiet', '--ff-only', 'branch');
  await load(context);
  const token = await tokenOf({ superAdmin: true });
  const reverted = await server.ask(`${CHANGES}/${both}/revert`, { token, body: { org_id: 'acme' } });
  assert.is(reverted.status, 201);
  assert.not.match(await server.repository.git('log', '-1', '--format=%B'), SECRET);
});

test('who is in the way of taking one back is named without words of others', async (context) => {
  const { server } = context;
  const { repository } = server;
  const first = await repository.commit({ [`flags/acme/${BANNER}`]: banner('acme', 'US') }, 'first');
  await repository.commit(
    { [`flags/acme/${BANNER}`]: banner('acme', 'IT'), [`flags/globex/${BANNER}`]: banner('globex', 'IT') },
    MESSAGE,
  );
  await load(context);
  const token = await memberOf(emailOf('acme', 'project admin'));
  const answered = await server.ask(`${CHANGES}/${first}/revert`, { token, body: {} });
  assert.is(answered.status, 409);
  assert.match(answered.text, WITHHELD);
  assert.not.match(answered.text, SECRET);
});

test.run();
