import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chooseDefaultOrg, judgeConfig } from '../../src/files/config.js';
import { type OrgKey, parseOrgKey } from '../../src/model/keys.js';

const test = suite('config (DESIGN 7)');
const ORGS = ['globex', 'acme']
  .map((text) => parseOrgKey(text))
  .filter((key): key is OrgKey => key !== undefined);

test('the default organization is the configured one, else the first by key', () => {
  assert.is(chooseDefaultOrg({ defaultOrg: 'globex' }, ORGS), 'globex');
  assert.is(chooseDefaultOrg({}, ORGS), 'acme');
  assert.is(chooseDefaultOrg(undefined, ORGS), 'acme');
  assert.is(chooseDefaultOrg({ defaultOrg: 'initech' }, ORGS), 'acme');
  assert.is(chooseDefaultOrg({}, []), undefined);
});

test('a default organization without a folder is told', () => {
  assert.equal(judgeConfig({ defaultOrg: 'acme' }, ORGS), []);
  assert.equal(judgeConfig({}, ORGS), []);
  assert.equal(
    judgeConfig({ defaultOrg: 'initech' }, ORGS).map(({ path, at, code }) => ({ path, at, code })),
    [{ path: '.flagstaff.yaml', at: ['defaultOrg'], code: 'UNKNOWN_ORG' }],
  );
});

test.run();
