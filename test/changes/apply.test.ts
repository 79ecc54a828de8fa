import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { applyChanges } from '../../src/changes/apply.js';
import type { BaseFiles } from '../../src/changes/base-files.js';
import type { Change } from '../../src/changes/change.js';
import { parseFile } from '../../src/files/parse.js';
import { Failure } from '../../src/model/failure.js';
import type { FlagKey, OrgKey, ProjectKey } from '../../src/model/keys.js';

const options = { org: 'acme' as OrgKey, now: Date.UTC(2026, 0, 15, 10) };
const project = 'web-app' as ProjectKey;
const ROOT = 'flags/acme/web-app';

function base(files: Readonly<Record<string, string>>, hasSchemas = false): BaseFiles {
  const all = new Map(Object.entries({ [`${ROOT}/project.yaml`]: 'environments: [production]\n', ...files }));
  return {
    paths: new Set(all.keys()),
    readText: (path) => all.get(path),
    hasSchemas,
    readLastGood: () => undefined,
    filesNaming: () => [],
    environmentsOf: () => undefined,
  };
}

function update(key: string, ...edits: (Change & { kind: 'flag.update' })['edits']): Change {
  return { kind: 'flag.update', project, flag: key as FlagKey, edits };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'nothing failed';
}

const ORDERED = `# The team's flag.
name: A # short
# where it is on
environments:
  production:
    enabled: true
    # all others
    serve: off
  staging: { enabled: true, serve: off }
`;

test('new fields stand where a new file has them, and comments stay above what they are about', () => {
  const { edits } = applyChanges(
    [
      update('a', { at: ['owner'], set: 'team-a' }, { at: ['id'], set: 'flg_1' }),
      update('a', { at: ['environments', 'production', 'killed'], set: true }),
      update('a', { at: ['environments', 'staging', 'segments'], set: ['beta'] }),
    ],
    base({ [`${ROOT}/flags/a.yaml`]: ORDERED }),
    options,
  );
  const text = ORDERED.replace('name: A # short\n', 'id: flg_1\nname: A # short\nowner: team-a\n')
    .replace('    # all others\n', '    killed: true\n    # all others\n')
    .replace('enabled: true, serve', 'enabled: true, segments: [beta], serve');
  assert.equal(edits, [{ path: `${ROOT}/flags/a.yaml`, text }]);
});

test('changes are applied one after the other, each to what the ones before it left', () => {
  const create: Change = { kind: 'flag.create', project, flag: 'a' as FlagKey, file: { environments: {} } };
  const { edits, effective } = applyChanges(
    [create, update('a', { at: ['owner'], set: 'team-a' })],
    base({}),
    options,
  );
  assert.equal(edits, [{ path: `${ROOT}/flags/a.yaml`, text: 'owner: team-a\nenvironments: {}\n' }]);
  assert.is(effective.length, 2);
});

test('each file comes parsed as its bytes will be, whatever changed it; none comes for one that goes', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((key) => `${ROOT}/flags/${key}.yaml`) as [string, string, string];
  const files = base({ [a]: '\uFEFFname: A  \nenvironments: {}\n', [b]: 'environments: {}\n' });
  const changes: readonly Change[] = [
    update('a', { at: ['owner'], set: 7 }),
    { kind: 'flag.delete', project, flag: 'b' as FlagKey },
    { kind: 'flag.create', project, flag: 'c' as FlagKey, file: { environments: {} } },
  ];
  const { edits, parsed } = applyChanges(changes, files, options);
  assert.equal(
    edits.map(({ path }) => path),
    [a, b, c],
  );
  assert.equal(
    parsed,
    edits.map(({ text }) => (text === null ? null : parseFile('flag', Buffer.from(text)))),
  );
});

test('edits that change nothing are not among what is effective', () => {
  const files = base({ [`${ROOT}/flags/a.yaml`]: 'name: A\nenvironments: {}\n' });
  const both = update('a', { at: ['name'], set: 'A' }, { at: ['owner'], set: 'team-a' });
  assert.equal(applyChanges([both], files, options).effective, [
    update('a', { at: ['owner'], set: 'team-a' }),
  ]);
  const none = applyChanges([update('a', { at: ['name'], set: 'A' })], files, options);
  assert.equal(none, { edits: [], parsed: [], effective: [] });
});

test('a change and its opposite leave no file to write', () => {
  const files = base({ [`${ROOT}/flags/a.yaml`]: 'name: A\nenvironments: {}\n' });
  const changes = [update('a', { at: ['name'], set: 'B' }), update('a', { at: ['name'], set: 'A' })];
  assert.equal(applyChanges(changes, files, options).edits, []);
});

test('a new flag is written in the order of the fields, environments last', () => {
  const file = { environments: { production: { enabled: true } }, tags: ['web'], description: 'New' };
  const create: Change = { kind: 'flag.create', project, flag: 'a' as FlagKey, file };
  assert.is(
    applyChanges([create], base({}), options).edits[0]?.text,
    'description: New\ntags: [web]\nenvironments:\n  production: { enabled: true }\n',
  );
});

test('deleting a flag takes its overrides and tests along, and only those that are there', () => {
  const files = base({ [`${ROOT}/flags/a.yaml`]: 'environments: {}\n', [`${ROOT}/tests/a.yaml`]: '[]\n' });
  assert.equal(applyChanges([{ kind: 'flag.delete', project, flag: 'a' as FlagKey }], files, options).edits, [
    { path: `${ROOT}/flags/a.yaml`, text: null },
    { path: `${ROOT}/tests/a.yaml`, text: null },
  ]);
});

test('a file that no edit can read is deleted all the same', () => {
  const files = base({ [`${ROOT}/flags/a.yaml`]: 'a: [1\n' });
  const unreadable: BaseFiles = {
    ...files,
    readText: () => {
      throw new Error('a text was read');
    },
  };
  const { edits } = applyChanges(
    [{ kind: 'flag.delete', project, flag: 'a' as FlagKey }],
    unreadable,
    options,
  );
  assert.equal(edits, [{ path: `${ROOT}/flags/a.yaml`, text: null }]);
});

test('what is switched on only unless it is killed is judged on the text that is edited (FLAG_KILLED)', () => {
  const path = `${ROOT}/flags/a.yaml`;
  const killed = 'environments:\n  production: { enabled: true, killed: true }\n';
  const change = {
    ...update('a', { at: ['environments', 'production', 'enabled'], set: true }),
    unlessKilledIn: 'production',
  } as Change;
  assert.is(
    codeOf(() => applyChanges([change], base({ [path]: killed }), options)),
    'FLAG_KILLED',
  );
  for (const text of [
    killed.replace('killed: true', 'killed: false'),
    killed.replace('production', 'staging'),
  ])
    assert.is(
      codeOf(() => applyChanges([change], base({ [path]: text }), options)),
      'nothing failed',
    );
});

test('changes that others of the set take back are not among what is effective', () => {
  const files = base({ [`${ROOT}/flags/a.yaml`]: 'name: A\n', [`${ROOT}/flags/b.yaml`]: 'name: B\n' });
  const there = update('a', { at: ['owner'], set: 'team-a' });
  const back = update('a', { at: ['owner'], remove: true });
  const other = update('b', { at: ['owner'], set: 'team-b' });
  assert.equal(applyChanges([there, back, other], files, options).effective, [other]);
  assert.equal(applyChanges([there, back], files, options), { edits: [], parsed: [], effective: [] });
});

test('an updatedAt that the file has is renewed, where something else changes', () => {
  const path = `${ROOT}/flags/a.yaml`;
  const files = base({ [path]: '\uFEFFname: A\nupdatedAt: 2025-01-01T00:00:00Z\nenvironments: {}\n' });
  const { edits, effective } = applyChanges([update('a', { at: ['name'], set: 'B' })], files, options);
  assert.equal(edits, [{ path, text: '\uFEFFname: B\nupdatedAt: 2026-01-15T10:00:00Z\nenvironments: {}\n' }]);
  assert.equal(effective, [update('a', { at: ['name'], set: 'B' })]);
  assert.equal(applyChanges([update('a', { at: ['name'], set: 'A' })], files, options).edits, []);
});

test('a new flag names its schema where the repository keeps the schemas', () => {
  const create: Change = { kind: 'flag.create', project, flag: 'a' as FlagKey, file: { environments: {} } };
  assert.is(
    applyChanges([create], base({}, true), options).edits[0]?.text,
    '# yaml-language-server: $schema=../../../../schemas/flag.json\nenvironments: {}\n',
  );
});

test('of names that differ only in case a set makes one, also where it has made or removed the other', () => {
  const make = (key: string): Change => {
    return { kind: 'flag.create', project, flag: key as FlagKey, file: { environments: {} } };
  };
  const there = base({ [`${ROOT}/flags/a.yaml`]: 'environments: {}\n' });
  const gone: Change = { kind: 'flag.delete', project, flag: 'a' as FlagKey };
  for (const changes of [[make('b'), make('B')], [make('A')], [make('b'), gone, make('A'), make('a')]]) {
    assert.is(
      codeOf(() => applyChanges(changes, there, options)),
      'FLAG_EXISTS',
    );
  }
  assert.equal(
    applyChanges([gone, make('A')], there, options).edits.map(({ text }) => text),
    [null, 'environments: {}\n'],
  );
});

test('what cannot be is refused', () => {
  const files = base({ [`${ROOT}/flags/a.yaml`]: 'a: [1\n' });
  const create = (key: string, of = project): Change => {
    return { kind: 'flag.create', project: of, flag: key as FlagKey, file: { environments: {} } };
  };
  assert.is(
    codeOf(() => applyChanges([create('A')], files, options)),
    'FLAG_EXISTS',
  );
  assert.is(
    codeOf(() => applyChanges([create('b', 'mobile' as ProjectKey)], files, options)),
    'PROJECT_NOT_FOUND',
  );
  assert.is(
    codeOf(() => applyChanges([update('b')], files, options)),
    'FLAG_NOT_FOUND',
  );
  assert.is(
    codeOf(() => applyChanges([update('a', { at: ['name'], set: 'A' })], files, options)),
    'FILE_BROKEN',
  );
});

test.run();
