import { createHash } from 'node:crypto';
import type { OrgKey, ProjectKey } from '../../model/keys.js';
import type { Webhook } from '../../model/webhook.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';

/** Where something is told: a project, and an address that its file names. */
export interface Destination {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly url: string;
}

/** A webhook of a project that is served. */
export interface Subscriber {
  readonly destination: Destination;
  readonly webhook: Webhook;
}

/** The webhooks of a project, in order of its file. */
export function subscribersIn({ snapshot }: ServedOrg, key: ProjectKey): readonly Subscriber[] {
  const { org, file } = snapshot.projects.get(key) ?? {};
  if (org === undefined || file === undefined) return [];
  return (file.webhooks ?? []).map((webhook) => ({
    destination: { org, project: key, url: webhook.url },
    webhook,
  }));
}

/** The webhooks of all projects that are served. */
export function allSubscribers({ orgs }: FlagCache): readonly Subscriber[] {
  return [...orgs.values()].flatMap((served) =>
    [...served.snapshot.projects.keys()].flatMap((project) => subscribersIn(served, project)),
  );
}

/** Whether the project still has a webhook of that address; undefined while its organization is not served. */
export function isSubscribed({ orgs }: FlagCache, { org, project, url }: Destination): boolean | undefined {
  const served = orgs.get(org);
  return served && subscribersIn(served, project).some(({ webhook }) => webhook.url === url);
}

/** A short name for a destination that no other one has. */
export function digestOf({ org, project, url }: Destination, ...more: readonly string[]): string {
  const text = [org, project, url, ...more].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A destination in a line for people, without the path of the address: it may be as good as a password. */
export function nameOf({ org, project, url }: Destination): string {
  return `webhook of ${org}/${project} to ${new URL(url).origin}`;
}
