import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { EnvironmentKey, ProjectKey } from '../../src/model/keys.js';
import { FILES, failureOf, flagKey, openWritable, PROJECT, type Writable, writeOf } from './writable.js';

const MOBILE = 'mobile' as ProjectKey;
const STAGING = 'staging' as EnvironmentKey;
const HASH = 'a'.repeat(64);

const ORG_FILE = `name: Acme # the shop
members:
  - { email: marc@example.com, permissions: ["org:admin"] } # founder
  - { email: ada@example.com, permissions: ["env:web-app/staging:admin"] }
`;
const USED: Readonly<Record<string, string>> = {
  ...FILES,
  'flags/acme/org.yaml': ORG_FILE,
  'flags/acme/web-app/project.yaml': 'environments: [development, staging, production]\n',
  'flags/acme/web-app/flags/theme.yaml': `environments:
  staging: { enabled: true }
  production: { enabled: false } # later
`,
  'flags/acme/web-app/overrides/theme.yaml': '- { users: [u-1], environments: [staging] }\n',
  'flags/acme/web-app/tests/theme.yaml':
    '- { name: one, environment: staging, expect: { variant: on } }\n- { name: two, environment: production, expect: { variant: on } }\n',
  'flags/acme/web-app/keys.yaml': `- { name: CI, environment: staging, kind: server, hash: ${HASH}, prefix: fs_1 }\n`,
};

const writing = suite<{ on: Writable }>('writes of projects, environments, people and keys');
writing.before.each(async (context) => {
  context.on = await openWritable(USED);
});
writing.after.each(({ on }) => on.close());

/** What `git` says of the last commit. */
async function lastCommit({ clone }: Writable): Promise<readonly string[]> {
  const lines = await clone.git(
    'show',
    '--format=%s|%(trailers:key=Flagstaff-Change,valueonly)',
    '--name-status',
    'HEAD',
  );
  return lines.split('\n').filter((line) => line !== '' && line !== '|');
}

/** A preview and the write tell the same, and leave the clone sound. */
async function write(on: Writable, ...changes: readonly [Change, ...Change[]]): Promise<readonly string[]> {
  const request = { ...writeOf(changes[0]), changes };
  const before = await on.clone.head();
  const preview = await on.writer.preview(request);
  assert.equal([preview.problems, preview.refusals, preview.changed], [[], [], true]);
  assert.is(await on.clone.head(), before);
  const result = await on.writer.write(request);
  assert.equal(preview.differences, result.differences);
  assert.is(result.commit, await on.clone.head());
  assert.is(on.cache.revision, result.commit);
  assert.is(await on.clone.git('status', '--porcelain'), '');
  assert.is(await on.clone.git('fsck', '--full', '--strict'), '');
  return result.differences.map(({ sentence }) => sentence);
}

/** A preview and the write are refused alike, and nothing is written. */
async function refusal(on: Writable, change: Change): Promise<string> {
  const before = await on.clone.head();
  const failure = await failureOf(on.writer.write(writeOf(change)));
  assert.is((await failureOf(on.writer.preview(writeOf(change)))).code, failure.code);
  assert.is(await on.clone.head(), before);
  return `${failure.kind} ${failure.code}`;
}

const createMobile: Change = {
  kind: 'project.create',
  project: MOBILE,
  file: { name: 'Mobile', environments: ['production'] },
};

writing('a project is made and served, and the default one stays the default (DESIGN 7)', async ({ on }) => {
  await write(on, createMobile);
  assert.equal(await lastCommit(on), [
    'acme: create project mobile|project.create mobile',
    'A\tflags/acme/mobile/project.yaml',
    'M\tflags/acme/org.yaml',
  ]);
  const served = on.cache.orgs.get('acme')?.snapshot;
  assert.is(served?.defaultProject, PROJECT);
  assert.equal(served?.projects.get(MOBILE)?.environments, ['production']);
  assert.is(await on.clone.git('show', 'HEAD:flags/acme/org.yaml'), `${ORG_FILE}defaultProject: web-app`);
  assert.is(await refusal(on, createMobile), 'conflict PROJECT_EXISTS');
});

writing('a project goes with its folder, and no other one does', async ({ on }) => {
  await write(on, createMobile);
  const remove: Change = { kind: 'project.delete', project: PROJECT, cascade: false };
  assert.is(await refusal(on, remove), 'conflict PROJECT_IN_USE');
  await write(on, { ...remove, cascade: true });
  const names = await on.clone.git('ls-files', 'flags');
  assert.equal(names.split('\n'), ['flags/acme/mobile/project.yaml', 'flags/acme/org.yaml']);
  assert.is(on.cache.orgs.get('acme')?.snapshot.defaultProject, MOBILE);
  await write(on, { ...remove, project: MOBILE });
  assert.is(on.cache.orgs.get('acme')?.snapshot.projects.size, 0);
  await write(on, createMobile);
});

writing('an organization without a file of its own outlives its last project', async () => {
  const { 'flags/acme/org.yaml': _, ...bare } = FILES;
  const on = await openWritable(bare);
  await write(on, { kind: 'project.delete', project: PROJECT, cascade: true });
  assert.is(on.cache.orgs.get('acme')?.snapshot.projects.size, 0);
  await write(on, createMobile);
  await on.close();
});

const dropStaging: Change = {
  kind: 'environment.delete',
  project: PROJECT,
  environment: STAGING,
  cascade: true,
};

writing('an environment takes what names it along, and the next one begins without it', async ({ on }) => {
  assert.is(await refusal(on, { ...dropStaging, cascade: false }), 'conflict ENVIRONMENT_IN_USE');
  const sentences = await write(on, dropStaging);
  assert.ok(sentences.includes('environment staging removed'), sentences.join('; '));
  assert.equal(await lastCommit(on), [
    'acme/web-app: delete environment staging|environment.delete web-app/staging',
    'M\tflags/acme/org.yaml',
    'M\tflags/acme/web-app/flags/theme.yaml',
    'D\tflags/acme/web-app/keys.yaml',
    'D\tflags/acme/web-app/overrides/theme.yaml',
    'M\tflags/acme/web-app/project.yaml',
    'M\tflags/acme/web-app/tests/theme.yaml',
  ]);
  await write(on, {
    kind: 'environment.create',
    project: PROJECT,
    environment: { key: 'staging', name: 'Stage' },
  });
  const project = on.cache.orgs.get('acme')?.snapshot.projects.get(PROJECT);
  assert.is(project?.defaultEnvironment, 'production');
  assert.equal(project?.flags.get(flagKey('theme'))?.file.environments, { production: { enabled: false } });
  assert.equal([project?.apiKeys, project?.flags.get(flagKey('theme'))?.overrides], [[], []]);
});

writing('the roles in an environment that goes, go along', async ({ on }) => {
  await write(on, dropStaging);
  const org = on.cache.orgs.get('acme');
  assert.equal(
    org?.problems.filter(({ path }) => path.endsWith('org.yaml')),
    [],
  );
  assert.not.match(JSON.stringify(org?.snapshot.file), '/staging:');
});

writing(
  'a flag that is served from an older commit keeps its environment until it is repaired',
  async ({ on }) => {
    const theme = 'flags/acme/web-app/flags/theme.yaml';
    await on.clone.commit({ [theme]: 'environments: { staging: [\n' });
    assert.is(await refusal(on, dropStaging), 'conflict FILE_BROKEN');
  },
);

writing('people come, change and go, each as one commit by who asked (P17)', async ({ on }) => {
  const entry = { email: 'eve@example.com', name: 'Eve', permissions: ['project:web-app:member'] };
  await write(on, { kind: 'access.create', list: 'members', entry });
  assert.equal(await lastCommit(on), [
    'acme: add member eve@example.com|access.create members/eve@example.com',
    'M\tflags/acme/org.yaml',
  ]);
  assert.is(await on.clone.git('log', '-1', '--format=%an <%ae>'), 'Marc <marc@example.com>');
  const edits = [{ at: ['permissions', 0], set: 'org:admin' }];
  await write(on, { kind: 'access.update', list: 'members', name: 'EVE@example.com', edits });
  await write(on, { kind: 'access.delete', list: 'members', name: 'marc@example.com' });
  const last: Change = { kind: 'access.delete', list: 'members', name: 'eve@example.com' };
  assert.is(await refusal(on, last), 'conflict LAST_ADMIN');
  await write(on, { ...last, mayLeaveNoAdmin: true });
  assert.equal(
    on.cache.orgs.get('acme')?.snapshot.file.members?.map(({ email }) => email),
    ['ada@example.com'],
  );
});

writing('a role that nobody knows is refused with its place', async ({ on }) => {
  const entry = { email: 'eve@example.com', permissions: ['org:owner'] };
  const change: Change = { kind: 'access.create', list: 'members', entry };
  const failure = await failureOf(on.writer.write(writeOf(change)));
  assert.is(`${failure.kind} ${failure.code}`, 'unprocessable INVALID_FLAG_FILES');
  assert.equal(
    failure.data.problems?.map(({ path, line, code }) => `${path}:${line} ${code}`),
    ['flags/acme/org.yaml:5 INVALID_VALUE'],
  );
});

writing('what would forge a commit is refused before anything is written (P17)', async ({ on }) => {
  const forged = 'Eve\n\nFlagstaff-Org: other';
  const entry = {
    name: forged,
    environment: 'production',
    kind: 'server',
    hash: HASH,
    prefix: 'fs_2',
  } as const;
  for (const change of [
    { kind: 'access.create', list: 'members', entry: { email: 'eve@example.com', name: forged } },
    { kind: 'access.create', list: 'invitations', entry: { email: `${forged}@example.com` } },
    { kind: 'key.create', project: PROJECT, entry },
    { ...createMobile, file: { name: forged, environments: ['production'] } },
    { kind: 'environment.create', project: PROJECT, environment: { key: 'qa', name: forged } },
  ] satisfies readonly Change[]) {
    assert.is(await refusal(on, change), 'invalid INVALID_NAME');
  }
});

writing('a key is made, replaced and deleted, and no answer tells a hash (P18)', async ({ on }) => {
  const fresh = 'b'.repeat(64);
  const entry = {
    id: 'key_2',
    name: 'Web',
    environment: 'staging',
    kind: 'client',
    hash: fresh,
    prefix: 'fs_2',
  } as const;
  const told = [...(await write(on, { kind: 'key.create', project: PROJECT, entry }))];
  const place = { project: PROJECT, environment: STAGING, id: 'key_2' } as const;
  const previous = { hash: fresh, prefix: 'fs_2', until: '2026-01-16T10:00:00Z' };
  const edits = [
    { at: ['hash'], set: 'c'.repeat(64) },
    { at: ['prefix'], set: 'fs_3' },
    { at: ['previous'], set: previous },
  ];
  told.push(...(await write(on, { kind: 'key.update', ...place, edits })));
  assert.is(
    (await lastCommit(on))[0],
    'acme/web-app: rotate API key key_2 for staging|key.update web-app/key_2',
  );
  const served = on.cache.orgs.get('acme')?.snapshot.projects.get(PROJECT)?.apiKeys[1];
  assert.equal([served?.hash, served?.previous], ['c'.repeat(64), previous]);
  told.push(...(await write(on, { kind: 'key.delete', ...place })));
  assert.is(told.length, 3);
  assert.not.match(told.join(), /[abc]{64}/);
  const again = { ...entry, hash: HASH };
  assert.is(await firstError(on, { kind: 'key.create', project: PROJECT, entry: again }), 'DUPLICATE_NAME');
});

writing('a copy is a flag of its own at once', async ({ on }) => {
  await write(on, { kind: 'flag.copy', project: PROJECT, flag: flagKey('theme'), to: flagKey('theme-2') });
  assert.equal(await lastCommit(on), [
    'acme/web-app: copy theme to theme-2|flag.copy web-app/theme-2',
    'A\tflags/acme/web-app/flags/theme-2.yaml',
    'A\tflags/acme/web-app/tests/theme-2.yaml',
  ]);
  const flags = on.cache.orgs.get('acme')?.snapshot.projects.get(PROJECT)?.flags;
  assert.equal(flags?.get(flagKey('theme-2'))?.file, flags?.get(flagKey('theme'))?.file);
  assert.not.equal(flags?.get(flagKey('theme-2'))?.id, flags?.get(flagKey('theme'))?.id);
  await write(on, createMobile);
  const elsewhere: Change = {
    kind: 'flag.copy',
    project: PROJECT,
    flag: flagKey('theme'),
    to: flagKey('theme'),
    toProject: MOBILE,
  };
  assert.is(await firstError(on, elsewhere), 'UNKNOWN_ENVIRONMENT');
});

/** The first error that the files would have. */
async function firstError(on: Writable, change: Change): Promise<string | undefined> {
  return (await failureOf(on.writer.write(writeOf(change)))).data.problems?.[0]?.code;
}

writing.run();
