import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  enable,
  failureOf,
  flagKey,
  openWritable,
  PROJECT,
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const refusing = suite<{ clone: Writable }>('writer refusals');
refusing.before.each(async (context) => {
  context.clone = await openWritable();
});
refusing.after.each(({ clone }) => clone.close());

refusing(
  'a flag that others need is not deleted, and they are named (DESIGN 6)',
  async ({ clone: { clone, writer } }) => {
    await clone.commit({
      'flags/acme/web-app/flags/theme.yaml':
        'environments:\n  production: { enabled: true, requires: [dark-mode] }\n',
    });
    const failure = await failureOf(writer.write(writeOf(remove('dark-mode'))));
    assert.is(failure.code, 'FLAG_IN_USE');
    assert.equal(failure.data.details, { users: [{ flag: 'theme', environment: 'production' }] });
    const { changed } = await writer.write({
      ...writeOf(remove('theme')),
      changes: [remove('dark-mode'), remove('theme')],
    });
    assert.is(changed, true);
  },
);

refusing(
  'what is there is not created again, nor is what differs in case alone',
  async ({ clone: { writer } }) => {
    for (const key of ['dark-mode', 'Dark-Mode']) {
      const failure = await failureOf(writer.write(writeOf(create(key))));
      assert.is(failure.kind, 'conflict');
      assert.is(failure.code, 'FLAG_EXISTS');
    }
  },
);

refusing(
  'a write is refused for the errors that it adds, with their places (DESIGN 1)',
  async ({ clone: { clone, writer } }) => {
    const serve = {
      kind: 'flag.update',
      project: PROJECT,
      flag: flagKey('new-checkout'),
      edits: [{ at: ['environments', 'production', 'serve'], set: 'nothing' }],
    } as const;
    const failure = await failureOf(writer.write(writeOf(serve)));
    assert.is(failure.kind, 'unprocessable');
    assert.is(failure.code, 'INVALID_FLAG_FILES');
    assert.equal(
      failure.data.problems?.map(({ path, line, code }) => ({ path, line, code })),
      [{ path: CHECKOUT, line: 5, code: 'UNKNOWN_VARIANT' }],
    );
    assert.is(await clone.git('status', '--porcelain'), '');
  },
);

refusing('errors that are there already stop no write (DESIGN 1)', async ({ clone: { clone, writer } }) => {
  await clone.commit({ [DARK_MODE]: 'environments: 7\n' });
  assert.is((await writer.write(writeOf(enable('new-checkout')))).changed, true);
});

refusing(
  'nothing that a request says forges a line of the commit (P17)',
  async ({ clone: { clone, writer } }) => {
    const before = await clone.head();
    const forged = [
      { author: { name: 'Marc\ncommitter Eve <eve@example.com> 0 +0000', email: 'marc@example.com' } },
      { author: { name: 'Marc', email: 'marc@example.com> 0 +0000\nx <y' } },
      { author: { name: 'Marc <root@example.com>', email: 'marc@example.com' } },
      { author: { name: '  ', email: 'marc@example.com' } },
      { message: 'fine\u0000not' },
      { reason: 'fine\u0000not' },
      { reason: 'x\nFlagstaff-Org: globex' },
    ];
    for (const more of forged) {
      const failure = await failureOf(writer.write(writeOf(enable('new-checkout'), more)));
      assert.is(failure.kind, 'invalid', JSON.stringify(more));
    }
    assert.is(await clone.head(), before);
    await writer.write(
      writeOf(enable('new-checkout'), {
        message: 'Flagstaff-Org: globex\nSigned-off-by: Eve <e@example.com>',
      }),
    );
    assert.is(
      await clone.git('log', '-1', '--format=%(trailers:only)'),
      'Flagstaff-Org: acme\nFlagstaff-Change: flag.update web-app/new-checkout\n',
    );
  },
);

refusing('an unknown organization, project or flag is not found', async ({ clone: { writer } }) => {
  const codes = [
    writer.write({ ...writeOf(enable('new-checkout')), org: 'globex' as never }),
    writer.write(writeOf({ ...create('x'), project: 'mobile' as never } as Change)),
    writer.write(writeOf(enable('unknown'))),
  ].map(async (write) => (await failureOf(write)).code);
  assert.equal(await Promise.all(codes), ['ORG_NOT_FOUND', 'PROJECT_NOT_FOUND', 'FLAG_NOT_FOUND']);
});

refusing.run();
