import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, OverrideName } from '../../src/changes/change.js';
import type { OverrideEntry } from '../../src/model/override.js';
import { apply, baseOf, type Files, flag, production, project, refusal, staging, texts } from './drafted.js';

const test = suite('overrides');

const FLAG = { 'flags/a.yaml': 'environments: {}\n' };
const OVERRIDES = `# exceptions
- { users: [u-1, u-2], reason: dogfooding } # ours
# contract
- companies: [c-9]
  environments: [staging, production]
  serve: off
- { users: [Eve@example.com], environments: [production], serve: off }
`;

function file(text: string | null): Files {
  return { ...FLAG, 'overrides/a.yaml': text };
}

function only(text: string | null): Files {
  return { 'overrides/a.yaml': text };
}

function create(entry: OverrideEntry): Change {
  return { kind: 'override.create', project, flag, entry };
}

function remove(...names: readonly OverrideName[]): Change {
  return { kind: 'override.delete', project, flag, names };
}

test('a new entry is the last one; the first one makes the file', () => {
  const change = create({ users: ['u-3'], serve: 'off' });
  const line = '- { users: [u-3], serve: "off" }\n';
  assert.equal(texts(file(OVERRIDES), change), only(OVERRIDES + line));
  assert.equal(texts(FLAG, change), only(line));
  assert.equal(texts(file('# none yet\n'), change), only(`# none yet\n${line}`));
  const modeline = '# yaml-language-server: $schema=../../../../schemas/overrides.json\n';
  assert.equal(texts(baseOf(FLAG, { hasSchemas: true }), change), only(modeline + line));
});

test('an entry is changed, found by a name as the flag finds it', () => {
  const change = (name: OverrideName): Change => ({
    kind: 'override.update',
    project,
    flag,
    name,
    edits: [
      { at: ['reason'], set: 'contract 4711' },
      { at: ['serve'], set: 'off' },
    ],
  });
  assert.equal(
    texts(file(OVERRIDES), change({ kind: 'company', name: 'c-9', environment: staging })),
    only(
      OVERRIDES.replace(
        '[staging, production]\n  serve: off\n',
        '[production]\n  serve: off\n- { companies: [c-9], environments: [staging], serve: "off", reason: contract 4711 }\n',
      ),
    ),
  );
  const address = change({ kind: 'user', name: 'eve@EXAMPLE.com' });
  assert.equal(
    texts(file(OVERRIDES), address),
    only(OVERRIDES.replace('serve: off }', 'serve: off, reason: contract 4711 }')),
  );
  assert.equal(apply(file(OVERRIDES), address).effective, [
    { ...address, edits: [{ at: ['reason'], set: 'contract 4711' }] },
  ]);
});

test('only the name is changed, and only in the environment: others of its entry keep what it says', () => {
  const update = (name: OverrideName): Change => ({
    kind: 'override.update',
    project,
    flag,
    name,
    edits: [{ at: ['serve'], set: 'off' }],
  });
  const user = { kind: 'user', name: 'u-2' } as const;
  const text = '- { users: [u-1, u-2], companies: [c-1], reason: x } # ours\n- { users: [u-3] }\n';
  const others = '- { users: [u-1], companies: [c-1], reason: x } # ours\n';
  assert.equal(
    texts(file(text), update(user)),
    only(`${others}- { users: [u-2], reason: x, serve: "off" }\n- { users: [u-3] }\n`),
  );
  assert.equal(
    texts(file(text), update({ ...user, environment: production })),
    only(
      `${others}- { users: [u-2], environments: [staging], reason: x }\n` +
        '- { users: [u-2], environments: [production], reason: x, serve: "off" }\n- { users: [u-3] }\n',
    ),
  );
  assert.equal(
    texts(file(text), update({ kind: 'user', name: 'u-3', environment: production })),
    only(
      text.replace('[u-3] }\n', '[u-3], environments: [staging] }\n') +
        '- { users: [u-3], environments: [production], serve: "off" }\n',
    ),
  );
  const off = file('- { users: [u-1, u-2], serve: off }\n');
  assert.equal(apply(off, update(user)), { edits: [], effective: [] });
});

test('a name without an environment means all entries that have it', () => {
  const text =
    '- { users: [u-1], environments: [staging] }\n- { users: [u-1], environments: [production] }\n';
  const change: Change = {
    kind: 'override.update',
    project,
    flag,
    name: { kind: 'user', name: 'u-1' },
    edits: [{ at: ['until'], set: '2027-01-31' }],
  };
  assert.equal(texts(file(text), change), only(text.replaceAll('] }', '], until: "2027-01-31" }')));
  assert.equal(texts(file(text), remove({ kind: 'user', name: 'u-1' })), only(null));
});

test('a name goes out of its entry; an entry without names goes, and a file without entries', () => {
  const text = '- { users: [u-1, u-2], companies: [c-1] } # ours\n- { users: [u-3] }\n';
  const [one, two, three] = ['u-1', 'u-2', 'u-3'].map((name) => ({ kind: 'user', name }) as const);
  const company = { kind: 'company', name: 'c-1' } as const;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three names');
  assert.equal(texts(file(text), remove(one)), only(text.replace('u-1, u-2', 'u-2')));
  assert.equal(texts(file(text), remove(one, two)), only(text.replace('users: [u-1, u-2], ', '')));
  assert.equal(texts(file(text), remove(company)), only(text.replace(', companies: [c-1]', '')));
  assert.equal(texts(file(text), remove(one, two, company)), only('- { users: [u-3] }\n'));
  assert.equal(texts(file(text), remove(three)), only('- { users: [u-1, u-2], companies: [c-1] } # ours\n'));
  assert.equal(texts(file(text), remove(three, one, company, two)), only(null));
});

test('in one environment, an entry that covers more is narrowed to the others', () => {
  const user = (name: string, environment = production): OverrideName => ({
    kind: 'user',
    name,
    environment,
  });
  const company = (environment = production): OverrideName => ({ kind: 'company', name: 'c-9', environment });
  assert.equal(
    texts(file(OVERRIDES), remove(company())),
    only(OVERRIDES.replace('[staging, production]', '[staging]')),
  );
  assert.equal(
    texts(file('- { users: [u-1], reason: x }\n'), remove(user('u-1'))),
    only('- { users: [u-1], reason: x, environments: [staging] }\n'),
  );
  assert.equal(
    texts(file(OVERRIDES), remove(user('eve@example.com'))),
    only(OVERRIDES.slice(0, OVERRIDES.indexOf('- { users: [Eve'))),
  );
  assert.equal(texts(file('- { companies: [c-9] }\n'), remove(company(), company(staging))), only(null));
});

test('of an entry with several names, only the name is narrowed', () => {
  const change = remove({ kind: 'user', name: 'u-1', environment: production });
  assert.equal(
    texts(file('- { users: [u-1, u-2], serve: off } # ours\n'), change),
    only(
      '- { users: [u-2], serve: off } # ours\n- { users: [u-1], environments: [staging], serve: "off" }\n',
    ),
  );
});

test('what cannot be is refused', () => {
  const name = { kind: 'user', name: 'nobody' } as const;
  const update: Change = { kind: 'override.update', project, flag, name, edits: [] };
  for (const change of [update, remove(name)]) {
    assert.is(refusal(file(OVERRIDES), change), 'OVERRIDE_NOT_FOUND');
    assert.is(refusal(FLAG, change), 'OVERRIDE_NOT_FOUND');
    assert.is(refusal({}, change), 'FLAG_NOT_FOUND');
    assert.is(refusal(file('{ users: [nobody] }\n'), change), 'FILE_BROKEN');
  }
  assert.is(refusal({}, create({ users: ['u-1'] })), 'FLAG_NOT_FOUND');
  assert.is(refusal(file('x\n'), create({ users: ['u-1'] })), 'FILE_BROKEN');
  const u1 = { kind: 'user', name: 'u-1' } as const;
  assert.is(refusal(file(OVERRIDES), remove(u1, u1)), 'OVERRIDE_NOT_FOUND');
  assert.is(
    refusal(file(OVERRIDES), remove({ ...u1, environment: 'moon' as never })),
    'ENVIRONMENT_NOT_FOUND',
  );
  const unknown = baseOf(file(OVERRIDES), { environmentsOf: () => undefined });
  assert.is(refusal(unknown, remove({ ...u1, environment: production })), 'FILE_BROKEN');
});

test.run();
