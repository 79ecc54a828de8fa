import { existsSync, readFileSync } from 'node:fs';
import { type TestServer, tokenOf } from '../../support/http.js';
import { until } from '../../support/until.js';
import type { Receiver } from './receiver.js';

/** The flag's file, and what it says while it is off, and on. */
export const FLAG = 'flags/acme/web-app/flags/banner.yaml';
export const OFF = 'environments:\n  production: { enabled: false }\n';
export const ON = 'environments:\n  production: { enabled: true }\n';

/** A project with a flag that is off, told to these entries of `webhooks`. */
export function filesFor(entries: readonly string[]): Record<string, string> {
  return {
    'flags/acme/org.yaml': 'members: [{ email: marc@example.com, permissions: [org:admin] }]\n',
    'flags/acme/web-app/project.yaml': [
      'environments: [development, production]',
      'webhooks:',
      ...entries.map((entry) => `  - { ${entry} }`),
      '',
    ].join('\n'),
    [FLAG]: OFF,
    'flags/acme/web-app/segments/beta.yaml': 'include: { users: [u-1] }\n',
    'flags/acme/api/project.yaml': 'environments: [production]\n',
    'flags/acme/api/flags/inner.yaml': OFF,
  };
}

/** A server that may tell this receiver, with attempts at once. */
export function rulesFor({ host }: Receiver, more: object = {}): object {
  return { webhooks: { isOn: true, allow: [host], schedule: [0, 0, 0], ...more } };
}

/** What the first webhook is signed with. */
export async function secretAt(server: TestServer): Promise<string> {
  const { body } = await server.ask('/api/admin/projects/web-app/webhooks', { token: await tokenOf() });
  return (body as readonly { readonly secret: string }[])[0]?.secret ?? '';
}

/** Fulfils when nothing waits any more. */
export function told(server: TestServer): Promise<void> {
  return until(async () => {
    const { body } = await server.ask('/api/admin/projects/web-app/webhooks', { token: await tokenOf() });
    return (body as readonly { readonly queued: number }[]).every(({ queued }) => queued === 0);
  });
}

/** Whether the first webhook is. */
export async function isOn(server: TestServer): Promise<boolean> {
  const { body } = await server.ask('/api/admin/projects/web-app/webhooks', { token: await tokenOf() });
  return (body as readonly { readonly isOn: boolean }[])[0]?.isOn ?? false;
}

/** Fulfils when the server serves the head of its repository. */
export function serves(server: TestServer): Promise<void> {
  return until(async () => {
    const { headers } = await server.ask('/api/v1/feature-flags?org_id=acme');
    return headers['flagstaff-revision'] === (await server.repository.head());
  });
}

/** Fulfils when the server has noted from where on it tells. */
export async function baseline(server: TestServer): Promise<void> {
  await until(() => existsSync(notePath(server)));
}

/** What the server remembers of webhooks. */
export function noteOf(server: TestServer): string {
  return readFileSync(notePath(server), 'utf8');
}

function notePath(server: TestServer): string {
  return `${server.repository.dir}/.git/flagstaff/webhooks/note.json`;
}
