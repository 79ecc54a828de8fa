import { isSame } from '../../changes/difference/same.js';
import type { Edit } from '../../files/edit.js';
import type { FlagFile, Rule } from '../../model/flag.js';
import type { JsonValue } from '../../model/values.js';
import { type Fields, fieldOf, invalidAt, placeOf, readText } from '../json-fields.js';
import { type Conditions, readConditionsIn, shownConditions } from './conditions.js';
import { isSameServe, readServe, type ShownServe, shownServe } from './rules-serve.js';
import { asWritten } from './written-clauses.js';

/** A rule in the words of the admin API. Null and an empty description are what the file does not say. */
export interface ShownRule extends Conditions {
  readonly id: string;
  readonly description: string;
  /** A gate in per cent: those outside go on to the next rule. */
  readonly percentage: number | null;
  readonly bucketBy: string | null;
  readonly serve: ShownServe | null;
}

/** A rule without its id. */
export type RuleContent = Omit<Rule, 'id'>;

export const RULE_FIELDS = [
  'id',
  'description',
  'operator',
  'conditions',
  'percentage',
  'bucketBy',
  'serve',
] as const;

const DESCRIPTION_LENGTH = { to: 2_000 };
const ATTRIBUTE_LENGTH = { to: 200 };
const ID_LENGTH = { from: 1, to: 100 };

/** A rule of this flag. */
export function shownRule(rule: Rule, flag: FlagFile): ShownRule {
  return {
    id: rule.id,
    description: rule.description ?? '',
    ...shownConditions(rule.when),
    percentage: rule.percentage ?? null,
    bucketBy: rule.bucketBy ?? null,
    serve: shownServe(rule.serve, flag),
  };
}

/**
 * What the fields say of a rule, the exact inverse of `shownRule`. What is left out is as `now` has it, null is nothing.
 * Throws a `Failure` of kind `invalid` that names the place.
 */
export function readRule(
  fields: Fields,
  { flag, now = {} }: { readonly flag: FlagFile; readonly now?: RuleContent | undefined },
): RuleContent {
  const description = readOr(fields, 'description', now.description, () =>
    readText(fields, 'description', DESCRIPTION_LENGTH),
  );
  const when = readConditionsIn(fields, now.when) ?? now.when ?? [];
  const percentage = readOr(fields, 'percentage', now.percentage, () => readPercentage(fields));
  const bucketBy = readOr(fields, 'bucketBy', now.bucketBy, () =>
    readText(fields, 'bucketBy', ATTRIBUTE_LENGTH),
  );
  const serve = readOr(fields, 'serve', now.serve, () => readServe(fields, flag));
  if (serve === undefined && shownServe(undefined, flag) === null) {
    throw invalidAt(placeOf(fields, 'serve'), 'is missing: the flag has no variant on');
  }
  return {
    ...(description === undefined || description === '' ? {} : { description }),
    ...(when.length === 0 ? {} : { when }),
    ...(percentage === undefined ? {} : { percentage }),
    ...(bucketBy === undefined || bucketBy === '' ? {} : { bucketBy }),
    ...(serve === undefined || serve === 'on' ? {} : { serve }),
  };
}

/** The id that a rule is to have; undefined where it is left out, null or empty. */
export function readRuleId(fields: Fields): string | undefined {
  const id = fieldOf(fields, 'id') ?? '';
  return id === '' ? undefined : readText(fields, 'id', ID_LENGTH);
}

/** True where both do the same and say the same; the files may write it in several ways. */
export function isSameContent(one: RuleContent, other: RuleContent): boolean {
  return editsOfRule(one, other).length === 0;
}

/** What is to be edited in a rule so that it says something else, field by field. */
export function editsOfRule(before: RuleContent, after: RuleContent): readonly Edit[] {
  return [
    ...editOf('description', before.description || undefined, after.description),
    ...editOf('when', before.when, asWritten(after.when, before.when)),
    ...editOf('percentage', before.percentage, after.percentage),
    ...editOf('bucketBy', before.bucketBy, after.bucketBy),
    ...(isSameServe(before.serve, after.serve)
      ? []
      : [{ at: ['serve'], set: after.serve === undefined ? 'on' : after.serve }]),
  ];
}

function editOf(name: keyof RuleContent, before: unknown, after: unknown): readonly Edit[] {
  if (isSame(before, after)) return [];
  return [after === undefined ? { at: [name], remove: true } : { at: [name], set: after as JsonValue }];
}

function readOr<Value>(
  fields: Fields,
  name: string,
  now: Value | undefined,
  read: () => Value | undefined,
): Value | undefined {
  const value = fieldOf(fields, name);
  if (value === undefined) return now;
  return value === null ? undefined : read();
}

function readPercentage(fields: Fields): number {
  const value = fieldOf(fields, 'percentage');
  const isShare = typeof value === 'number' && value >= 0 && value <= 100;
  if (isShare && Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-6) return value;
  throw invalidAt(placeOf(fields, 'percentage'), 'wanted a number from 0 to 100 with up to three decimals');
}
