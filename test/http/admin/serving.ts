import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/model/values.js';
import type { ServerOptions } from '../../../src/server.js';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { FILES, RULES_FILE } from './sample.js';

export const FLAG_PATH = 'flags/acme/web-app/flags/new-checkout.yaml';

/** A server on the sample, and its people. */
export interface Serving {
  server: TestServer;
  /** The organization's admin. */
  marc: string;
  /** The admin of production. */
  ana: string;
  /** A member of the project. */
  lee: string;
}

export async function serving(options: Partial<ServerOptions> = {}): Promise<Serving> {
  const server = await serveFiles(FILES, options);
  return {
    server,
    marc: await tokenOf(),
    ana: await tokenOf({ sub: 'ana', email: 'ana@example.com', name: 'Ana' }),
    lee: await tokenOf({ sub: 'lee', email: 'lee@example.com', name: 'Lee' }),
  };
}

export function objectOf({ body }: Answered): JsonObject {
  return body as JsonObject;
}

/** The sentence of an error. */
export function sentenceOf({ body }: Answered): string {
  return (body as { readonly error: { readonly message: string } }).error.message;
}

/** The finer code of an error, where it has one. */
export function codeOf({ body }: Answered): unknown {
  const { code, details } = (body as { error: { code: string; details: { reason?: string } } }).error;
  return details.reason ?? code;
}

export function fileOf({ repository }: TestServer, path = FLAG_PATH): string {
  return readFileSync(join(repository.dir, path), 'utf8');
}

/** The sample's file with other lines. */
export function rulesFileWith(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the sample has no ${from}`);
    return text.replace(from, to);
  }, RULES_FILE);
}
