import type { FollowedPlace } from './head.js';
import { RefWatch } from './ref-watch.js';

/** A watcher swallows the second of two changes that are close together, so everyone looks once more so long after each. */
const LOOK_AGAIN_MS = 100;

/** Something that watches until it is closed. */
export interface Watching {
  close(): Promise<void>;
}

/** A watch that may lose what it watches: `renew` finds that again. */
export interface RenewedWatching extends Watching {
  /** To be asked for at each poll. Never throws. */
  renew(): void;
}

/**
 * Watches what names the commit that is followed. It keeps no process alive. `onChange` is called after each change, and
 * again a moment later: it must be quick where nothing has changed.
 */
export function watchRefs(
  place: FollowedPlace,
  { onChange, log }: { readonly onChange: () => void; readonly log: (line: string) => void },
): RenewedWatching {
  const call = twice(onChange);
  const watching = new RefWatch(place, { onChange: call.now, log });
  return {
    renew: () => watching.renew(),
    close: async () => {
      call.cancel();
      watching.close();
    },
  };
}

/** Calls at once, and once more when nothing has come for a moment. */
function twice(work: () => void): { readonly now: () => void; readonly cancel: () => void } {
  let again: NodeJS.Timeout | undefined;
  const cancel = (): void => clearTimeout(again);
  const now = (): void => {
    work();
    cancel();
    again = setTimeout(work, LOOK_AGAIN_MS).unref();
  };
  return { now, cancel };
}
