import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../../support/git.js';
import { committedRepository, PERSON, run, writeFiles } from '../run.js';

interface Conversation {
  repository: TestRepository;
  client: Client;
  hangUp: () => Promise<void>;
  alive: NodeJS.Timeout;
}

const mcp = suite<Conversation>('flagstaff mcp');

mcp.before(async (conversation) => {
  // Streams in memory do not keep a process alive, as those of a real one do.
  conversation.alive = setInterval(() => undefined, 60_000);
  conversation.repository = await committedRepository();
  Object.assign(conversation, await talk(conversation.repository.dir, ['mcp']));
});

mcp.after(async ({ hangUp, alive }) => {
  await hangUp();
  clearInterval(alive);
});

/** An agent that speaks to the command through its standard input and output. */
async function talk(cwd: string, words: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ended = run(words, { cwd, env: PERSON, streams: { input, output } });
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(new StdioServerTransport(output, input));
  const hangUp = async () => {
    await client.close();
    input.end();
    const { code, err } = await ended;
    assert.equal([code, err], [0, '']);
  };
  return { client, hangUp };
}

/** The text of an answer; of an error too. */
async function call(client: Client, name: string, asked: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: asked });
  const [first] = content as { text: string }[];
  return { text: first?.text ?? '', isError: isError === true };
}

async function data(client: Client, name: string, asked: Record<string, unknown> = {}) {
  const { text, isError } = await call(client, name, asked);
  assert.is(isError, false, text);
  return JSON.parse(text);
}

mcp('lists its tools, and says which of them change nothing', async ({ client }) => {
  const { tools } = await client.listTools();
  const writing = tools.filter(({ annotations }) => !annotations?.readOnlyHint).map(({ name }) => name);
  assert.equal(writing.sort(), ['change_flags', 'kill_flag', 'revert_change', 'unkill_flag']);
  assert.ok(tools.length >= 15);
  for (const { description } of tools) assert.ok((description ?? '').length > 20);
});

mcp('with --read-only there is no tool that writes', async ({ repository }) => {
  const { client, hangUp } = await talk(repository.dir, ['mcp', '--read-only']);
  const { tools } = await client.listTools();
  assert.ok(tools.every(({ annotations }) => annotations?.readOnlyHint));
  await hangUp();
});

mcp('tells what a caller gets and why', async ({ client }) => {
  const asked = {
    flag: 'dark-mode',
    environment: 'production',
    context: { targetingKey: 'u-1', country: 'DE' },
  };
  const { evaluation } = await data(client, 'evaluate_flag', asked);
  assert.equal([evaluation.variant, evaluation.metadata.rule], ['on', 'germans']);
});

mcp('every tool that reads answers', async ({ client, repository }) => {
  writeFiles(repository.dir, { 'src/page.ts': "client.getBooleanValue('dark-mode', false);\n" });
  const base = (await repository.git('rev-parse', 'HEAD')).trim();
  const asked: Readonly<Record<string, Record<string, unknown>>> = {
    evaluate_flag: { flag: 'dark-mode' },
    diff_flags: { base },
    impact_of_change: { base, generate: 10 },
    blame_flag: { flag: 'dark-mode' },
    bisect_flag: { flag: 'dark-mode', context: { country: 'DE' }, expect: 'on' },
    find_references: { src: 'src' },
    explain_check: { code: 'UNREACHABLE' },
  };
  const { tools } = await client.listTools();
  for (const { name, annotations } of tools) {
    if (annotations?.readOnlyHint) assert.ok((await data(client, name, asked[name])) !== undefined, name);
  }
});

mcp(
  'what is found wrong is an answer, what is asked wrongly an error that says how',
  async ({ client, repository }) => {
    writeFiles(repository.dir, { 'flags/acme/web-app/flags/broken.yaml': 'environments: 3\n' });
    const { errors } = await data(client, 'validate_flags');
    assert.is(errors, 1);
    await repository.git('clean', '-fdq');
    const unknown = await call(client, 'evaluate_flag', { flag: '--help' });
    assert.match(unknown.text, 'acme/web-app has no flag --help');
    const revision = await call(client, 'diff_flags', { base: 'no-such-branch' });
    assert.is(revision.isError, true, revision.text);
  },
);

mcp('a write answers what it would do first, and is done with the word', async ({ client, repository }) => {
  const head = () => repository.git('rev-parse', 'HEAD');
  const before = await head();
  const asked = {
    changes: [
      {
        kind: 'rule.create',
        flag: 'dark-mode',
        environment: 'production',
        rule: { id: 'canary', percentage: 5 },
      },
    ],
    reason: 'first people',
  };
  const tried = await data(client, 'change_flags', asked);
  assert.is(tried.dryRun, true);
  assert.match(tried.diff, '+      - { id: canary, percentage: 5 }');
  assert.is(await head(), before, 'a dry run writes nothing');

  const other = await data(client, 'change_flags', { ...asked, reason: 'everybody', confirm: tried.confirm });
  assert.equal([other.dryRun, typeof other.note], [true, 'string'], 'the word is for what was shown');

  const written = await data(client, 'change_flags', { ...asked, confirm: tried.confirm });
  assert.equal([written.dryRun, written.changed], [false, true]);
  assert.is(await head(), written.commit);
  const author = await repository.git('log', '-1', '--format=%an %(trailers:key=Flagstaff-Reason,valueonly)');
  assert.match(author, /^Ada first people/);

  const again = await data(client, 'change_flags', { ...asked, confirm: tried.confirm }).catch(
    (error) => error,
  );
  assert.is(await head(), written.commit, String(again));
});

mcp('a kill and its revert', async ({ client, repository }) => {
  const asked = { flag: 'dark-mode', reason: 'orders are lost' };
  const { confirm } = await data(client, 'kill_flag', asked);
  const { commit } = await data(client, 'kill_flag', { ...asked, confirm });
  assert.match(await repository.git('show', 'HEAD:flags/acme/web-app/flags/dark-mode.yaml'), 'killed: true');
  const back = { what: commit, reason: 'they arrive again' };
  const { confirm: word } = await data(client, 'revert_change', back);
  await data(client, 'revert_change', { ...back, confirm: word });
  assert.not.match(await repository.git('show', 'HEAD:flags/acme/web-app/flags/dark-mode.yaml'), 'killed');
});

mcp('what is refused says the code and the place', async ({ client }) => {
  const wrong = await call(client, 'change_flags', { changes: [{ kind: 'flag.explode' }], reason: 'x' });
  assert.is(wrong.isError, true);
  assert.match(wrong.text, 'changes[0].kind');
  const key = await call(client, 'kill_flag', { flag: '../x', reason: 'x' });
  assert.is(key.isError, true);
});

mcp.run();
