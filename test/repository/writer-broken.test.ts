import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FlagUpdate } from '../../src/changes/change.js';
import {
  CHECKOUT,
  create,
  DARK_MODE,
  describeFlag,
  enable,
  failureOf,
  flagKey,
  openWritable,
  PROJECT,
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const GOOD = 'environments:\n  production: { enabled: true }\n';

/** Each kind of broken file, and the place of what is wrong. */
const BROKEN: readonly (readonly [code: string, place: string, text: string | Buffer])[] = [
  ['YAML_SYNTAX', '2:1', `tags: [web\n${GOOD}`],
  ['YAML_FEATURE', '1:7', `name: &name Dark\n${GOOD}`],
  ['YAML_FEATURE', '1:11', `metadata: &a [x, x]\nb: [*a, *a]\n${GOOD}`],
  ['YAML_FEATURE', '3:1', `${GOOD}---\nname: Dark\n`],
  ['DUPLICATE_KEY', '2:1', `name: Dark\nname: Darker\n${GOOD}`],
  ['FORBIDDEN_KEY', '1:1', `__proto__: 1\n${GOOD}`],
  ['TOO_DEEP', '1:42', `metadata: ${'['.repeat(40)}${']'.repeat(40)}\n${GOOD}`],
  ['INVALID_UTF8', '1:7', Buffer.from([...Buffer.from('name: '), 0xff, 0x0a])],
  ['FILE_TOO_LARGE', '1:1', `${GOOD}#${' '.repeat(64 * 1024)}\n`],
  ['LFS_POINTER', '1:1', 'version https://git-lfs.github.com/spec/v1\n'],
  ['UNSAFE_INTEGER', '4:18', `type: number\n${GOOD}variants: { low: 99999999999999999999 }\n`],
  ['UNKNOWN_FIELD', '1:1', `enabled: true\n${GOOD}`],
  ['WRONG_TYPE', '1:15', 'environments: 7\n'],
  ['WRONG_TYPE', '2:15', 'environments:\n  production: yes please\n'],
  ['WRONG_TYPE', '1:1', '- environments: {}\n'],
  ['MISSING_FIELD', '2:3', 'environments:\n  staging: { killed: false }\n'],
  ['UNKNOWN_VARIANT', '2:39', 'environments:\n  production: { enabled: true, serve: blue }\n'],
  ['UNKNOWN_FLAG', '2:43', 'environments:\n  production: { enabled: true, requires: [nothing] }\n'],
  ['UNKNOWN_ENVIRONMENT', '3:3', `${GOOD}  moon: { enabled: true }\n`],
];

const broken = suite<{ on: Writable }>('writes to broken files');
broken.before.each(async (context) => {
  context.on = await openWritable();
});
broken.after.each(({ on }) => on.close());

/** Commits it, and waits until it is served from its last good version. */
async function breakFile({ clone, cache }: Writable, text: string | Buffer, path = DARK_MODE): Promise<void> {
  await clone.commit({ [path]: text });
  await cache.refresh();
}

broken('a flag whose file stays broken is not written: 409 with the places at the head', async ({ on }) => {
  for (const [code, place, text] of BROKEN) {
    await breakFile(on, text);
    const before = await on.clone.head();
    for (const change of [enable('dark-mode', false), enable('dark-mode')]) {
      const failure = await failureOf(on.writer.write(writeOf(change)));
      assert.equal([failure.kind, failure.code], ['conflict', 'FILE_BROKEN'], code);
      const [problem] = failure.data.problems ?? [];
      assert.is(problem?.path, DARK_MODE);
      assert.equal([problem?.code, `${problem?.line}:${problem?.column}`], [code, place]);
    }
    assert.is((await failureOf(on.writer.write(writeOf(create('dark-mode'))))).code, 'FLAG_EXISTS');
    assert.is(await on.clone.head(), before, code);
    await breakFile(on, GOOD);
  }
});

broken('a flag is deleted whatever its file is like', async ({ on }) => {
  for (const [code, , text] of BROKEN) {
    await breakFile(on, text);
    assert.is((await on.writer.write(writeOf(remove('dark-mode')))).changed, true, code);
    assert.is(await on.clone.git('ls-tree', 'HEAD', DARK_MODE), '');
    await breakFile(on, GOOD);
  }
});

broken('what an edit completes is no longer broken', async ({ on }) => {
  for (const text of ['# nothing yet\n', 'environments:\n  production: { killed: false }\n']) {
    await breakFile(on, text);
    assert.is((await on.writer.write(writeOf(enable('dark-mode')))).changed, true);
  }
});

broken('an edit that repairs the file is written, and served', async ({ on }) => {
  await breakFile(on, `description: ${'x'.repeat(3_000)}\n${GOOD.replace('true', 'false')}`);
  const isEnabled = (): boolean | undefined => {
    const flags = on.cache.orgs.get('acme')?.snapshot.projects.get(PROJECT)?.flags;
    return flags?.get(flagKey('dark-mode'))?.file.environments.production?.enabled;
  };
  assert.is(isEnabled(), true, 'the last good version is served');
  const { changed } = await on.writer.write(writeOf(describeFlag('dark-mode', 'Short')));
  assert.is(changed, true);
  assert.is(isEnabled(), false);
});

broken('a flag whose overrides are broken is not written either: it is not served anew', async ({ on }) => {
  await breakFile(on, '- { users: [u-1] }\n- { users: [u-2], serve: blue }\n', OVERRIDES);
  const failure = await failureOf(on.writer.write(writeOf(enable('dark-mode', false))));
  assert.is(failure.code, 'FILE_BROKEN');
  assert.equal(
    failure.data.problems?.map(({ path, line, code }) => ({ path, line, code })),
    [{ path: OVERRIDES, line: 2, code: 'UNKNOWN_VARIANT' }],
  );
});

broken('an error that a write adds to a file it does not touch has its line', async ({ on }) => {
  await breakFile(on, 'variants: { on: true, off: false, blue: true }\nenvironments: {}\n');
  await breakFile(on, '# who asked\n- { users: [u-1] }\n- { users: [u-2], serve: blue }\n', OVERRIDES);
  const edits = [{ at: ['variants', 'blue'], remove: true }] as const;
  const change: FlagUpdate = { kind: 'flag.update', project: PROJECT, flag: flagKey('dark-mode'), edits };
  const failure = await failureOf(on.writer.write(writeOf(change)));
  assert.is(failure.code, 'INVALID_FLAG_FILES');
  assert.equal(
    failure.data.problems?.map(({ path, line }) => ({ path, line })),
    [{ path: OVERRIDES, line: 3 }],
  );
});

broken('another flag is written meanwhile', async ({ on }) => {
  await breakFile(on, 'environments: 7\n');
  const { changed, paths } = await on.writer.write(writeOf(enable('new-checkout')));
  assert.equal([changed, paths], [true, [CHECKOUT]]);
});

broken.run();
