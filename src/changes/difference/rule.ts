import type { Rule } from '../../model/flag.js';
import { conditionsChange, conditionsText } from './conditions.js';
import { movedNames, type Pairing, pairByName } from './pairing.js';
import { type PartDifference, type Told, tell, type Versions } from './part-difference.js';
import { isWrittenSame } from './same.js';
import { servesSame, serveText, serveTexts } from './serve.js';
import { textOf, wordOf } from './words.js';

/** The rules of one environment. */
export interface RulesOf {
  readonly rules: readonly Rule[];
  /** The attribute that places people in rules that name none. */
  readonly bucketBy: string;
}

/** The differences of the rules of one environment, paired by id. Their order counts: the first that applies decides. */
export function diffRules(versions: Versions<RulesOf>, environment: string): readonly PartDifference[] {
  const { before, after } = versions;
  if (isWrittenSame(before.rules, after.rules) && before.bucketBy === after.bucketBy) return [];
  const moved = movedNames({ before: before.rules.map(idOf), after: after.rules.map(idOf) });
  const pairs = pairByName({ before: before.rules.map(namedRule), after: after.rules.map(namedRule) });
  return pairs.flatMap((pair) => {
    const place = moved.has(pair.name) ? [moveOf(pair, after.rules)] : [];
    return [...place, ...changesOf(pair, versions)].map((told) => tellRule(told, pair, environment));
  });
}

/** What a rule does, in words: `country equals DE, 20 % → on`. */
export function ruleText({ when, percentage, bucketBy, serve }: Rule): string {
  const share = percentage === undefined ? [] : [`${percentage} %`];
  const who = [...(when === undefined ? [] : [conditionsText(when)]), ...share].join(', ') || 'everyone';
  const by = bucketBy === undefined ? '' : ` by ${wordOf(bucketBy)}`;
  return `${who}${by} → ${serveText(serve)}`;
}

type RuleTold = Omit<Told, 'part' | 'at'> & { readonly field?: keyof Rule };

function tellRule({ field, ...told }: RuleTold, pair: Pairing<Rule>, environment: string): PartDifference {
  const place = (pair.after ?? pair.before)?.place ?? 0;
  const at = ['environments', environment, 'rules', place, ...(field === undefined ? [] : [field])];
  return tell({ ...told, part: { kind: 'rule', id: pair.name }, at, environment });
}

function changesOf({ before, after, name }: Pairing<Rule>, versions: Versions<RulesOf>): readonly RuleTold[] {
  const rule = `rule ${textOf(name)}`;
  if (before === undefined) {
    return after ? [{ after: after.item, sentence: `${rule} added: ${ruleText(after.item)}` }] : [];
  }
  if (after === undefined) return [{ before: before.item, sentence: `${rule} removed` }];
  const items = { before: before.item, after: after.item };
  return [
    ...whenChange(items, rule),
    ...percentageChange(items, textOf(name)),
    ...bucketChange(items, versions, rule),
    ...serveChange(items, rule),
    ...descriptionChange(items, rule),
  ];
}

function moveOf({ name, before, after }: Pairing<Rule>, rules: readonly Rule[]): RuleTold {
  const next = rules[(after?.place ?? 0) + 1];
  const where = next === undefined ? 'to the end' : `before ${textOf(next.id)}`;
  const sentence = `rule ${textOf(name)} moved ${where}`;
  return { before: before?.item, after: after?.item, action: 'moved', sentence };
}

function whenChange({ before, after }: Versions<Rule>, rule: string): readonly RuleTold[] {
  const [old, now] = [before.when, after.when];
  const without = { first: 'now only for', gone: 'now for everyone' };
  const change = conditionsChange({ before: old, after: now }, without);
  if (change === undefined) return [];
  const sentence = `${rule}: ${change}`;
  return [{ field: 'when', before: old, after: now, action: 'changed', sentence }];
}

/** Left out, a rule's share is everybody. */
function percentageChange(items: Versions<Rule>, name: string): readonly RuleTold[] {
  const { percentage: before = 100 } = items.before;
  const { percentage: after = 100 } = items.after;
  if (before === after) return [];
  const sentence = `rollout of ${name} ${before} % → ${after} %`;
  return [{ field: 'percentage', before, after, sentence }];
}

/** A rule that names the flag's own attribute says what is so without it; a change of the flag's is told there. */
function bucketChange(
  { before, after }: Versions<Rule>,
  flag: Versions<RulesOf>,
  rule: string,
): readonly RuleTold[] {
  const old = before.bucketBy ?? flag.before.bucketBy;
  const now = after.bucketBy ?? flag.after.bucketBy;
  if (old === now || (old === flag.before.bucketBy && now === flag.after.bucketBy)) return [];
  const sentence = `${rule} places people by ${wordOf(now)} (was ${wordOf(old)})`;
  return [{ field: 'bucketBy', before: old, after: now, sentence }];
}

function serveChange({ before, after }: Versions<Rule>, rule: string): readonly RuleTold[] {
  const serves = { before: before.serve, after: after.serve };
  if (servesSame(serves)) return [];
  const { before: was, after: now } = serveTexts(serves);
  const { before: old = 'on', after: fresh = 'on' } = serves;
  return [{ field: 'serve', before: old, after: fresh, sentence: `${rule} serves ${now} (was ${was})` }];
}

function descriptionChange({ before, after }: Versions<Rule>, rule: string): readonly RuleTold[] {
  const [old, now] = [before.description, after.description];
  if (old === now) return [];
  const how = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
  const sentence = `description of ${rule} ${how}`;
  return [{ field: 'description', before: old, after: now, action: 'changed', sentence }];
}

function idOf({ id }: Rule): string {
  return id;
}

function namedRule(item: Rule, place: number) {
  return { name: item.id, item, place };
}
