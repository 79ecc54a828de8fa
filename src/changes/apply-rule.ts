import { editSource } from '../files/edit.js';
import { moveItem } from '../files/edit-move.js';
import { pathOf } from '../files/paths.js';
import type { Source } from '../files/yaml-source.js';
import { Failure } from '../model/failure.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { applyEdits, editsBelow, listAt, updateTime, valueAt } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { RuleCreate, RuleDelete, RuleMove, RuleUpdate } from './change.js';
import type { Draft } from './draft.js';
import { newState } from './new-state.js';
import { flagNotFound, refuseUnknownEnvironment } from './refusals.js';

type RuleChange = RuleCreate | RuleUpdate | RuleMove | RuleDelete;

/** The rules of one environment in the file of a flag. */
interface Rules {
  readonly source: Source;
  /** The state of the environment. */
  readonly state: Pointer;
  /** The list. */
  readonly at: Pointer;
  /** Empty where the file has no such list. */
  readonly list: readonly JsonValue[];
}

/**
 * An environment that the file does not have yet begins as one that is switched off. The comments above the rule before
 * which it is put stay with that rule: it is made at the end, and moved.
 */
export function createRule(
  files: Draft,
  change: RuleCreate,
  { org, now }: ApplyOptions,
): readonly RuleCreate[] {
  const rules = rulesOf(files, change, org);
  const { source, state, at, list } = rules;
  const rule = change.rule as unknown as JsonValue;
  if (placeOf(rules, change.rule.id) >= 0) throw ruleExists(change);
  const to = change.before === null ? list.length : foundPlace(rules, change, change.before);
  const hasState = (valueAt(source.value, state) ?? null) !== null;
  const whole = hasState
    ? { at, set: [rule] }
    : { at: state, set: newState(source.value, { rules: [rule] }) };
  const edit = list.length > 0 ? { at: [...at, list.length], insert: rule } : whole;
  if (applyEdits(files, { source, edits: [edit], now }).length === 0) return [];
  const made = to < list.length ? files.readSource(source.path) : undefined;
  if (made !== undefined) files.putSource(moveItem(made, { at, from: list.length, to }));
  return [change];
}

export function updateRule(
  files: Draft,
  change: RuleUpdate,
  { org, now }: ApplyOptions,
): readonly RuleUpdate[] {
  const rules = rulesOf(files, change, org);
  const place = [...rules.at, foundPlace(rules, change, change.rule)];
  const { source } = rules;
  const below = editsBelow(place, change.edits);
  const done = new Set(applyEdits(files, { source, edits: below, now }));
  const edits = change.edits.filter((_, index) => below[index] !== undefined && done.has(below[index]));
  return edits.length === 0 ? [] : [{ ...change, edits }];
}

/** The rule keeps its lines, and the comments on and directly above them. */
export function moveRule(files: Draft, change: RuleMove, { org, now }: ApplyOptions): readonly RuleMove[] {
  const rules = rulesOf(files, change, org);
  const { source, at, list } = rules;
  const from = foundPlace(rules, change, change.rule);
  const before = change.before === null ? list.length : foundPlace(rules, change, change.before);
  const to = before > from ? before - 1 : before;
  if (to === from || change.before === change.rule) return [];
  const moved = moveItem(source, { at, from, to });
  files.putSource(editSource(moved, updateTime(moved, now)));
  return [change];
}

/** A list without rules goes too. */
export function deleteRule(
  files: Draft,
  change: RuleDelete,
  { org, now }: ApplyOptions,
): readonly RuleDelete[] {
  const rules = rulesOf(files, change, org);
  const { source, at, list } = rules;
  const place = foundPlace(rules, change, change.rule);
  applyEdits(files, { source, edits: [{ at: list.length === 1 ? at : [...at, place], remove: true }], now });
  return [change];
}

/** Throws FLAG_NOT_FOUND, ENVIRONMENT_NOT_FOUND and FILE_BROKEN. */
function rulesOf(files: Draft, change: RuleChange, org: ApplyOptions['org']): Rules {
  const { project, flag: key, environment } = change;
  const source = files.readSource(pathOf({ kind: 'flag', org, project, key }));
  if (source === undefined) throw flagNotFound(change);
  refuseUnknownEnvironment(files, change);
  const state = ['environments', environment];
  const at = [...state, 'rules'];
  return { source, state, at, list: listAt(source, 'flag', at) };
}

function placeOf({ list }: Rules, id: string): number {
  return list.findIndex((rule) => valueAt(rule, ['id']) === id);
}

function foundPlace(rules: Rules, { flag, environment }: RuleChange, id: string): number {
  const place = placeOf(rules, id);
  if (place >= 0) return place;
  const sentence = `flag ${flag} has no rule ${id} in ${environment}`;
  throw new Failure('not-found', 'RULE_NOT_FOUND', sentence);
}

function ruleExists({ flag, environment, rule }: RuleCreate): Failure {
  const sentence = `flag ${flag} has a rule ${rule.id} in ${environment} already`;
  return new Failure('conflict', 'RULE_EXISTS', sentence);
}
