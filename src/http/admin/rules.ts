import type { Change } from '../../changes/change.js';
import type { FlagFile } from '../../model/flag.js';
import type { JsonValue } from '../../model/values.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readList,
  refuseChanged,
  required,
} from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type AdminOptions, readWanted } from './exact-write.js';
import { flagOf } from './lookup.js';
import { changesOfRules, type WantedRule, withIds } from './rules-changes.js';
import { createRule, deleteRule, getRule, updateRule } from './rules-one.js';
import { RULE_FIELDS, readRule, readRuleId } from './rules-rule.js';
import { editsOfState, STATE_FIELDS } from './rules-state.js';
import {
  headersOfFlag,
  PLACE_FIELDS,
  type RulesNow,
  shownRules,
  writeRules,
  writtenFlag,
} from './rules-write.js';

const FLAG = '/api/admin/projects/:projectId/environments/:environmentId/flags/:flagId';

/** The rules of a flag in an environment, and all else that decides what it gives there. */
export function ruleRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${FLAG}/rules`, query: [], handle: getRules },
    { operation: `PUT ${FLAG}/rules`, query: [], handle: (asked) => replaceRules(options, asked) },
    { operation: `POST ${FLAG}/rules`, query: [], handle: (asked) => createRule(options, asked) },
    { operation: `POST ${FLAG}/rules/reorder`, query: [], handle: (asked) => reorderRules(options, asked) },
    { operation: `GET ${FLAG}/rules/:ruleId`, query: [], handle: getRule },
    { operation: `PUT ${FLAG}/rules/:ruleId`, query: [], handle: (asked) => updateRule(options, asked) },
    { operation: `DELETE ${FLAG}/rules/:ruleId`, query: [], handle: (asked) => deleteRule(options, asked) },
  ];
}

const MOST_RULES = 500;

function getRules(asked: Asked): Reply {
  const flag = flagOf(asked);
  const body = shownRules(asked, projectOf(asked), flag);
  return { status: 200, headers: headersOfFlag(orgOf(asked), flag), body };
}

/** PUT: the given fields, and all rules anew where they are given. What is sent as it was read, changes nothing. */
async function replaceRules(options: AdminOptions, asked: Asked): Promise<Reply> {
  const body = await readWanted(asked);
  const fields = readFields(body, '', [...PLACE_FIELDS, ...STATE_FIELDS, 'rules', ...WORD_FIELDS]);
  refuseChanged(fields, PLACE_FIELDS, shownRules(asked, projectOf(asked), flagOf(asked)));
  const changesOf = (now: RulesNow) => changesOfBody(fields, now);
  const result = await writeRules(options, asked, { changesOf, words: readWords(fields) });
  const { headers, shown } = writtenFlag(result, asked);
  return { status: 200, headers, body: shown };
}

/** POST: the rules in another order; all of them are named. */
async function reorderRules(options: AdminOptions, asked: Asked): Promise<Reply> {
  const body = await readWanted(asked);
  const fields = readFields(body, '', ['ruleIds', ...WORD_FIELDS]);
  const ids = required(readList(fields, 'ruleIds', { from: 0, to: MOST_RULES }), fields, 'ruleIds');
  const changesOf = ({ place, rules }: RulesNow) => {
    refuseOtherThan(
      rules.map(({ id }) => id),
      ids,
    );
    const byPlace = [...rules].sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
    return changesOfRules(place, { current: rules, wanted: byPlace });
  };
  const result = await writeRules(options, asked, { changesOf, words: readWords(fields) });
  const { headers, shown } = writtenFlag(result, asked);
  return { status: 200, headers, body: shown };
}

/** The state first: rules may need what it says. */
function changesOfBody(fields: Fields, { place, flag, rules }: RulesNow): readonly Change[] {
  const edits = editsOfState(fields, flag, place.environment);
  const wanted = readRules(fields, flag);
  const { project, flag: key } = place;
  return [
    ...(edits.length === 0 ? [] : [{ kind: 'flag.update', project, flag: key, edits } as const]),
    ...(wanted === undefined
      ? []
      : changesOfRules(place, { current: rules, wanted: withIds(wanted, rules) })),
  ];
}

function readRules(fields: Fields, flag: FlagFile): readonly WantedRule[] | undefined {
  const list =
    fieldOf(fields, 'rules') === null ? [] : readList(fields, 'rules', { from: 0, to: MOST_RULES });
  const ids = new Set<string>();
  return list?.map((item, index) => {
    const rule = readFields(item, `${placeOf(fields, 'rules')}[${index}]`, RULE_FIELDS);
    const id = readRuleId(rule);
    if (id !== undefined && ids.has(id)) throw invalidAt(placeOf(rule, 'id'), `${id} is there twice`);
    if (id !== undefined) ids.add(id);
    return { id, content: readRule(rule, { flag }) };
  });
}

function refuseOtherThan(there: readonly string[], ids: readonly JsonValue[]): void {
  const isAll = ids.length === there.length && new Set(ids).size === ids.length;
  if (isAll && there.every((id) => ids.includes(id))) return;
  throw invalidAt('ruleIds', `wanted each of ${there.length === 0 ? 'no rules' : there.join(', ')} once`);
}
