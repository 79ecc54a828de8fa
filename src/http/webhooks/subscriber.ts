import { createHash } from 'node:crypto';
import { FLAGS_FOLDER } from '../../files/paths.js';
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

/** Whether the project still has a webhook of that address; undefined while its organization cannot be served. */
export function isSubscribed(cache: FlagCache, { org, project, url }: Destination): boolean | undefined {
  const served = cache.orgs.get(org);
  if (served === undefined) return isDeleted(cache, org) ? false : undefined;
  return subscribersIn(served, project).some(({ webhook }) => webhook.url === url);
}

/** An organization that is there and not served has trouble or problems. */
function isDeleted({ isReady, trouble, orgTroubles, problems }: FlagCache, org: OrgKey): boolean {
  const folder = `${FLAGS_FOLDER}/${org}/`;
  const isBroken = orgTroubles.has(org) || problems.some(({ path }) => path.startsWith(folder));
  return isReady && trouble === undefined && !isBroken;
}

/** The same for the same destination, and cheaper than a digest. */
export function keyOf({ org, project, url }: Destination): string {
  return [org, project, url].join('\n');
}

/** Whether both are the same. */
export function isSameDestination(one: Destination, other: Destination): boolean {
  return one.url === other.url && one.project === other.project && one.org === other.org;
}

/** A short name for a destination that no other one has. */
export function digestOf({ org, project, url }: Destination, ...more: readonly string[]): string {
  const text = [keyOf({ org, project, url }), ...more].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A destination in a line for people, without the path of the address: it may be as good as a password. */
export function nameOf({ org, project, url }: Destination): string {
  return `webhook of ${org}/${project} to ${new URL(url).origin}`;
}
