import type { Change } from '../../changes/change.js';
import { movedNames } from '../../changes/difference/pairing.js';
import type { Edit } from '../../files/edit.js';
import type { Rule } from '../../model/flag.js';
import type { EnvironmentKey, FlagKey, ProjectKey } from '../../model/keys.js';
import type { JsonValue } from '../../model/values.js';
import { editsOfRule, isSameContent, type RuleContent } from './rules-rule.js';

/** Where rules are. */
export interface RulesPlace {
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
}

/** A rule that is wanted; one without an id is a new one, or one that is there already. */
export interface WantedRule {
  readonly id: string | undefined;
  readonly content: RuleContent;
}

/** Above so many, changes of single rules take longer together than writing the list as a whole. */
const MOST_CHANGES = 10;

/**
 * As few changes as make the wanted rules of the current ones, by their ids, so that nothing is written of a rule that
 * stays as and where it is: its lines and comments stay with it. Where there are many, it is one change of the whole list,
 * in which only rules that move lose the comments above them. Applied in this order.
 */
export function changesOfRules(place: RulesPlace, { current, wanted }: RuleLists): readonly Change[] {
  const changes = changesOneByOne(place, { current, wanted });
  if (changes.length <= MOST_CHANGES) return changes;
  return [...(current.length > 0 ? [] : blockFor(place, wanted)), changeOfList(place, { current, wanted })];
}

/** The first rule of all makes the block of an environment that the file does not name. */
function blockFor(place: RulesPlace, [first]: readonly Rule[]): readonly Change[] {
  return first === undefined ? [] : [{ kind: 'rule.create', ...place, rule: first, before: null }];
}

/** The rules that are there, and those that are to be there. */
interface RuleLists {
  readonly current: readonly Rule[];
  readonly wanted: readonly Rule[];
}

function changesOneByOne(place: RulesPlace, { current, wanted }: RuleLists): readonly Change[] {
  const old = new Map(current.map((rule) => [rule.id, rule]));
  const ids = wanted.map(({ id }) => id);
  const stays = new Set(ids);
  const gone = current.filter(({ id }) => !stays.has(id));
  const changed = wanted.flatMap((rule): readonly Change[] => {
    const before = old.get(rule.id);
    const edits = before === undefined ? [] : editsOfRule(before, rule);
    return edits.length === 0 ? [] : [{ kind: 'rule.update', ...place, rule: rule.id, edits }];
  });
  const moved = movedNames({ before: current.map(({ id }) => id), after: ids });
  return [
    ...changed,
    ...placings(place, { wanted, old, moved }),
    ...gone.map(({ id }): Change => ({ kind: 'rule.delete', ...place, rule: id })),
  ];
}

/** What stays keeps the form in which it is written. */
function changeOfList({ project, flag, environment }: RulesPlace, { current, wanted }: RuleLists): Change {
  const old = new Map(current.map((rule) => [rule.id, rule]));
  const list = wanted.map((rule) => edited(old.get(rule.id) ?? rule, rule)) as unknown as JsonValue;
  const at = ['environments', environment, 'rules'];
  const edit: Edit = wanted.length === 0 ? { at, remove: true } : { at, set: list };
  return { kind: 'flag.update', project, flag, edits: [edit] };
}

function edited(before: Rule, after: Rule): Rule {
  const fields = new Map<string, unknown>(Object.entries(before));
  for (const edit of editsOfRule(before, after)) {
    if ('set' in edit) fields.set(String(edit.at[0]), edit.set);
    else fields.delete(String(edit.at[0]));
  }
  return Object.fromEntries(fields) as unknown as Rule;
}

/**
 * The rules with their ids. Whoever sends a rule without one again means the one that was made of it; any other new rule
 * is named after its description, else numbered, and keeps that name from then on.
 */
export function withIds(wanted: readonly WantedRule[], current: readonly Rule[]): readonly Rule[] {
  const named = new Set(wanted.flatMap(({ id }) => id ?? []));
  const free = current.filter(({ id }) => !named.has(id));
  const taken = new Set([...named, ...current.map(({ id }) => id)]);
  return wanted.map(({ id, content }) => {
    if (id !== undefined) return { id, ...content };
    const known = free.findIndex((rule) => isSameContent(rule, content));
    const [same] = known < 0 ? [] : free.splice(known, 1);
    const own = same?.id ?? newId(content, taken);
    taken.add(own);
    return { id: own, ...content };
  });
}

/** From the last on, so that whatever a rule is put before stands in its place already. */
function placings(
  place: RulesPlace,
  {
    wanted,
    old,
    moved,
  }: {
    readonly wanted: readonly Rule[];
    readonly old: ReadonlyMap<string, Rule>;
    readonly moved: ReadonlySet<string>;
  },
): readonly Change[] {
  const changes = wanted.map((rule, index): readonly Change[] => {
    const before = wanted[index + 1]?.id ?? null;
    if (!old.has(rule.id)) return [{ kind: 'rule.create', ...place, rule, before }];
    return moved.has(rule.id) ? [{ kind: 'rule.move', ...place, rule: rule.id, before }] : [];
  });
  return changes.reverse().flat();
}

const NAME_LENGTH = 40;

function newId({ description = '' }: RuleContent, taken: ReadonlySet<string>): string {
  const words = description.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.join('-').slice(0, NAME_LENGTH).replace(/-$/, '');
  const isFree = (id: string) => !taken.has(id);
  if (/[a-z]/.test(name) && isFree(name)) return name;
  const base = /[a-z]/.test(name) ? name : 'rule';
  for (let number = base === 'rule' ? 1 : 2; ; number += 1) {
    if (isFree(`${base}-${number}`)) return `${base}-${number}`;
  }
}
