import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { derivedId } from '../../../src/model/ids.js';
import type { JsonObject } from '../../../src/model/values.js';
import type { Files } from '../../support/git.js';
import { type Answered, type Ask, serveFiles, type TestServer, tokenOf } from '../../support/http.js';

export const FEATURES = '/api/admin/config/features';
export const WIDGET = `${FEATURES}/feedback_widget`;

/** The defaults are said here, and there is always another choice that is not meant. */
export const FILES: Files = {
  '.flagstaff.yaml': 'defaultOrg: acme\n',
  'flags/aaa/org.yaml': 'name: Not this one\n',
  'flags/aaa/first/project.yaml': 'environments: [production]\n',
  'flags/acme/org.yaml': [
    'defaultProject: web-app',
    'members:',
    '  - { email: marc@example.com, permissions: [org:admin] }',
    '',
  ].join('\n'),
  'flags/acme/api/project.yaml': 'environments: [production]\n',
  'flags/acme/web-app/project.yaml': 'environments: [development, production]\n',
  'flags/acme/web-app/flags/feedback_widget.yaml': [
    '# Asked for by support.',
    'name: Feedback Widget',
    'description: Show feedback widget in app # everywhere',
    'createdAt: 2025-12-01T01:00:00+01:00',
    'environments:',
    '  production:',
    '    enabled: true # since 1 December',
    '    segments: [beta-testers]',
    '',
  ].join('\n'),
  'flags/acme/web-app/overrides/feedback_widget.yaml': [
    '# Who asked for it.',
    '- { users: [u-1, Ana@Example.com], reason: dogfooding } # everywhere',
    '- { users: [u-2], companies: [company-1], environments: [development, production] }',
    '- { users: [u-3], environments: [production], serve: off, reason: contract 4711 }',
    '- { users: [u-4], until: 2020-01-31, reason: a trial }',
    '- { users: [u-5], environments: [production], until: 2099-01-31 }',
    '- { companies: [company-2], environments: [development] }',
    '',
  ].join('\n'),
  'flags/acme/web-app/flags/plain.yaml': 'environments: {}\n',
  'flags/acme/web-app/flags/theme.yaml': [
    'type: string',
    'variants: { plain: white, dark: black }',
    'environments:',
    '  production: { enabled: true, serve: plain }',
    '',
  ].join('\n'),
  'flags/acme/web-app/segments/beta-testers.yaml': 'name: Beta testers\ninclude: { users: [u-7] }\n',
  'flags/acme/web-app/segments/pros.yaml': 'id: seg-456\nwhen: [{ attribute: plan, equals: pro }]\n',
};

export const BETA = derivedId('seg', 'acme', 'web-app', 'beta-testers');
export const OVERRIDES_PATH = 'flags/acme/web-app/overrides/feedback_widget.yaml';
export const FLAG_PATH = 'flags/acme/web-app/flags/feedback_widget.yaml';

/** A server on the sample, asked by a super admin. */
export interface Configured {
  server: TestServer;
  ask(path: string, ask?: Ask): Promise<Answered>;
  /** Changes a flag, and gives what it is then. Throws for every other answer than 200. */
  put(path: string, body: object): Promise<JsonObject>;
}

export async function configured(files: Files = FILES): Promise<Configured> {
  const server = await serveFiles(files);
  const token = await tokenOf({ sub: 'root', email: 'root@example.com', name: 'Root', superAdmin: true });
  const ask = (path: string, asked: Ask = {}) => server.ask(path, { token, ...asked });
  const put = async (path: string, body: object) => {
    const answered = await ask(path, { method: 'PUT', body });
    if (answered.status !== 200) throw new Error(`PUT ${path}: ${answered.status} ${answered.text}`);
    return objectOf(answered);
  };
  return { server, ask, put };
}

export function objectOf({ body }: Answered): JsonObject {
  return body as JsonObject;
}

/** The sentence of an error, which is all that it says. */
export function sentenceOf({ body, text }: Answered): string {
  const { error, ...others } = body as { readonly error: unknown };
  if (typeof error === 'string' && Object.keys(others).length === 0) return error;
  throw new Error(`no sentence: ${text}`);
}

export function fileOf({ repository }: TestServer, path = FLAG_PATH): string {
  return readFileSync(join(repository.dir, path), 'utf8');
}

/** The lines that the newest commit took out and put in, without their place: `-old`, `+new`. */
export async function changedLines({ repository }: TestServer): Promise<readonly string[]> {
  const shown = await repository.git('show', '--format=', '--unified=0', 'HEAD');
  return shown.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line));
}
