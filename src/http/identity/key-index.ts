import { hash } from 'node:crypto';
import { parseMoment } from '../../evaluation/check.js';
import { type ApiKeyEntry, apiKeyId } from '../../model/api-key.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { KeyUse } from '../../repository/key-use.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';
import type { KeyCaller } from '../access.js';

/** What the index works on. */
export interface KeyIndexOptions {
  readonly cache: FlagCache;
  readonly use: KeyUse;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** One way in. */
interface KeyDoor {
  readonly caller: KeyCaller;
  /** Until when it opens, in epoch milliseconds; undefined for ever. */
  readonly until: number | undefined;
  /** What its use is noted under. */
  readonly name: string;
}

/**
 * Every API key of every organization that is served, by its hash: who asks is one look into a map. An organization's
 * keys are replaced when it is swapped and forgotten when it goes, and no other's are touched.
 */
export class KeyIndex {
  readonly #options: KeyIndexOptions;
  readonly #doors = new Map<string, readonly KeyDoor[]>();
  readonly #hashes = new Map<string, ReadonlySet<string>>();

  constructor(options: KeyIndexOptions) {
    this.#options = options;
    for (const org of options.cache.orgs.values()) this.#replace(org);
    options.cache.onSwap((org) => this.#replace(org));
    options.cache.onGone((org) => this.#forget(org));
  }

  /**
   * Whose key was sent; undefined where it opens nothing (any more). A key that stands in two places opens neither: its
   * owner can be only one of them. Notes that the key was used.
   */
  find(sent: string): KeyCaller | undefined {
    const doors = this.#doors.get(hash('sha256', sent, 'hex'));
    if (doors === undefined || doors.length > 1) return undefined;
    const [door] = doors;
    const { use, now } = this.#options;
    const time = now();
    if (door === undefined || (door.until !== undefined && time >= door.until)) return undefined;
    use.note(door.name, time);
    return door.caller;
  }

  #replace({ snapshot }: ServedOrg): void {
    this.#forget(snapshot.key);
    const doors = [...snapshot.projects.values()].flatMap(doorsOf);
    this.#hashes.set(snapshot.key, new Set(doors.map(([hashed]) => hashed)));
    for (const [hashed, door] of doors) this.#add(hashed, door);
  }

  #forget(org: string): void {
    for (const known of this.#hashes.get(org) ?? []) this.#remove(known, org);
    this.#hashes.delete(org);
  }

  #add(hashed: string, door: KeyDoor): void {
    const others = this.#doors.get(hashed) ?? [];
    this.#doors.set(hashed, [...others, door]);
    if (others.length === 0) return;
    const places = [...others, door].map(({ caller: { org, project } }) => `${org}/${project}`);
    this.#options.log(`one API key stands in ${places.join(' and ')}: it opens neither`);
  }

  #remove(hashed: string, org: string): void {
    const others = (this.#doors.get(hashed) ?? []).filter(({ caller }) => caller.org !== org);
    if (others.length > 0) this.#doors.set(hashed, others);
    else this.#doors.delete(hashed);
  }
}

/** What the use of a key is noted under: neither the key nor its hash. */
export function keyName({ org, project, id }: Pick<KeyCaller, 'org' | 'project' | 'id'>): string {
  return `${org}/${project}/${id}`;
}

function doorsOf(project: ProjectSnapshot): readonly (readonly [hash: string, door: KeyDoor])[] {
  return project.apiKeys.flatMap((entry) => {
    const caller = callerOf(project, entry);
    if (caller === undefined) return [];
    const name = keyName(caller);
    const { previous } = entry;
    const now = [entry.hash, { caller, until: undefined, name }] as const;
    if (previous === undefined) return [now];
    // A moment that cannot be read is an error of the file, and opens nothing.
    return [now, [previous.hash, { caller, until: parseMoment(previous.until) ?? 0, name }] as const];
  });
}

/** Undefined for a key of an environment that is not there. */
function callerOf(project: ProjectSnapshot, entry: ApiKeyEntry): KeyCaller | undefined {
  const { org, key } = project;
  const environment = project.environments.find((one) => one === entry.environment);
  if (environment === undefined) return undefined;
  const id = apiKeyId(entry, { org, project: key });
  return { kind: 'key', keyKind: entry.kind, org, project: key, environment, id };
}
