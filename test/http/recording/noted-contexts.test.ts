import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NotedContexts } from '../../../src/http/recording/noted-contexts.js';
import { hashedContext } from '../../../src/http/recording/recorded-context.js';
import type { ContextPlace } from '../../../src/repository/context-folder.js';

const NOTHING = { plain: {}, hashed: {} };

/** As a recorder does it: gives how many of each organization are kept of those that came. */
function kept(most: number, orgs: readonly string[]): Record<string, number> {
  const noted = new NotedContexts(most);
  for (const org of orgs) {
    const place = { org, project: 'web-app', environment: 'production' } as unknown as ContextPlace;
    if (noted.hasRoom(place.org)) noted.add({ place, selected: NOTHING });
  }
  assert.ok(noted.count <= most);
  const counts: Record<string, number> = {};
  for (const { place } of noted.take()) counts[place.org] = (counts[place.org] ?? 0) + 1;
  assert.is(noted.count, 0);
  return counts;
}

function times(number: number, org: string): string[] {
  return Array(number).fill(org);
}

test('an organization that asks much takes no room of the others', () => {
  assert.equal(kept(10, times(500, 'busy')), { busy: 10 });
  assert.equal(kept(10, [...times(500, 'busy'), ...times(3, 'acme')]), { busy: 7, acme: 3 });
  assert.equal(kept(10, [...times(3, 'acme'), ...times(500, 'busy'), ...times(9, 'other')]), {
    acme: 3,
    busy: 4,
    other: 3,
  });
});

test('more organizations than there is room for are no failure', () => {
  assert.equal(kept(2, ['one', 'two', 'three', 'four']), { one: 1, two: 1 });
});

test('the same person is another hash in another organization', () => {
  const selected = { plain: { country: 'DE' }, hashed: { targetingKey: 'u-123' } };
  const [acme, other] = ['acme', 'other'].map((org) => hashedContext(selected, { secret: 'a', org }));
  assert.is(acme?.country, 'DE');
  assert.is.not(acme?.targetingKey, other?.targetingKey);
  assert.is.not(
    acme?.targetingKey,
    hashedContext(selected, { secret: 'b', org: 'acme' }).targetingKey,
    'nor without the secret',
  );
});

test.run();
