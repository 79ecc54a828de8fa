import { setTimeout as wait } from 'node:timers/promises';

const ASK_AGAIN_MS = 5;
const GIVE_UP_MS = 10_000;

/** Fulfils as soon as it holds; rejects where it never does. For what has no event to wait for. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + GIVE_UP_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${GIVE_UP_MS} ms: ${holds}`);
    await wait(ASK_AGAIN_MS);
  }
}
