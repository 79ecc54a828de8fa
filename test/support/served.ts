import { parseFlagKey, parseProjectKey } from '../../src/model/keys.js';
import type { Flag } from '../../src/model/snapshot.js';
import { type CacheOptions, openCache } from '../../src/repository/cache.js';
import { openRepository } from '../../src/repository/git.js';
import type { FlagCache } from '../../src/repository/served.js';

const open = new Set<FlagCache>();
/** A cache alone keeps no process alive, and a test may wait for nothing else. */
let alive: NodeJS.Timeout | undefined;

/** A cache of a folder's repository. Close it with `closeCaches`. */
export async function cacheOf(
  dir: string,
  options: Omit<CacheOptions, 'repository'> = {},
): Promise<FlagCache> {
  const cache = await openCache({ repository: await openRepository(dir), ...options });
  open.add(cache);
  alive ??= setInterval(() => undefined, 1_000);
  return cache;
}

/** After each test: ends what it opened. */
export async function closeCaches(): Promise<void> {
  await Promise.all([...open].map((cache) => cache.close()));
  open.clear();
  clearInterval(alive);
  alive = undefined;
}

/** A flag of the project `web-app`. */
export function flagOf(cache: FlagCache, org: string, key: string): Flag | undefined {
  const project = cache.orgs.get(org)?.snapshot.projects.get(keyOr(parseProjectKey('web-app')));
  return project?.flags.get(keyOr(parseFlagKey(key)));
}

/** Which version of a flag is served (see `flagText`). */
export function versionOf(cache: FlagCache, org: string, key: string): string | undefined {
  return flagOf(cache, org, key)?.file.owner;
}

/** Fulfilled once it is so; looks after each swap and after each hundredth of a second. Rejects after ten seconds. */
export async function until(cache: FlagCache, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`not within ten seconds: ${isSo}`);
    await nextSwap(cache);
  }
}

/** A swap, or a hundredth of a second: some of what tests wait for is no swap. */
function nextSwap(cache: FlagCache): Promise<void> {
  return new Promise((fulfil) => {
    const timer = setTimeout(() => end(), 10);
    const stop = cache.onSwap(() => end());
    const end = () => {
      clearTimeout(timer);
      stop();
      fulfil();
    };
  });
}

function keyOr<Key>(key: Key | undefined): Key {
  if (key === undefined) throw new Error('not a key');
  return key;
}
