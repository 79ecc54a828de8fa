import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServeOptions } from '../../src/cli/surroundings.js';
import { createRepository } from '../support/git.js';
import { run } from './run.js';

const test = suite('flagstaff serve: hooks and webhooks');

type Env = Readonly<Record<string, string>>;

/** What the server would be started with. */
async function started(env: Env, words: readonly string[] = []): Promise<ServeOptions> {
  const { dir } = await createRepository();
  let options: ServeOptions | undefined;
  const startServer = async (given: ServeOptions) => {
    options = given;
    return { url: 'http://127.0.0.1:1', ready: Promise.resolve(), reread: () => undefined, close };
  };
  const { code, err } = await run(['serve', '--repo', dir, ...words], { env, startServer });
  assert.is(code, 0, err);
  assert.ok(options);
  return options;
}

const SECRET = 'sixteen bytes ok';

const close = async (): Promise<void> => undefined;

test('what the git host signs with comes from the environment alone', async () => {
  assert.is((await started({ FLAGSTAFF_HOOK_SECRET: SECRET })).hookSecret, SECRET);
  assert.is((await started({})).hookSecret, undefined);
});

test('webhooks are told unless somebody says no; options beat the environment', async () => {
  assert.equal((await started({})).webhooks, { isOn: true, secret: undefined, allow: [] });
  const env = {
    FLAGSTAFF_WEBHOOKS: 'off',
    FLAGSTAFF_WEBHOOK_SECRET: SECRET,
    FLAGSTAFF_WEBHOOK_ALLOW: '10.0.0.7:8443, Hooks.internal:443,[0:0:0:0:0:0:0:1]:9000,',
  };
  const allow = ['10.0.0.7:8443', 'hooks.internal:443', '[::1]:9000'];
  assert.equal((await started(env)).webhooks, { isOn: false, secret: SECRET, allow });
  const words = ['--webhooks', 'on', '--webhook-allow', 'localhost:1'];
  assert.equal((await started(env, words)).webhooks, {
    isOn: true,
    secret: SECRET,
    allow: ['localhost:1'],
  });
});

const REFUSED: readonly (readonly [env: Env, err: RegExp])[] = [
  [{ FLAGSTAFF_WEBHOOKS: 'yes' }, /FLAGSTAFF_WEBHOOKS: "yes" is not on or off/],
  [{ FLAGSTAFF_WEBHOOK_ALLOW: 'hooks.internal' }, /is not a host with its port/],
  [{ FLAGSTAFF_WEBHOOK_ALLOW: 'https://hooks.internal:443' }, /is not a host with its port/],
  [{ FLAGSTAFF_WEBHOOK_ALLOW: '*:443' }, /is not a host with its port/],
  [{ FLAGSTAFF_WEBHOOK_ALLOW: 'hooks.internal:99999' }, /is not a host with its port/],
  [{ FLAGSTAFF_WEBHOOK_SECRET: 'fifteen letters' }, /FLAGSTAFF_WEBHOOK_SECRET: wanted 16 bytes or more/],
  [{ FLAGSTAFF_HOOK_SECRET: 'fifteen letters' }, /FLAGSTAFF_HOOK_SECRET: wanted 16 bytes or more/],
  [
    { FLAGSTAFF_HOOK_SECRET: 'whsec_' },
    /FLAGSTAFF_HOOK_SECRET: wanted 16 bytes or more, after whsec_ in base64/,
  ],
];

for (const [env, wanted] of REFUSED) {
  test(`${Object.entries(env).join()} is wrong use, in one sentence`, async () => {
    const { dir } = await createRepository();
    const { code, err } = await run(['serve', '--repo', dir], { env });
    assert.is(code, 2);
    assert.match(err, wanted);
  });
}

test.run();
