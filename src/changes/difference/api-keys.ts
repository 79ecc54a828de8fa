import { parseMoment } from '../../evaluation/check.js';
import type { ApiKeyEntry, ApiKeysFile, PreviousApiKey } from '../../model/api-key.js';
import type { JsonObject } from '../../model/values.js';
import { type PartDifference, type Told, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { changeOf, quoted, textOf } from './words.js';

/**
 * The differences of a project's API keys. One is the same while it has its id or its hash; their order does not count.
 * Hashes are never told, so that a history can be shown to those who may not see them.
 */
export function diffApiKeys({ before, after }: Versions<ApiKeysFile>): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  const partners = partnersOf({ before, after });
  const old = new Set(partners.values());
  const there = after.flatMap((entry, place) =>
    diffKey({ before: partners.get(entry), after: entry }, place),
  );
  const gone = before.flatMap((entry, place) =>
    old.has(entry) ? [] : [tellKey(entry, { before: shown(entry), sentence: 'removed' }, place)],
  );
  return [...there, ...gone];
}

/** Each key that is there now, with what it was. */
function partnersOf({ before, after }: Versions<ApiKeysFile>): ReadonlyMap<ApiKeyEntry, ApiKeyEntry> {
  const byHash = new Map(before.map((entry) => [entry.hash, entry]));
  const partners = new Map<ApiKeyEntry, ApiKeyEntry>();
  for (const entry of after) {
    const same = byHash.get(entry.hash);
    if (same !== undefined) partners.set(entry, same);
  }
  const taken = new Set(partners.values());
  const byId = new Map(before.filter((entry) => !taken.has(entry)).map((entry) => [entry.id, entry]));
  for (const entry of after) {
    const same = entry.id === undefined || partners.has(entry) ? undefined : byId.get(entry.id);
    if (same !== undefined) partners.set(entry, same);
  }
  return partners;
}

function diffKey(
  { before, after }: Versions<ApiKeyEntry | undefined> & { readonly after: ApiKeyEntry },
  place: number,
): readonly PartDifference[] {
  if (before === undefined) return [tellKey(after, { after: shown(after), sentence: 'added' }, place)];
  const changes = changesOf({ before, after });
  if (changes.length === 0) return [];
  const told = { before: shown(before), after: shown(after), sentence: changes.join(', ') };
  return [tellKey(after, told, place)];
}

type KeyTold = Pick<Told, 'before' | 'after' | 'sentence'>;

function tellKey(entry: ApiKeyEntry, { sentence, ...versions }: KeyTold, place: number): PartDifference {
  const { kind, name, prefix, environment } = entry;
  const part = { kind: 'entry', list: 'keys', name } as const;
  const subject = `${kind} key ${quoted(name)} (${textOf(prefix)})`;
  return tell({ part, at: [place], environment, ...versions, sentence: `${subject} ${sentence}` });
}

/** The facts that are told by their value, and what people call them. */
const FACTS = {
  name: 'name',
  kind: 'kind',
  environment: 'environment',
  id: 'id',
  createdBy: 'creator',
} as const;

function changesOf({ before, after }: Versions<ApiKeyEntry>): readonly string[] {
  const facts = Object.entries(FACTS) as readonly (readonly [keyof typeof FACTS, string])[];
  const changed = facts.filter(([field]) => before[field] !== after[field]);
  const [made, makes] = [before.createdAt, after.createdAt];
  return [
    ...(before.hash === after.hash && before.prefix === after.prefix
      ? []
      : [`replaced (was ${textOf(before.prefix)})`]),
    ...changed.map(([field, words]) => `${words} ${changeOf(before[field], after[field])}`),
    ...(parseMoment(made) === parseMoment(makes) ? [] : [`creation time ${changeOf(made, makes)}`]),
    ...previousChange({ before: before.previous, after: after.previous }),
  ];
}

/** The key that was replaced, and how long it still opens. */
function previousChange({ before, after }: Versions<PreviousApiKey | undefined>): readonly string[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined || after === undefined) {
    return [`replaced key ${changeOf(before && previousText(before), after && previousText(after))}`];
  }
  if (before.hash !== after.hash || before.prefix !== after.prefix) {
    return [`replaced key is another: ${previousText(before)}, now ${previousText(after)}`];
  }
  const isSameMoment = parseMoment(before.until) === parseMoment(after.until);
  return isSameMoment ? [] : [`replaced key opens until ${changeOf(before.until, after.until)}`];
}

function previousText({ prefix, until }: PreviousApiKey): string {
  return `${textOf(prefix)} until ${until}`;
}

function shown({ hash: _, previous, ...entry }: ApiKeyEntry): JsonObject {
  if (previous === undefined) return entry;
  return { ...entry, previous: { prefix: previous.prefix, until: previous.until } };
}
