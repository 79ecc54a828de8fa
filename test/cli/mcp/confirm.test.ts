import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_TEXT } from '../../../src/cli/mcp/answer.js';
import { changesWrite } from '../../../src/cli/mcp/changes-write.js';
import { tryOrWrite, type Wanted } from '../../../src/cli/mcp/confirm.js';
import { readRevert } from '../../../src/cli/revert.js';
import type { CommandWrite } from '../../../src/cli/write/commit.js';
import type { JsonObject } from '../../../src/model/values.js';
import { type RunningServer, startServer } from '../../../src/server.js';
import type { TestRepository } from '../../support/git.js';
import { committedRepository, DARK_MODE, PERSON, surroundings } from '../run.js';

interface Place {
  repository: TestRepository;
  /** Set where a server holds the clone. */
  server: RunningServer | undefined;
}

const confirm = suite<Place>('a confirmed write');
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const LIMIT = 'flags/acme/web-app/flags/limit.yaml';
const FLAG = 'environments: {}\n';
const ROLLOUT = {
  kind: 'rule.create',
  flag: 'dark-mode',
  environment: 'production',
  rule: { id: 'canary', percentage: 5 },
};

/** What is shown, and what somebody else commits before it is made. */
const LATE: readonly { what: string; changes: JsonObject[]; theirs: Record<string, string> }[] = [
  {
    what: 'exceptions are others',
    changes: [{ kind: 'override.create', flag: 'dark-mode', entry: { users: ['u-9'] } }],
    theirs: { [OVERRIDES]: '- { users: [u-8] }\n' },
  },
  {
    what: 'a flag that is to go has tests',
    changes: [{ kind: 'flag.delete', flag: 'dark-mode' }],
    theirs: { [TESTS]: '- { name: all, environment: production, context: {}, expect: { variant: off } }\n' },
  },
  {
    what: 'tests that are to be there are there',
    changes: [
      {
        kind: 'tests.replace',
        flag: 'dark-mode',
        tests: [{ name: 'all', environment: 'production', context: {}, expect: { variant: 'off' } }],
      },
    ],
    theirs: { [TESTS]: '- { name: pros, environment: production, context: {}, expect: { variant: off } }\n' },
  },
  {
    what: 'the second of two flags is another',
    changes: ['dark-mode', 'limit'].map((flag) => ({
      kind: 'flag.update',
      flag,
      patch: { owner: 'team-a' },
    })),
    theirs: { [LIMIT]: `${FLAG}# theirs\n` },
  },
];

confirm.before.each(async (place) => {
  place.server = undefined;
  place.repository = await committedRepository();
});

confirm.after.each(async ({ server }) => {
  await server?.close();
});

async function serve(place: Place): Promise<void> {
  const { dir: repo } = place.repository;
  place.server = await startServer({ repo, port: 0, host: '127.0.0.1', log: () => undefined });
  await place.server.ready;
}

async function ask({ repository: { dir: repo } }: Place, wanted: Wanted) {
  const around = surroundings({ cwd: repo, env: PERSON });
  const { content } = await tryOrWrite(wanted, { repo, around, run: async () => 0 });
  return JSON.parse((content[0] as { text: string }).text);
}

function changing(...changes: readonly JsonObject[]): CommandWrite {
  return changesWrite({ org: undefined, changes, reason: 'first people' });
}

/** The same write, before which something happens when it is made: behind the last look at the files. */
function after(write: CommandWrite, happen: () => Promise<void>): CommandWrite {
  let looks = 0;
  return {
    request: async (cache, repository) => {
      looks += 1;
      if (looks === 2) await happen();
      return write.request(cache, repository);
    },
    ask: async (repository) => {
      await happen();
      return write.ask(repository);
    },
  };
}

/** Shows a write, and then makes it while somebody commits a file between the last look and the write. */
async function raced(place: Place, write: CommandWrite, files: Readonly<Record<string, string | null>>) {
  const { repository } = place;
  const asked = { name: 'change_flags' };
  const shown = await ask(place, { write, confirm: undefined, asked });
  let other = '';
  const happen = async () => {
    for (const [name, text] of Object.entries(files)) {
      if (text === null) await repository.git('rm', '-q', name);
    }
    const texts = Object.entries(files).flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
    await repository.commit(Object.fromEntries(texts), 'somebody else');
    other = await repository.git('rev-parse', 'HEAD');
  };
  const answer = await ask(place, { write: after(write, happen), confirm: shown.confirm, asked });
  return { shown, answer, isWritten: (await repository.git('rev-parse', 'HEAD')) !== other };
}

async function textOf({ repository }: Place, name: string): Promise<string> {
  return repository.git('show', `HEAD:${name}`);
}

for (const isServed of [false, true]) {
  const way = isServed ? 'through a server' : 'by itself';

  confirm(
    `writes nothing ${way} where its file is another one by then, and shows it again`,
    async (place) => {
      if (isServed) await serve(place);
      const theirs = (await textOf(place, DARK_MODE)).replace('serve: off', 'serve: on');
      const { shown, answer, isWritten } = await raced(place, changing(ROLLOUT), { [DARK_MODE]: theirs });
      assert.equal([answer.dryRun, isWritten], [true, false]);
      assert.match(answer.note, 'others by now');
      assert.match(answer.diff, 'canary');
      assert.is.not(answer.confirm, shown.confirm);
      const asked = { name: 'change_flags' };
      const written = await ask(place, { write: changing(ROLLOUT), confirm: answer.confirm, asked });
      assert.equal([written.dryRun, written.changed], [false, true]);
    },
  );

  confirm(`writes ${way} where other files have changed since`, async (place) => {
    if (isServed) await serve(place);
    const { answer, isWritten } = await raced(place, changing(ROLLOUT), { 'README.md': 'words\n' });
    assert.equal([answer.dryRun, answer.note, isWritten], [false, undefined, true]);
  });

  confirm(`does not write ${way} into a file that was not there when it was shown`, async (place) => {
    await place.repository.commit({}, 'start again');
    await place.repository.git('rm', '-q', OVERRIDES);
    await place.repository.commit({}, 'no overrides');
    if (isServed) await serve(place);
    const change = { kind: 'override.create', flag: 'dark-mode', entry: { users: ['u-9'] } };
    const { answer, isWritten } = await raced(place, changing(change), {
      [OVERRIDES]: '- { users: [u-8] }\n',
    });
    assert.equal([answer.dryRun, isWritten], [true, false]);
  });

  confirm(`does not take back ${way} a commit whose file is another one by then`, async (place) => {
    const { repository } = place;
    const old = await textOf(place, DARK_MODE);
    const text = old.replace('Dark theme', 'Night');
    await repository.commit({ [DARK_MODE]: text }, 'words');
    if (isServed) await serve(place);
    const around = surroundings({ cwd: repository.dir, env: PERSON });
    const commit = (await repository.git('rev-parse', 'HEAD')).trim();
    const write = await readRevert(commit, { repo: repository.dir, reason: 'no' }, around);
    const theirs = { [DARK_MODE]: text.replace('serve: off', 'serve: on') };
    const { answer, isWritten } = await raced(place, write, theirs).catch((error) => ({
      answer: { dryRun: error.code === 'REVERT_CONFLICT' },
      isWritten: false,
    }));
    assert.equal([answer.dryRun, isWritten], [true, false]);
  });

  for (const { what, changes, theirs } of LATE) {
    confirm(`writes nothing ${way} where ${what} by then, and says which file`, async (place) => {
      await place.repository.git('rm', '-q', TESTS);
      await place.repository.commit({ [LIMIT]: FLAG }, 'no tests, and another flag');
      if (isServed) await serve(place);
      const { shown, answer, isWritten } = await raced(place, changing(...changes), theirs);
      assert.type(shown.confirm, 'string', JSON.stringify(shown));
      assert.equal([answer.dryRun, isWritten], [true, false]);
      assert.match(answer.note, `others by now: ${Object.keys(theirs)[0]} is not as the request expects`);
      const asked = { name: 'change_flags' };
      const written = await ask(place, { write: changing(...changes), confirm: answer.confirm, asked });
      assert.equal([written.dryRun, written.changed], [false, true]);
    });
  }

  confirm(
    `does not take back ${way} a commit over several files of which one is another by then`,
    async (place) => {
      const { repository } = place;
      const [flag, overrides] = [await textOf(place, DARK_MODE), await textOf(place, OVERRIDES)];
      const both = {
        [DARK_MODE]: flag.replace('Dark theme', 'Night'),
        [OVERRIDES]: `${overrides}\n# more\n`,
      };
      await repository.commit(both, 'words');
      if (isServed) await serve(place);
      const around = surroundings({ cwd: repository.dir, env: PERSON });
      const commit = (await repository.git('rev-parse', 'HEAD')).trim();
      const write = await readRevert(commit, { repo: repository.dir, reason: 'no' }, around);
      const theirs = { [OVERRIDES]: `# theirs\n#\n#\n${both[OVERRIDES]}` };
      const { answer, isWritten } = await raced(place, write, theirs);
      assert.equal([answer.dryRun, isWritten], [true, false]);
      assert.match(answer.note, OVERRIDES);
    },
  );
}

confirm('the word is the same in whatever order fields are written, but for weights', async (place) => {
  const word = async (rule: JsonObject, rest: JsonObject = {}) => {
    const { kind, flag, environment } = ROLLOUT;
    const change = { ...rest, kind, flag, environment, rule };
    const asked = { name: 'change_flags', changes: [change] };
    return (await ask(place, { write: changing(change), confirm: undefined, asked })).confirm;
  };
  const known = await word({ id: 'canary', percentage: 5, serve: { on: 20, off: 80 } });
  assert.type(known, 'string');
  assert.is(await word({ serve: { on: 20, off: 80 }, percentage: 5, id: 'canary' }, { flag: 'x' }), known);
  assert.is.not(await word({ id: 'canary', percentage: 5, serve: { off: 80, on: 20 } }), known);
});

confirm('the word is for the files that were shown', async (place) => {
  const wanted = { write: changing(ROLLOUT), confirm: undefined, asked: { name: 'change_flags' } };
  const { confirm: word } = await ask(place, wanted);
  await place.repository.commit({ [DARK_MODE]: `${await textOf(place, DARK_MODE)}# more\n` }, 'a comment');
  const { confirm: other } = await ask(place, wanted);
  assert.type(word, 'string');
  assert.is.not(other, word);
});

confirm('the word is for the version that is meant now, whatever it is called', async (place) => {
  const { repository } = place;
  const old = await textOf(place, DARK_MODE);
  await repository.git('tag', 'good');
  await repository.commit({ [DARK_MODE]: old.replace('Dark theme', 'Night') }, 'words');
  await repository.git('tag', 'words');
  await repository.commit({ [DARK_MODE]: old.replace('Dark theme', 'Black') }, 'more words');
  const word = async () => {
    const options = { repo: repository.dir, to: 'good', reason: 'no' };
    const write = await readRevert('dark-mode', options, surroundings({ cwd: repository.dir, env: PERSON }));
    return (await ask(place, { write, confirm: undefined, asked: { name: 'revert_change' } })).confirm;
  };
  const known = await word();
  await repository.git('tag', '--force', 'good', 'words');
  assert.is.not(await word(), known);
});

confirm('a large change can be confirmed: only its diff is cut, and it says so', async (place) => {
  const description = 'a line of words\n'.repeat(120);
  const changes = Array.from({ length: 80 }, (_, number) => ({
    kind: 'flag.create',
    flag: `new-${number}`,
    file: { description, environments: {} },
  }));
  const wanted = { write: changing(...changes), asked: { name: 'change_flags' } };
  const shown = await ask(place, { ...wanted, confirm: undefined });
  assert.equal([shown.dryRun, shown.diffCut, shown.truncated], [true, true, undefined]);
  assert.equal(Object.keys(shown).slice(0, 2), ['dryRun', 'confirm'], 'what matters comes first');
  assert.is(shown.sentences.length, 80);
  const { length } = JSON.stringify(shown);
  assert.ok(length > MOST_TEXT / 2 && length <= MOST_TEXT, String(length));
  const written = await ask(place, { ...wanted, confirm: shown.confirm });
  assert.equal([written.dryRun, written.changed], [false, true]);
});

confirm.run();
