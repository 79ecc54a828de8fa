import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BrokenTest } from '../../src/changes/broken-tests.js';
import type { Change } from '../../src/changes/change.js';
import { repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  enable,
  expecting,
  FILES,
  failureOf,
  flagKey,
  openOn,
  openWritable,
  PROJECT,
  type Writable,
  writeOf,
} from './writable.js';

const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const CASE =
  '- { name: everybody, environment: production, context: { targetingKey: u-1 }, expect: { variant: on } }\n';

const previews = suite<{ on: Writable }>('previews and tests of a write');
previews.before.each(async (context) => {
  context.on = await openWritable({ ...FILES, [TESTS]: CASE });
});
previews.after.each(({ on }) => on.close());

function serve(flag: string, variant: string): Change {
  const edits = [{ at: ['environments', 'production', 'serve'], set: variant }];
  return { kind: 'flag.update', project: PROJECT, flag: flagKey(flag), edits };
}

previews('a preview tells what the write does, and writes nothing', async ({ on }) => {
  const objects = (): string => readdirSync(join(on.clone.dir, '.git/objects'), { recursive: true }).join();
  const [before, had] = [await on.clone.head(), objects()];
  const preview = await on.writer.preview(writeOf(enable('new-checkout')));
  assert.is(preview.base, before);
  assert.is(preview.changed, true);
  assert.equal([preview.problems, preview.brokenTests], [[], []]);
  const text = String(FILES[CHECKOUT]);
  const after = text.replace('enabled: false', 'enabled: true');
  assert.equal(preview.files, [{ path: CHECKOUT, before: text, after }]);
  assert.is(objects(), had);
  assert.is(await on.clone.head(), before);
  const written = await on.writer.write(writeOf(enable('new-checkout')));
  assert.equal(preview.differences, written.differences);
  assert.equal(
    written.differences.map(({ sentence }) => sentence),
    ['production: enabled'],
  );
  assert.is((await on.writer.preview(writeOf(enable('new-checkout')))).changed, false);
});

previews('a preview takes no lock and needs no clean file', async ({ on }) => {
  writeFileSync(join(on.clone.dir, '.git/index.lock'), '');
  writeFileSync(join(on.clone.dir, CHECKOUT), '# mine\n');
  assert.is((await on.writer.preview(writeOf(enable('new-checkout')))).changed, true);
});

previews(
  'a preview tells what else would refuse the write, with the code and the words of it',
  async ({ on }) => {
    const request = writeOf(enable('new-checkout'), { message: 'a\u0000b' });
    const tell = async () => (await on.writer.preview(request)).refusals.map(({ code }) => code);
    assert.equal((await on.writer.preview(writeOf(enable('new-checkout')))).refusals, []);
    assert.equal(await tell(), ['INVALID_MESSAGE']);
    writeFileSync(join(on.clone.dir, CHECKOUT), '# mine\n');
    assert.equal(await tell(), ['INVALID_MESSAGE', 'WORKTREE_DIRTY']);
    const { refusals } = await on.writer.preview(writeOf(enable('new-checkout')));
    const refused = await failureOf(on.writer.write(writeOf(enable('new-checkout'))));
    assert.equal(refusals, [{ code: refused.code, message: refused.message }]);
    writeFileSync(join(on.clone.dir, '.git/MERGE_HEAD'), `${await on.clone.head()}\n`);
    assert.equal(await tell(), ['INVALID_MESSAGE', 'OPERATION_IN_PROGRESS']);
    const second = await openOn(on.clone);
    const others = await second.writer.preview(writeOf(enable('dark-mode', false)));
    assert.equal(
      others.refusals.map(({ code }) => code),
      ['ANOTHER_WRITER', 'OPERATION_IN_PROGRESS'],
    );
    await second.close();
  },
);

previews('a preview of a bare clone and of another branch says that no write can be made', async ({ on }) => {
  const codes = async (clone: TestRepository): Promise<readonly string[]> => {
    const open = await openOn(clone, { branch: 'main' });
    const { refusals } = await open.writer.preview(writeOf(enable('new-checkout')));
    await open.close();
    return refusals.map(({ code }) => code);
  };
  const dir = join(temporaryFolder(), 'bare.git');
  await on.clone.git('clone', '--quiet', '--bare', on.clone.dir, dir);
  assert.equal(await codes(repositoryAt(dir)), ['REPOSITORY_UNSUPPORTED']);
  await on.writer.close();
  await on.clone.git('checkout', '--quiet', '-b', 'draft');
  assert.equal(await codes(on.clone), ['WRONG_BRANCH']);
});

previews('a preview tells the errors and the tests that would refuse the write', async ({ on }) => {
  const wrong = await on.writer.preview(writeOf(serve('new-checkout', 'blue')));
  assert.equal(
    wrong.problems.map(({ path, line, code }) => [path, line, code]),
    [[CHECKOUT, 5, 'UNKNOWN_VARIANT']],
  );
  const breaking = await on.writer.preview(writeOf(serve('dark-mode', 'off')));
  assert.equal(
    breaking.brokenTests.map(({ flag, name }) => [flag, name]),
    [['dark-mode', 'everybody']],
  );
  await on.clone.commit({ [DARK_MODE]: 'status: 7\nenvironments:\n  production: { enabled: true }\n' });
  const lasting = await on.writer.preview(writeOf(enable('dark-mode', false)));
  assert.equal([...new Set(lasting.problems.map(({ path }) => path))], [DARK_MODE]);
});

previews('what cannot be applied at all cannot be previewed', async ({ on }) => {
  const { preview } = { preview: (change: Change) => failureOf(on.writer.preview(writeOf(change))) };
  assert.is((await preview(enable('unknown'))).code, 'FLAG_NOT_FOUND');
  assert.is((await preview(create('dark-mode'))).code, 'FLAG_EXISTS');
  const stale = writeOf(enable('new-checkout'), expecting(CHECKOUT, { ifMatch: ['0'.repeat(40)] }));
  assert.is((await failureOf(on.writer.preview(stale))).code, 'PRECONDITION_FAILED');
});

previews('a write that newly breaks a test is refused with the case, unless it is forced', async ({ on }) => {
  const before = await on.clone.head();
  const failure = await failureOf(on.writer.write(writeOf(serve('dark-mode', 'off'))));
  assert.equal([failure.kind, failure.code], ['unprocessable', 'TESTS_BROKEN']);
  const failing = failure.data.details?.failing as readonly BrokenTest[];
  assert.equal(
    failing.map(({ flag, name, environment }) => [flag, name, environment]),
    [['dark-mode', 'everybody', 'production']],
  );
  assert.is(await on.clone.head(), before);
  const force = 'The test is of last year.';
  assert.is((await on.writer.write(writeOf(serve('dark-mode', 'off'), { force }))).changed, true);
  assert.is(
    await on.clone.git('log', '-1', '--format=%(trailers:key=Flagstaff-Force,valueonly)'),
    `${force}\n`,
  );
  assert.is((await on.writer.write(writeOf(enable('dark-mode', false)))).changed, true, 'broken already');
});

previews('a write that changes the test too is not refused, and errors cannot be forced', async ({ on }) => {
  const tests = [
    {
      name: 'nobody',
      environment: 'production',
      context: { targetingKey: 'u-1' },
      expect: { variant: 'off' },
    },
  ];
  const replace = { kind: 'tests.replace', project: PROJECT, flag: flagKey('dark-mode'), tests } as Change;
  const both = { ...writeOf(replace), changes: [serve('dark-mode', 'off'), replace] };
  assert.is((await on.writer.write(both)).changed, true);
  const forced = writeOf(serve('dark-mode', 'blue'), { force: 'I know better.' });
  assert.is((await failureOf(on.writer.write(forced))).code, 'INVALID_FLAG_FILES');
});

previews(
  'a precondition that fails names who changed the file, when and in which commit (P12)',
  async ({ on }) => {
    const author = { name: 'Ada', email: 'ada@example.com' };
    const { commit, blobs } = await on.writer.write(writeOf(enable('new-checkout'), { author }));
    const stale = expecting(CHECKOUT, { ifMatch: ['0'.repeat(40)] });
    const failure = await failureOf(on.writer.write(writeOf(enable('new-checkout', false), stale)));
    const details = {
      current: blobs.get(CHECKOUT),
      changedBy: author,
      commit,
      committedAt: '2026-01-15T10:00:00Z',
      files: [{ path: CHECKOUT, blob: blobs.get(CHECKOUT) }],
    };
    assert.equal(failure.data, { current: blobs.get(CHECKOUT), details });
    const second = {
      preconditions: [
        { path: CHECKOUT, ifMatch: '*' },
        { path: DARK_MODE, ifNoneMatch: '*' },
      ],
    } as const;
    const named = await failureOf(on.writer.write(writeOf(enable('new-checkout', false), second)));
    assert.match(named.message, DARK_MODE);
  },
);

previews('one that fails because of a write of the same group names that write', async ({ on }) => {
  const ifMatch = [await on.clone.git('rev-parse', `HEAD:${CHECKOUT}`)];
  const [, won, lost] = await Promise.allSettled([
    on.writer.write(writeOf(create('a'))),
    on.writer.write(writeOf(enable('new-checkout'), expecting(CHECKOUT, { ifMatch }))),
    on.writer.write(writeOf(enable('new-checkout', false), expecting(CHECKOUT, { ifMatch }))),
  ]);
  assert.is(lost.status, 'rejected');
  const commit = won.status === 'fulfilled' ? won.value.commit : '';
  assert.is(lost.status === 'rejected' ? lost.reason.data.details.commit : '', commit);
});

previews.run();
