import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { JwksTrust } from '../../src/http/identity/token-trust.js';

/** An identity provider on this machine, with keys that it can change. */
export interface Provider {
  /** How a server trusts it: without cool-down, so that a new key is found at once. */
  readonly trust: JwksTrust;
  /** How often its keys were asked for. */
  readonly looks: number;
  /** Its public key, as it shows it. */
  readonly publicKey: JWK;
  /** A token of its key of now, good for an hour unless the claims say otherwise; null leaves a claim out. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** Shows this among its keys from now on. */
  show(key: JWK): void;
  /** Takes its key away, and has another one. */
  rotate(): Promise<void>;
  /** Answers 500 from now on, or its keys again. */
  fail(isFailing: boolean): void;
  close(): Promise<void>;
}

interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly shown: JWK;
}

export const AUDIENCE = 'flagstaff';

/** Starts one. */
export async function startProvider(): Promise<Provider> {
  let pair = await makePair(1);
  const others: JWK[] = [];
  let looks = 0;
  let isFailing = false;
  const server = createServer((_, response) => {
    looks += 1;
    response.statusCode = isFailing ? 500 : 200;
    response.end(JSON.stringify({ keys: [pair.shown, ...others] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}/`;
  const url = new URL('keys', issuer);
  let made = 1;
  return {
    trust: {
      kind: 'jwks',
      url,
      issuer,
      audience: AUDIENCE,
      superAdmins: new Set(['ada@example.com']),
      coolDownMs: 0,
    },
    get looks() {
      return looks;
    },
    get publicKey() {
      return pair.shown;
    },
    sign: (claims = {}, header = {}) => sign({ pair, issuer, claims, header }),
    show: (key) => {
      others.push(key);
    },
    rotate: async () => {
      made += 1;
      pair = await makePair(made);
    },
    fail: (fails) => {
      isFailing = fails;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function makePair(number: number): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { privateKey, shown: { ...(await exportJWK(publicKey)), kid: `key-${number}`, alg: 'ES256' } };
}

function sign({
  pair,
  issuer,
  claims,
  header,
}: {
  readonly pair: KeyPair;
  readonly issuer: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly header: Readonly<Record<string, unknown>>;
}): Promise<string> {
  const standard = {
    iss: issuer,
    aud: AUDIENCE,
    sub: 'u-123',
    email: 'marc@example.com',
    name: 'Marc',
    exp: Math.floor(Date.now() / 1_000) + 3_600,
  };
  const all = Object.entries({ ...standard, ...claims }).filter(([, value]) => value !== null);
  const { kid } = pair.shown;
  return new SignJWT(Object.fromEntries(all) as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', ...(kid === undefined ? {} : { kid }), ...header })
    .sign(pair.privateKey, { crit: { 'x-unknown': true } });
}
