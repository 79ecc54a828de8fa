import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  describeFlag,
  enable,
  expecting,
  FILES,
  failureOf,
  flagKey,
  NOW,
  openOn,
  openWritable,
  PROJECT,
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const BRAND_NEW = 'flags/acme/web-app/flags/brand-new.yaml';

const writing = suite<{ clone: Writable }>('writer');
writing.before.each(async (context) => {
  context.clone = await openWritable();
});
writing.after.each(({ clone }) => clone.close());

writing(
  'a write is a commit that touches the meant line and no other (DESIGN 6)',
  async ({ clone: { clone, writer, cache } }) => {
    const result = await writer.write(writeOf(enable('new-checkout')));
    assert.is(result.changed, true);
    assert.is(result.commit, await clone.head());
    assert.equal(result.paths, [CHECKOUT]);
    assert.is(result.blobs.get(CHECKOUT), await clone.git('rev-parse', `HEAD:${CHECKOUT}`));
    assert.equal((await clone.git('diff', '--unified=0', 'HEAD~1')).split('\n').slice(5), [
      '-  production: { enabled: false }',
      '+  production: { enabled: true }',
    ]);
    assert.is(await clone.git('diff', '--name-only', 'HEAD~1'), CHECKOUT);
    assert.is(cache.revision, result.commit);
    const project = cache.orgs.get('acme')?.snapshot.projects.get(PROJECT);
    assert.is(project?.flags.get(flagKey('new-checkout'))?.file.environments.production?.enabled, true);
  },
);

writing(
  'work tree and index are in step afterwards, and the repository is sound',
  async ({ clone: { clone, writer } }) => {
    await writer.write(writeOf(enable('new-checkout')));
    await writer.write(writeOf(create('brand-new')));
    await writer.write(writeOf(remove('dark-mode')));
    await writer.close();
    assert.is(await clone.git('status', '--porcelain'), '');
    assert.is(await clone.git('fsck', '--full', '--strict'), '');
    assert.is(
      await clone.git('ls-files', '--debug', '--', CHECKOUT).then((text) => /size: (\d+)/.exec(text)?.[1]),
      String(statSync(join(clone.dir, CHECKOUT)).size),
    );
  },
);

writing(
  'the author asked, the service committed, the trailers are for machines (DESIGN 6, P17)',
  async ({ clone: { clone, writer } }) => {
    const author = { name: 'Ada Lovelace', email: 'ada@example.com' };
    const reason = 'The campaign starts.';
    await writer.write(
      writeOf(enable('new-checkout'), { author, message: 'Legal said yes.\n\nTicket PAY-1', reason }),
    );
    const format = '%an <%ae> %at|%cn <%ce>|%s|%b';
    assert.is(
      await clone.git('log', '-1', `--format=${format}`),
      `Ada Lovelace <ada@example.com> ${NOW / 1000}|Flagstaff <flagstaff@flagstaff.invalid>|acme/web-app: enable new-checkout in production|Legal said yes.

Ticket PAY-1

Flagstaff-Org: acme
Flagstaff-Change: flag.update web-app/new-checkout
Flagstaff-Reason: The campaign starts.
`,
    );
    assert.is(
      await clone.git('log', '-1', '--format=%(trailers:key=Flagstaff-Change,valueonly)'),
      'flag.update web-app/new-checkout\n',
    );
  },
);

writing('the logs of HEAD and of the branch name the write', async ({ clone: { clone, writer } }) => {
  const { commit } = await writer.write(writeOf(enable('new-checkout')));
  for (const ref of ['HEAD', 'main']) {
    const line = await clone.git('reflog', 'show', '--format=%H %gs', '-1', ref);
    assert.is(line, `${commit} commit: acme/web-app: enable new-checkout in production`);
  }
});

writing(
  'a write that says what is there makes no commit (DESIGN 6)',
  async ({ clone: { clone, writer } }) => {
    const before = await clone.head();
    const result = await writer.write(writeOf(enable('new-checkout', false)));
    assert.is(result.changed, false);
    assert.is(result.commit, before);
    assert.is(result.blobs.get(CHECKOUT), await clone.git('rev-parse', `HEAD:${CHECKOUT}`));
    assert.is(await clone.head(), before);
  },
);

writing(
  'a new file of a new folder, and the last file of one (DESIGN 6)',
  async ({ clone: { clone, writer } }) => {
    const file = { environments: { production: { enabled: true } } };
    await clone.commit({ 'flags/acme/mobile/project.yaml': 'environments: [production]\n' });
    const mobile = { kind: 'flag.create', project: 'mobile', flag: 'push', file } as never;
    await writer.write(writeOf(mobile));
    assert.ok(statSync(join(clone.dir, 'flags/acme/mobile/flags/push.yaml')).isFile());
    await writer.write(writeOf({ kind: 'flag.delete', project: 'mobile', flag: 'push' } as never));
    await writer.close();
    assert.is(statSync(join(clone.dir, 'flags/acme/mobile/flags'), { throwIfNoEntry: false }), undefined);
    assert.is(await clone.git('ls-tree', '--name-only', 'HEAD:flags/acme/mobile'), 'project.yaml');
    assert.is(await clone.git('status', '--porcelain'), '');
    assert.is(await clone.git('fsck', '--full', '--strict'), '');
  },
);

writing(
  'deleting a flag takes its overrides and tests along (DESIGN 6)',
  async ({ clone: { clone, writer } }) => {
    await clone.commit({
      'flags/acme/web-app/overrides/dark-mode.yaml': '- { users: [u-1], serve: off }\n',
      'flags/acme/web-app/tests/dark-mode.yaml':
        '- { name: on, environment: production, expect: { variant: on } }\n',
    });
    const { commit, blobs } = await writer.write(writeOf(remove('dark-mode')));
    assert.is(blobs.size, 0);
    const shown = await clone.git('show', '--name-status', '--format=', commit);
    assert.equal(
      shown
        .split('\n')
        .map((line) => line.slice(2))
        .sort(),
      [DARK_MODE, 'flags/acme/web-app/overrides/dark-mode.yaml', 'flags/acme/web-app/tests/dark-mode.yaml'],
    );
  },
);

writing('an updatedAt that the file has is renewed', async ({ clone: { clone, writer } }) => {
  await clone.commit({
    [DARK_MODE]: 'updatedAt: "2025-01-01T00:00:00Z" # ours\nenvironments:\n  production: { enabled: true }\n',
  });
  await writer.write(writeOf(enable('dark-mode', false)));
  const text = readFileSync(join(clone.dir, DARK_MODE), 'utf8');
  assert.ok(text.startsWith('updatedAt: "2026-01-15T10:00:00Z" # ours\n'));
});

writing('a new flag names its schema where the repository has it', async ({ clone: { clone, writer } }) => {
  await writer.write(writeOf(create('one')));
  await clone.commit({ 'schemas/flag.json': '{}\n' });
  await writer.write(writeOf(create('two')));
  const read = (key: string): string =>
    readFileSync(join(clone.dir, `flags/acme/web-app/flags/${key}.yaml`), 'utf8');
  assert.is(read('one'), 'environments:\n  production: { enabled: true }\n');
  assert.is(read('two'), `# yaml-language-server: $schema=../../../../schemas/flag.json\n${read('one')}`);
});

writing('a file keeps its mode', async ({ clone: { clone, writer } }) => {
  await clone.git('update-index', '--chmod=+x', CHECKOUT);
  await clone.git('commit', '--quiet', '--message', 'mode');
  await clone.git('checkout', '--force', '--', '.');
  await writer.write(writeOf(enable('new-checkout')));
  await writer.close();
  assert.match(await clone.git('ls-tree', 'HEAD', CHECKOUT), /^100755/);
  assert.is(await clone.git('status', '--porcelain'), '');
});

writing(
  'If-Match that fails is 412, names the current id, and comes before anything else (P12)',
  async ({ clone: { clone, writer } }) => {
    const current = await clone.git('rev-parse', `HEAD:${CHECKOUT}`);
    const failure = await failureOf(
      writer.write(writeOf(enable('new-checkout'), expecting(CHECKOUT, { ifMatch: ['0'.repeat(40)] }))),
    );
    assert.is(failure.kind, 'precondition');
    assert.is(failure.data.current, current);
    const exists = await failureOf(
      writer.write(writeOf(create('dark-mode'), expecting(DARK_MODE, { ifNoneMatch: '*' }))),
    );
    assert.is(exists.kind, 'precondition');
    const missing = await failureOf(
      writer.write(writeOf(create('brand-new'), expecting(BRAND_NEW, { ifMatch: '*' }))),
    );
    assert.is(missing.kind, 'precondition');
    assert.is(
      (await writer.write(writeOf(enable('new-checkout'), expecting(CHECKOUT, { ifMatch: [current] }))))
        .changed,
      true,
    );
  },
);

writing('50 concurrent writes are 50 commits in a row (P2)', async ({ clone: { clone, writer } }) => {
  const writes = Array.from({ length: 50 }, (_, number) => writer.write(writeOf(create(`flag-${number}`))));
  const results = await Promise.all(writes);
  await writer.close();
  assert.is(new Set(results.map(({ commit }) => commit)).size, 50);
  assert.is(await clone.git('rev-list', '--count', 'HEAD'), '51');
  assert.is(await clone.git('rev-list', '--merges', 'HEAD'), '');
  const files = await clone.git('ls-tree', '--name-only', 'HEAD:flags/acme/web-app/flags');
  assert.is(files.split('\n').length, 52);
  assert.is(await clone.git('status', '--porcelain'), '');
});

writing('of 100 racing writes with If-Match one wins (P12)', async ({ clone: { clone, writer } }) => {
  const ifMatch = [await clone.git('rev-parse', `HEAD:${CHECKOUT}`)];
  const race = Array.from({ length: 100 }, (_, number) =>
    writer.write(writeOf(describeFlag('new-checkout', `text ${number}`), expecting(CHECKOUT, { ifMatch }))),
  );
  const results = await Promise.allSettled(race);
  const lost = results.filter((result) => result.status === 'rejected');
  assert.is(lost.length, 99);
  assert.ok(lost.every(({ reason }) => reason.kind === 'precondition'));
  assert.is(await clone.git('rev-list', '--count', 'HEAD'), '2');
});

writing(
  'a writer that closes ends the write that runs and refuses those that have not begun (P20)',
  async ({ clone: { clone, close } }) => {
    await close();
    let closing: Promise<void> | undefined;
    const create: Disk['create'] = (path, bytes, mode) => {
      closing ??= path.includes('object-') ? writer.close() : undefined;
      return machineDisk.create(path, bytes, mode);
    };
    const { writer, cache } = await openOn(clone, { disk: { ...machineDisk, create } });
    const running = writer.write(writeOf(enable('new-checkout')));
    const waiting = failureOf(writer.write(writeOf(enable('dark-mode', false))));
    assert.is((await running).commit, await clone.head());
    assert.is((await waiting).code, 'SHUTTING_DOWN');
    await closing;
    assert.is((await failureOf(writer.write(writeOf(enable('dark-mode', false))))).code, 'SHUTTING_DOWN');
    assert.is(await clone.git('rev-list', '--count', 'HEAD'), '2');
    assert.is(await clone.git('status', '--porcelain'), '');
    await cache.close();
  },
);

writing(
  'the text that is there is the text that changes, not what the model makes of it',
  async ({ clone: { clone, writer } }) => {
    await writer.write(writeOf(describeFlag('new-checkout', 'New')));
    const text = String(FILES[CHECKOUT]).replace('Redesigned checkout page', 'New');
    assert.is(readFileSync(join(clone.dir, CHECKOUT), 'utf8'), text);
  },
);

writing.run();
