import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServeOptions } from '../../src/cli/surroundings.js';
import { committedRepository, run } from './run.js';

interface Place {
  repo: string;
}

const test = suite<Place>('flagstaff serve: access');
const SECRET = 'x'.repeat(32);
const PROVIDER = {
  FLAGSTAFF_JWKS_URL: 'https://id.example.com/keys',
  FLAGSTAFF_JWT_ISSUER: 'https://id.example.com/',
  FLAGSTAFF_JWT_AUDIENCE: 'flagstaff',
};

test.before(async (place) => {
  place.repo = (await committedRepository()).dir;
});

type Env = Readonly<Record<string, string>>;

/** What the server would be started with. */
async function started({ repo }: Place, env: Env, words: readonly string[] = []): Promise<ServeOptions> {
  let found: ServeOptions | undefined;
  const startServer = async (options: ServeOptions) => {
    found = options;
    return { url: '', ready: Promise.resolve(), reread: () => undefined, close: () => Promise.resolve() };
  };
  const { code, err } = await run(['serve', '--repo', repo, ...words], { env, startServer });
  if (found === undefined) throw new Error(`not started: ${code} ${err}`);
  return found;
}

test('an identity provider comes from the environment, or from options, which beat it', async (place) => {
  const env = { ...PROVIDER, FLAGSTAFF_SUPER_ADMINS: 'Ada@example.com, grace@example.com,' };
  const trust = {
    kind: 'jwks',
    url: new URL('https://id.example.com/keys'),
    issuer: 'https://id.example.com/',
    audience: 'flagstaff',
    superAdmins: new Set(['ada@example.com', 'grace@example.com']),
  };
  assert.equal((await started(place, env)).trust, trust);
  const words = ['--jwks-url', 'http://127.0.0.1:9/keys', '--jwt-audience', 'flags', '--jwt-issuer', 'me'];
  assert.equal((await started(place, env, [...words, '--super-admins', ''])).trust, {
    ...trust,
    ...{ url: new URL('http://127.0.0.1:9/keys'), issuer: 'me', audience: 'flags', superAdmins: new Set() },
  });
});

test('without a provider the secret of the environment signs, else that of the repository', async (place) => {
  const { trust } = await started(place, { FLAGSTAFF_JWT_SECRET: SECRET });
  assert.equal(trust, { kind: 'secret', secret: SECRET });
  assert.is((await started(place, {})).trust, undefined);
});

const without = (name: keyof typeof PROVIDER): Env =>
  Object.fromEntries(Object.entries(PROVIDER).filter(([one]) => one !== name));

/** A server that takes other tokens than people think must not start. */
const REFUSED: readonly (readonly [what: string, env: Env, err: RegExp])[] = [
  [
    'a secret beside a provider',
    { ...PROVIDER, FLAGSTAFF_JWT_SECRET: SECRET },
    /JWT_SECRET and FLAGSTAFF_JWKS_URL/,
  ],
  ['no issuer', without('FLAGSTAFF_JWT_ISSUER'), /FLAGSTAFF_JWT_ISSUER is missing/],
  ['no audience', without('FLAGSTAFF_JWT_AUDIENCE'), /FLAGSTAFF_JWT_AUDIENCE is missing/],
  ['an issuer alone', { FLAGSTAFF_JWT_ISSUER: 'me' }, /FLAGSTAFF_JWT_ISSUER without FLAGSTAFF_JWKS_URL/],
  [
    'super admins alone',
    { FLAGSTAFF_SUPER_ADMINS: 'ada@example.com' },
    /SUPER_ADMINS without FLAGSTAFF_JWKS_URL/,
  ],
  [
    'keys over plain http',
    { ...PROVIDER, FLAGSTAFF_JWKS_URL: 'http://id.example.com/keys' },
    /not an https address/,
  ],
  ['no address of keys', { ...PROVIDER, FLAGSTAFF_JWKS_URL: 'keys' }, /"keys" is not an https address/],
  [
    'a super admin that is none',
    { ...PROVIDER, FLAGSTAFF_SUPER_ADMINS: 'ada' },
    /"ada" is not an e-mail address/,
  ],
  ['every origin', { FLAGSTAFF_CORS_ORIGINS: '*' }, /FLAGSTAFF_CORS_ORIGINS: "\*" is not an origin/],
  [
    'a page for an origin',
    { FLAGSTAFF_CORS_ORIGINS: 'https://app.example.com/' },
    /is not an origin such as/,
  ],
  ['no writes at all', { FLAGSTAFF_WRITE_LIMIT: '0' }, /FLAGSTAFF_WRITE_LIMIT: "0" is not a number from 1/],
];

for (const [what, env, err] of REFUSED) {
  test(`serve does not start with ${what}`, async ({ repo }) => {
    const refused = await run(['serve', '--repo', repo], { env });
    assert.equal([refused.code, refused.out], [2, '']);
    assert.match(refused.err, err);
  });
}

test('an origin that is none is told with the option that named it', async ({ repo }) => {
  const refused = await run(['serve', '--repo', repo, '--cors-origins', 'evil']);
  assert.is(refused.code, 2);
  assert.match(refused.err, '--cors-origins: "evil" is not an origin such as');
});

test('origins and the limit of writes come from the environment or from options', async (place) => {
  const env = {
    FLAGSTAFF_CORS_ORIGINS: 'https://app.example.com, http://localhost:3000',
    FLAGSTAFF_WRITE_LIMIT: '60',
  };
  const named = await started(place, env);
  assert.equal(named.corsOrigins, ['https://app.example.com', 'http://localhost:3000']);
  assert.is(named.writeLimit, 60);
  const given = await started(place, env, ['--cors-origins', 'https://b.example.com', '--write-limit', '9']);
  assert.equal([given.corsOrigins, given.writeLimit], [['https://b.example.com'], 9]);
  const bare = await started(place, {});
  assert.equal([bare.corsOrigins, bare.writeLimit], [[], undefined]);
});

test.run();
