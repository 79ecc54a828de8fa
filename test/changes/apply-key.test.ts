import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { Edit } from '../../src/files/edit.js';
import { type ApiKeyEntry, apiKeyId } from '../../src/model/api-key.js';
import { org, production, project, staging } from './drafted.js';
import { effective, orgFailure, orgOf, orgTexts } from './drafted-org.js';

const test = suite('API keys (004, "API Keys")');

const HASH = { ci: 'a'.repeat(64), web: 'b'.repeat(64), fresh: 'c'.repeat(64) };
const KEYS = `# Who may ask.
- id: key_ci
  name: CI # the pipeline
  environment: production
  kind: server
  hash: ${HASH.ci}
  prefix: fs_server_ci
- { name: Web, environment: staging, kind: client, hash: ${HASH.web}, prefix: fs_client_web }
`;
const PROJECT = { 'web-app/project.yaml': 'environments: [staging, production]\n' };
const base = orgOf({ ...PROJECT, 'web-app/keys.yaml': KEYS });
const WEB = apiKeyId({ hash: HASH.web }, { org, project });

const ENTRY: ApiKeyEntry = {
  id: 'key_new',
  name: 'Shop',
  environment: 'production',
  kind: 'server',
  hash: HASH.fresh,
  prefix: 'fs_server_new',
};

function create(entry: Partial<ApiKeyEntry> = {}): Change {
  return { kind: 'key.create', project, entry: { ...ENTRY, ...entry } };
}

function update(id: string, edits: readonly Edit[], environment = production): Change {
  return { kind: 'key.update', project, environment, id, edits };
}

test('a new key is the last of the file, and the first one makes it', () => {
  const lines = `- id: key_new
  name: Shop
  environment: production
  kind: server
  hash: ${HASH.fresh}
  prefix: fs_server_new
`;
  assert.equal(orgTexts(base, create()), { 'web-app/keys.yaml': KEYS + lines });
  assert.equal(orgTexts(orgOf(PROJECT), create()), { 'web-app/keys.yaml': lines });
  assert.equal(orgTexts(orgOf(PROJECT, true), create()), {
    'web-app/keys.yaml': `# yaml-language-server: $schema=../../../schemas/keys.json\n${lines}`,
  });
});

test('a key is replaced in its lines, with what it replaces', () => {
  const previous = { hash: HASH.ci, prefix: 'fs_server_ci', until: '2026-01-16T10:00:00Z' };
  const edits = [
    { at: ['hash'], set: HASH.fresh },
    { at: ['prefix'], set: 'fs_server_new' },
    { at: ['previous'], set: previous },
  ];
  assert.equal(orgTexts(base, update('key_ci', edits)), {
    'web-app/keys.yaml': KEYS.replace(HASH.ci, HASH.fresh).replace(
      'prefix: fs_server_ci\n',
      `prefix: fs_server_new
  previous:
    hash: ${HASH.ci}
    prefix: fs_server_ci
    until: "2026-01-16T10:00:00Z"
`,
    ),
  });
  const same = [...edits, { at: ['name'], set: 'CI' }];
  assert.equal(effective(base, update('key_ci', same)), [update('key_ci', edits)]);
});

test('a key keeps its id, though that came from the hash that is replaced', () => {
  const edits = [{ at: ['hash'], set: HASH.fresh }];
  assert.equal(orgTexts(base, update(WEB, edits, staging)), {
    'web-app/keys.yaml': KEYS.replace(HASH.web, HASH.fresh).replace('_web }', `_web, id: ${WEB} }`),
  });
  const renamed = update(WEB, [{ at: ['name'], set: 'Site' }], staging);
  assert.equal(orgTexts(base, renamed), { 'web-app/keys.yaml': KEYS.replace('Web', 'Site') });
});

test('a key goes with its lines, and the file with its last key', () => {
  const drop = { kind: 'key.delete', project } as const;
  const ci: Change = { ...drop, environment: production, id: 'key_ci' };
  const web: Change = { ...drop, environment: staging, id: WEB };
  assert.equal(orgTexts(base, web), { 'web-app/keys.yaml': KEYS.slice(0, KEYS.indexOf('- { name')) });
  assert.equal(orgTexts(base, ci, web), { 'web-app/keys.yaml': null });
  assert.is(orgFailure(base, { ...ci, environment: staging }).code, 'KEY_NOT_FOUND');
  assert.is(orgFailure(orgOf(PROJECT), ci).code, 'KEY_NOT_FOUND');
});

test('nobody moves a key to where others manage keys', () => {
  for (const field of ['id', 'kind', 'environment']) {
    const failure = orgFailure(base, update('key_ci', [{ at: [field], set: 'staging' }]));
    assert.is(`${failure.kind} ${failure.code}`, 'invalid FIXED_FIELD', field);
  }
  assert.is(orgFailure(base, update('key_ci', [{ at: [], set: {} }])).code, 'FIXED_FIELD');
  assert.is(orgFailure(base, update('key_ci', [], staging)).code, 'KEY_NOT_FOUND');
});

test('what cannot be is refused', () => {
  assert.is(orgFailure(base, create({ environment: 'qa' })).code, 'ENVIRONMENT_NOT_FOUND');
  assert.is(orgFailure(orgOf({}), create()).code, 'PROJECT_NOT_FOUND');
  assert.is(orgFailure(orgOf({ ...PROJECT, 'web-app/keys.yaml': 'a: 1\n' }), create()).code, 'FILE_BROKEN');
  for (const name of ['Shop\nFlagstaff-Org: other', 'Shop <root>', 'Sh\u0000op']) {
    for (const change of [
      create({ name }),
      create({ createdBy: name }),
      update('key_ci', [{ at: ['name'], set: name }]),
    ]) {
      const failure = orgFailure(base, change);
      assert.is(`${failure.kind} ${failure.code}`, 'invalid INVALID_NAME', JSON.stringify(change));
    }
  }
});

test.run();
