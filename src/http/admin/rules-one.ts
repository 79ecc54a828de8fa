import { environmentState, type Rule } from '../../model/flag.js';
import { type Fields, fieldOf, invalidAt, placeOf, readFields, readText } from '../json-fields.js';
import type { Asked, Reply } from '../route.js';
import { environmentOf, orgOf } from '../scope.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type AdminOptions, readWanted } from './exact-write.js';
import { flagOf } from './lookup.js';
import { withIds } from './rules-changes.js';
import { editsOfRule, RULE_FIELDS, readRule, readRuleId, shownRule } from './rules-rule.js';
import { findRule, headersOfFlag, type RulesNow, writeRules, writtenFlag } from './rules-write.js';

const ID_LENGTH = { from: 1, to: 100 };

/** GET: one rule. */
export function getRule(asked: Asked): Reply {
  const flag = flagOf(asked);
  const { rules = [] } = environmentState(flag.file, environmentOf(asked));
  const body = shownRule(findRule(rules, ruleIdOf(asked)), flag.file);
  return { status: 200, headers: headersOfFlag(orgOf(asked), flag), body };
}

/** POST: one more rule, before another one or last. */
export async function createRule(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', [...RULE_FIELDS, 'before', ...WORD_FIELDS]);
  const before = readBefore(fields);
  let made = '';
  const changesOf = ({ place, flag, rules }: RulesNow) => {
    if (before !== null && !rules.some(({ id }) => id === before)) {
      throw invalidAt(placeOf(fields, 'before'), 'there is no such rule');
    }
    const rule = newRule({ id: readRuleId(fields), content: readRule(fields, { flag }) }, rules);
    made = rule.id;
    return [{ kind: 'rule.create', ...place, rule, before } as const];
  };
  const result = await writeRules(options, asked, { changesOf, words: readWords(fields) });
  const { headers, shown } = writtenFlag(result, asked);
  const { projectId, environmentId, flagId } = asked.params;
  const path = `/api/admin/projects/${projectId}/environments/${environmentId}/flags/${flagId}/rules/${made}`;
  return { status: 201, headers: { ...headers, Location: path }, body: findRule(shown.rules, made) };
}

/** PUT: the given fields of a rule. */
export async function updateRule(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', [...RULE_FIELDS, ...WORD_FIELDS]);
  const id = ruleIdOf(asked);
  const changesOf = ({ place, flag, rules }: RulesNow) => {
    const now = findRule(rules, id);
    if ((readRuleId(fields) ?? id) !== id) throw invalidAt(placeOf(fields, 'id'), 'cannot be changed');
    const edits = editsOfRule(now, readRule(fields, { flag, now }));
    return edits.length === 0 ? [] : [{ kind: 'rule.update', ...place, rule: id, edits } as const];
  };
  const result = await writeRules(options, asked, { changesOf, words: readWords(fields) });
  const { headers, shown } = writtenFlag(result, asked);
  return { status: 200, headers, body: findRule(shown.rules, id) };
}

/** DELETE: a rule. */
export async function deleteRule(options: AdminOptions, asked: Asked): Promise<Reply> {
  const changesOf = ({ place, rules }: RulesNow) => {
    const { id } = findRule(rules, ruleIdOf(asked));
    return [{ kind: 'rule.delete', ...place, rule: id } as const];
  };
  const { headers } = writtenFlag(await writeRules(options, asked, { changesOf }), asked);
  return { status: 200, headers, body: { success: true } };
}

function ruleIdOf({ params }: Asked): string {
  return params.ruleId ?? '';
}

/** A rule that is sent twice without an id is wanted twice. */
function newRule(wanted: Parameters<typeof withIds>[0][number], rules: readonly Rule[]): Rule {
  const [...all] = withIds([...rules.map(({ id, ...content }) => ({ id, content })), wanted], rules);
  const last = all.at(-1);
  if (last === undefined) throw new Error('there is the rule that was wanted');
  return last;
}

function readBefore(fields: Fields): string | null {
  return fieldOf(fields, 'before') === null ? null : (readText(fields, 'before', ID_LENGTH) ?? null);
}
