import type { Client } from '@modelcontextprotocol/client';
import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_TEXT } from '../../../src/cli/mcp/answer.js';
import { fitted } from '../../../src/cli/mcp/fit.js';
import { selectCases } from '../../../src/cli/mcp/select.js';
import { committedRepository } from '../run.js';
import { call, data, keepAlive, talk } from './conversation.js';

interface Conversation {
  client: Client;
  hangUp: () => Promise<void>;
  sleep: () => void;
}

const answers = suite<Conversation>('answers of flagstaff mcp');
const FLAGS = 120;

answers.before(async (conversation) => {
  conversation.sleep = keepAlive();
  const flags = Array.from({ length: FLAGS }, (_, number) => [
    `flags/acme/web-app/flags/flag-${number}.yaml`,
    `description: ${'words '.repeat(300)}\nowner: ${number === 7 ? 'Marc' : 'ada'}\nenvironments: {}\n`,
  ]);
  const broken = Array.from({ length: FLAGS }, (_, number) => [
    `flags/globex/portal/flags/flag-${number}.yaml`,
    Array.from({ length: 8 }, (_, place) => `nonsense-${number}-${place}: 1\n`).join(''),
  ]);
  const repository = await committedRepository({
    'flags/globex/portal/project.yaml': 'environments: [live]\n',
    ...Object.fromEntries([...flags, ...broken]),
  });
  Object.assign(conversation, await talk(repository.dir, ['mcp', '--read-only']));
});

answers.after(async ({ hangUp, sleep }) => {
  await hangUp();
  sleep();
});

answers('a long answer is cut behind a whole entry, and says so', async ({ client }) => {
  const { texts } = await call(client, 'list_flags', { limit: 1000 });
  const { length } = texts.join('');
  assert.ok(length > MOST_TEXT / 2 && length <= 100_000, String(length));
  const { truncated, total, flags } = JSON.parse(texts[0] ?? '');
  assert.equal([truncated, total], [true, FLAGS + 1]);
  assert.ok(flags.length > 30 && flags.length < FLAGS);
  assert.is(flags.at(-1).owner, 'ada', 'the last one is whole');
});

answers('flags are told page by page, each once', async ({ client }) => {
  const keys: string[] = [];
  for (let after: string | undefined; ; ) {
    const asked = { limit: 30, ...(after && { after }) };
    const { truncated, flags } = await data(client, 'list_flags', asked);
    keys.push(...flags.map(({ key }: { key: string }) => key));
    const last = flags.at(-1);
    after = `${last.org}/${last.project}/${last.key}`;
    if (!truncated) break;
  }
  assert.is(keys.length, FLAGS + 1);
  assert.is(new Set(keys).size, FLAGS + 1);
});

answers('flags are found by words, in either case', async ({ client }) => {
  const { total, flags } = await data(client, 'list_flags', { query: 'mARC' });
  assert.equal([total, flags.length, flags[0].key], [1, 1, 'flag-7']);
});

answers('a page behind a flag that is not there is refused', async ({ client }) => {
  const { isError, text } = await call(client, 'list_flags', { after: 'acme/web-app/nothing' });
  assert.is(isError, true);
  assert.match(text, 'acme/web-app/nothing');
});

answers('problems and cases are those of the files that are asked for', async ({ client }) => {
  const { errors, problems, truncated } = await data(client, 'validate_flags');
  assert.ok(errors > FLAGS && problems.length < errors);
  assert.is(truncated, true);
  const here = await data(client, 'validate_flags', { org: 'acme', project: 'web-app' });
  assert.equal([here.errors, here.truncated], [0, undefined]);
  const one = await data(client, 'validate_flags', { path: 'flags/globex/portal/flags/flag-7.yaml' });
  assert.is(one.errors, one.problems.length);
  assert.ok(one.problems.every(({ path }: { path: string }) => path.endsWith('/flag-7.yaml')));
  assert.is((await data(client, 'test_flags', { org: 'globex' })).cases.length, 0);
  assert.is((await data(client, 'test_flags', { path: 'flags/acme/' })).cases.length, 2);
});

answers('history is told in sentences, and a commit of all flags is cut too', async ({ client }) => {
  const { total, entries, truncated } = await data(client, 'flag_history');
  assert.is(total, 1);
  assert.is(entries[0].differences, undefined);
  assert.ok(entries[0].sentences.length > 100);
  assert.is(truncated, undefined);
});

answers.run();

test('what fits stays as it is; else the longest list is cut first, and the others stay whole', () => {
  const value = { files: 3, errors: ['one', 'two'], cases: ['x'.repeat(40), 'y'.repeat(40), 'z'.repeat(40)] };
  assert.is(fitted(value, 1_000), value);
  const cut = fitted(value, 170) as typeof value;
  const { errors, cases } = cut;
  assert.equal({ errors, cases }, { errors: value.errors, cases: value.cases.slice(0, 1) });
  assert.equal((cut as object as { totals: unknown }).totals, { errors: 2, cases: 3 });
  assert.ok(JSON.stringify(cut).length <= 170);
});

test('cases that fail come first, so that they are never what is cut', () => {
  const cases = [true, false, true].map((passed, number) => ({ path: 'flags/acme/x', passed, number }));
  const { cases: told } = selectCases({ failed: 1, cases }, {}) as { cases: typeof cases };
  assert.equal(
    told.map(({ number }) => number),
    [1, 0, 2],
  );
});

test('an entry that is too long alone is cut itself', () => {
  const entry = { subject: 'words', sentences: Array.from({ length: 50 }, () => 'a sentence') };
  const [cut] = fitted([entry], 300) as unknown as (typeof entry & { truncated: boolean })[];
  assert.equal([cut?.subject, cut?.truncated], ['words', true]);
  assert.ok((cut?.sentences.length ?? 0) > 5);
});

test.run();
