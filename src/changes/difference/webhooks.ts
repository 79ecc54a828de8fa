import { shownAddress, shownWebhook, type Webhook } from '../../model/webhook.js';
import { type NamedItem, type Pairing, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { comingAndGoing, textOf, wordOf } from './words.js';

/**
 * The differences of a project's webhooks. One is the same while it has its address; their order does not count. Addresses
 * are never told whole, so that a history can be shown to those who may not write there.
 */
export function diffWebhooks({
  before = [],
  after = [],
}: Versions<readonly Webhook[] | undefined>): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  return pairByName({ before: before.map(named), after: after.map(named) }).flatMap(webhookChange);
}

function named(item: Webhook, place: number): NamedItem<Webhook> {
  return { name: item.url, item, place };
}

function webhookChange({ name, before, after }: Pairing<Webhook>): readonly PartDifference[] {
  const change = changeIn({ before: before?.item, after: after?.item });
  if (change === '') return [];
  const address = shownAddress(name);
  const part = { kind: 'entry', list: 'webhooks', name: address } as const;
  const at = ['webhooks', (after ?? before)?.place ?? 0];
  const versions = { before: before && shownWebhook(before.item), after: after && shownWebhook(after.item) };
  return [tell({ part, at, ...versions, sentence: `webhook ${wordOf(address)} ${change}` })];
}

function changeIn({ before, after }: Versions<Webhook | undefined>): string {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  const description = before.description === after.description ? [] : ['description changed'];
  const events = listChange('events', { before: before.events, after: after.events });
  const environments = listChange('environments', {
    before: before.environments,
    after: after.environments,
  });
  return [...events, ...environments, ...description].join(', ');
}

/** A list that is left out is of all. */
function listChange(name: string, { before, after }: Versions<readonly string[] | undefined>): string[] {
  if (before === undefined && after === undefined) return [];
  if (after === undefined) return [`all ${name}`];
  if (before === undefined) return [`only ${name} ${after.map(textOf).join(', ')}`];
  const added = after.filter((one) => !before.includes(one)).map(textOf);
  const removed = before.filter((one) => !after.includes(one)).map(textOf);
  const change = comingAndGoing(added, removed);
  return change === '' ? [] : [`${name}: ${change}`];
}
