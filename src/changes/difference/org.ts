import { foldEmail } from '../../model/email.js';
import { derivedId } from '../../model/ids.js';
import type { Group, Invitation, Member, OrgFile } from '../../model/org.js';
import { momentMeaning } from './clause-meaning.js';
import { diffField, diffMoment, named, textsBut } from './field.js';
import { type NamedItem, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { changeOf, comingAndGoing, someOf, textOf, wordOf } from './words.js';

/** The differences of an organization's file. The order of its lists does not count. */
export function diffOrg(
  { before, after }: Versions<OrgFile>,
  { org }: { readonly org: string },
): readonly PartDifference[] {
  const idOf = ({ id }: OrgFile): string => id ?? derivedId('org', org);
  return [
    ...(before.id === after.id
      ? []
      : diffField({ name: 'id', before: idOf(before), after: idOf(after) }, named('id'))),
    ...diffField({ name: 'name', before: before.name ?? org, after: after.name ?? org }, named('name')),
    ...diffField(
      { name: 'defaultProject', before: before.defaultProject, after: after.defaultProject },
      named('default project'),
    ),
    ...diffEntries(entriesOf({ before, after }, 'members', memberEntry)),
    ...diffEntries(entriesOf({ before, after }, 'groups', groupEntry)),
    ...diffEntries(entriesOf({ before, after }, 'invitations', invitationEntry)),
    ...diffMoment({ name: 'createdAt', before: before.createdAt, after: after.createdAt }, 'creation time'),
  ];
}

/** An item of one of the lists, in the form in which all of them are compared. */
interface Entry {
  /** What people call it: `member marc@example.com`. */
  readonly title: string;
  readonly name: string;
  /** Lists in which order does not count, by the words for them. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  /** Single facts by the words for them; undefined where there is none. */
  readonly facts: Readonly<Record<string, string | undefined>>;
  readonly item: unknown;
}

interface EntryLists extends Versions<readonly NamedItem<Entry>[]> {
  readonly list: 'members' | 'groups' | 'invitations';
}

function diffEntries({ list, ...versions }: EntryLists): readonly PartDifference[] {
  return pairByName(versions).flatMap(({ before, after }) => {
    const entry = (after ?? before)?.item;
    const change = entryChange({ before: before?.item, after: after?.item });
    if (entry === undefined || change === '') return [];
    const part = { kind: 'entry', list, name: entry.name } as const;
    const at = [list, (after ?? before)?.place ?? 0];
    const sentence = `${entry.title}${change}`;
    return [tell({ part, at, before: before?.item.item, after: after?.item.item, sentence })];
  });
}

function entryChange({ before, after }: Versions<Entry | undefined>): string {
  if (after === undefined) return ' removed';
  if (before === undefined) return ` added${contentText(after)}`;
  const sets = Object.entries(after.sets).map(([words, now]) => {
    const was = before.sets[words] ?? [];
    const change = comingAndGoing(textsBut(now, was), textsBut(was, now));
    return change === '' ? '' : `${words}${change}`;
  });
  const facts = Object.entries(after.facts).map(([words, now]) =>
    isSame(before.facts[words], now) ? '' : `${words} ${changeOf(before.facts[words], now)}`,
  );
  const changes = [...sets, ...facts].filter((change) => change !== '');
  return changes.length === 0 ? '' : `: ${changes.join(', ')}`;
}

function contentText({ sets }: Entry): string {
  const texts = Object.values(sets).flat();
  return texts.length === 0 ? '' : `: ${someOf(texts.map(textOf))}`;
}

function entriesOf<List extends EntryLists['list']>(
  { before, after }: Versions<OrgFile>,
  list: List,
  entryOf: (item: NonNullable<OrgFile[List]>[number]) => Entry,
): EntryLists {
  const placed = (items: OrgFile[List]): readonly NamedItem<Entry>[] =>
    (items ?? []).map((each, place) => {
      const item = entryOf(each as NonNullable<OrgFile[List]>[number]);
      return { name: foldEmail(item.name), item, place };
    });
  return { list, before: placed(before[list]), after: placed(after[list]) };
}

function memberEntry(item: Member): Entry {
  const { email, name, permissions = [] } = item;
  return { title: `member ${wordOf(email)}`, name: email, sets: { '': permissions }, facts: { name }, item };
}

function groupEntry(item: Group): Entry {
  const { key, name, members = [], permissions = [] } = item;
  const sets = { '': members.map((email) => foldEmail(email)), 'permissions ': permissions };
  return { title: `group ${wordOf(key)}`, name: key, sets, facts: { name: name ?? key }, item };
}

function invitationEntry(item: Invitation): Entry {
  const { email, permissions = [], invitedBy, invitedAt } = item;
  const at = invitedAt === undefined ? undefined : new Date(momentMeaning(invitedAt)).toISOString();
  const facts = { 'invited by': invitedBy, 'invited at': at };
  return { title: `invitation of ${wordOf(email)}`, name: email, sets: { '': permissions }, facts, item };
}
