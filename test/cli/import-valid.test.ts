import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Destination } from '../../src/cli/import/destination.js';
import { frameDrafts } from '../../src/cli/import/destination.js';
import { validImport } from '../../src/cli/import/valid.js';
import type { ImportedFile } from '../../src/files/import/imported.js';
import type { Clause } from '../../src/model/clause.js';
import type { OrgKey } from '../../src/model/keys.js';
import { NOW } from './run.js';

const destination: Destination = {
  org: 'acme',
  project: 'web-app',
  orgNow: { key: 'acme' as OrgKey, files: [], problems: [], findings: [] },
  projectNow: undefined,
  hasSchemas: false,
};

const BROKEN: Clause = { attribute: 'email', matches: '(' };

function flag(key: string, clause: Clause): ImportedFile {
  const rules = [{ id: 'one', when: [clause] }];
  return {
    kind: 'flag',
    key,
    value: { environments: { production: { enabled: true, rules, serve: 'off' } } },
  };
}

test('with a flag that the judge refuses go its overrides, and never a flag that has the key of a segment', () => {
  const files: readonly ImportedFile[] = [
    flag('a', BROKEN),
    { kind: 'overrides', key: 'a', value: [{ users: ['u-1'] }] },
    flag('b', { attribute: 'country', equals: 'DE' }),
    { kind: 'segment', key: 'b', value: { when: [BROKEN] } },
  ];
  const frame = frameDrafts(destination, { environments: ['production'], attributes: {} });
  const valid = validImport({ files, notCarried: [] }, { destination, frame, now: NOW });
  assert.equal(
    valid.files.map(({ kind, key }) => `${kind} ${key}`),
    ['flag b'],
  );
  assert.equal(
    valid.notCarried.map(({ flag: of, construct }) => `${of}: ${construct}`),
    ['a: INVALID_REGEX', 'undefined: INVALID_REGEX'],
  );
});

test.run();
