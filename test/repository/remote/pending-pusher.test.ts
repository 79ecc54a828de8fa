import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PendingPusher } from '../../../src/repository/remote/pending-pusher.js';
import type { PushedPending } from '../../../src/repository/write-request.js';
import { until } from '../../support/until.js';

const test = suite('pending pusher');

/** A pusher whose pushes end as `outcomes` say, one after the other, at a time that stands still until it is moved. */
function pusherOf(outcomes: readonly (PushedPending | Error)[]) {
  const seen = { pushes: 0, moved: 0, outcomes: [] as unknown[], now: 1_000_000 };
  const pusher = new PendingPusher({
    push: async () => {
      const outcome = outcomes[seen.pushes] ?? { hasMoved: false };
      seen.pushes += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    onMoved: () => {
      seen.moved += 1;
    },
    onOutcome: (error) => seen.outcomes.push(error),
    pollMs: 1_000,
    now: () => seen.now,
    chance: () => 0,
  });
  return { pusher, seen };
}

test('a crowd that wants a push costs the one that runs and one more', async () => {
  const { pusher, seen } = pusherOf([]);
  pusher.pushSoon();
  await Promise.resolve();
  for (let asked = 0; asked < 100; asked += 1) pusher.pushSoon();
  await pusher.settled();
  assert.ok(seen.pushes >= 1 && seen.pushes <= 2, `${seen.pushes} pushes`);
});

test('after a failure it waits, longer each time, and one that goes well ends that', async () => {
  const refused = new Error('refused');
  const { pusher, seen } = pusherOf([refused, refused, { hasMoved: false }]);
  const pushAt = async (time: number): Promise<number> => {
    seen.now = time;
    pusher.pushSoon();
    await pusher.settled();
    return seen.pushes;
  };
  assert.is(await pushAt(0), 1);
  assert.is(await pushAt(999), 1);
  assert.is(await pushAt(1_000), 2);
  assert.is(await pushAt(2_999), 2);
  assert.is(await pushAt(3_000), 3);
  assert.is(await pushAt(3_000), 4);
  assert.equal(seen.outcomes, [refused, refused, undefined, undefined]);
});

test('after a push that took its time others have a turn: it rests twice as long, and what is asked meanwhile is not forgotten', async () => {
  const seen = { pushes: 0, now: 1_000_000 };
  const pusher = new PendingPusher({
    push: async () => {
      seen.pushes += 1;
      seen.now += 10;
      return { hasMoved: false };
    },
    onMoved: () => undefined,
    onOutcome: () => undefined,
    pollMs: 1_000,
    now: () => seen.now,
    chance: () => 0,
  });
  pusher.pushSoon();
  pusher.pushSoon();
  await pusher.settled();
  assert.is(seen.pushes, 1);
  seen.now += 20;
  const alive = setInterval(() => undefined, 1_000);
  await until(() => seen.pushes === 2);
  clearInterval(alive);
  pusher.close();
});

test('what was in the way and is away is pushed at once', async () => {
  const { pusher, seen } = pusherOf([new Error('refused')]);
  pusher.pushSoon();
  await pusher.settled();
  pusher.pushSoon();
  await pusher.settled();
  assert.is(seen.pushes, 1);
  pusher.pushNow();
  await pusher.settled();
  assert.is(seen.pushes, 2);
});

test('a remote that has moved on is to be fetched first', async () => {
  const { pusher, seen } = pusherOf([{ hasMoved: true }]);
  pusher.pushSoon();
  await pusher.settled();
  assert.is(seen.moved, 1);
});

test.run();
