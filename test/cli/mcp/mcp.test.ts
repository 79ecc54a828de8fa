import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Client } from '@modelcontextprotocol/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../../support/git.js';
import { committedRepository, PERSON, run, writeFiles } from '../run.js';
import { call, data, keepAlive, talk } from './conversation.js';

interface Conversation {
  repository: TestRepository;
  client: Client;
  hangUp: () => Promise<void>;
  sleep: () => void;
}

const mcp = suite<Conversation>('flagstaff mcp');

mcp.before(async (conversation) => {
  conversation.sleep = keepAlive();
  conversation.repository = await committedRepository();
  Object.assign(conversation, await talk(conversation.repository.dir, ['mcp']));
});

mcp.after(async ({ hangUp, sleep }) => {
  await hangUp();
  sleep();
});

mcp('lists its tools, and says which of them change nothing', async ({ client }) => {
  const { tools } = await client.listTools();
  const writing = tools.filter(({ annotations }) => !annotations?.readOnlyHint).map(({ name }) => name);
  assert.equal(writing.sort(), ['change_flags', 'kill_flag', 'revert_change', 'unkill_flag']);
  for (const { annotations } of tools)
    assert.is(annotations?.destructiveHint ?? false, !annotations?.readOnlyHint);
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
    assert.is(unknown.isError, true);
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
});

mcp('a kill and its revert', async ({ client, repository }) => {
  const asked = { flag: 'dark-mode', reason: 'orders are lost' };
  const { confirm } = await data(client, 'kill_flag', asked);
  const { commit } = await data(client, 'kill_flag', { ...asked, confirm });
  const again = await data(client, 'kill_flag', { ...asked, confirm });
  assert.equal([again.changes, again.confirm], [false, undefined]);
  assert.match(again.note, 'it is so already');
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

mcp('what warns stands beside the answer, which stays JSON', async ({ client, repository }) => {
  const name = 'flags/acme/web-app/flags/broken.yaml';
  writeFiles(repository.dir, { [name]: 'environments: 3\n' });
  const { texts } = await call(client, 'test_flags');
  await repository.git('clean', '-fdq');
  assert.is(JSON.parse(texts[0] ?? '').failed, 0);
  assert.match(texts[1] ?? '', name);
});

mcp(
  'folders and files start at the flags repository, and contexts are below it',
  async ({ client, repository }) => {
    writeFiles(repository.dir, {
      'code/page.ts': "client.getBooleanValue('dark-mode', false);\n",
      'asked.jsonl': '{"targetingKey":"u-1"}\n{"targetingKey":"u-2"}\n',
    });
    const { flags } = await data(client, 'find_references', { src: 'code' });
    assert.is(flags[0].use, 'asked');
    assert.ok(Array.isArray((await data(client, 'stale_flags', { src: 'code' })).stale));
    const impact = await data(client, 'impact_of_change', { base: 'HEAD', contexts: 'asked.jsonl' });
    assert.is(impact.contexts, 2);
    await repository.git('clean', '-fdq');
    for (const contexts of ['/etc/passwd', '../x', '-', '.']) {
      const { isError, text } = await call(client, 'impact_of_change', { base: 'HEAD', contexts });
      assert.is(isError, true, text);
      assert.match(text, /not below the flags repository|no such file/);
    }
  },
);

mcp('a search goes from a commit to a commit', async ({ client, repository }) => {
  const first = (await repository.git('rev-list', '--max-parents=0', 'HEAD')).trim();
  const asked = { flag: 'dark-mode', context: { country: 'DE' }, expect: 'on', from: first, to: first };
  const { text } = await call(client, 'bisect_flag', { ...asked, from: 'no-such-commit' });
  assert.match(text, 'no-such-commit');
  assert.is((await data(client, 'bisect_flag', asked)).found, false);
});

mcp('what is asked is answered behind the end of the input too', async ({ repository }) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ended = run(['mcp'], { cwd: repository.dir, env: PERSON, streams: { input, output } });
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'x', version: '1' },
  };
  const lines = [
    { id: 1, method: 'initialize', params },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: 'list_flags', arguments: {} } },
    { id: 3, method: 'tools/call', params: { name: 'blame_flag', arguments: { flag: 'dark-mode' } } },
  ];
  input.end(lines.map((line) => `${JSON.stringify({ jsonrpc: '2.0', ...line })}\n`).join(''));
  assert.equal(await ended, { code: 0, out: '', err: '' });
  output.end();
  const answers = (await text(output))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(answers.map(({ id }) => id).sort(), [1, 2, 3]);
  for (const { result } of answers) assert.not(result.isError);
});

mcp.run();
