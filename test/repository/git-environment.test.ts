import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plumbingEnvironment, withoutOurs } from '../../src/repository/git-environment.js';

const test = suite('repository/git-environment');
const PLANTED = {
  FLAGSTAFF_JWT_SECRET: 'planted',
  flagstaff_remote: 'planted',
  GIT_DIR: '/nowhere',
  GIT_SSH: 'ssh',
  SSH_ASKPASS: '/bin/false',
};

test.before.each(() => {
  Object.assign(process.env, PLANTED);
});

test.after.each(() => {
  for (const name of Object.keys(PLANTED)) delete process.env[name];
});

test('no program of git sees what is for Flagstaff alone, nor leaves the clone that it is told (P18)', () => {
  const env = plumbingEnvironment(new Set(['GIT_SSH']));
  const found = Object.keys(PLANTED).filter((name) => name in env);
  assert.equal(found, ['GIT_SSH']);
  assert.is(env.PATH, process.env.PATH);
});

test("where a person's own settings count, only our variables are taken out", () => {
  const found = Object.keys(PLANTED).filter((name) => name in withoutOurs(process.env));
  assert.equal(found, ['GIT_DIR', 'GIT_SSH', 'SSH_ASKPASS']);
});

test.run();
