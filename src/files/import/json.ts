import type { EnvironmentState, FlagFile, Rule } from '../../model/flag.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { parseText } from '../parse.js';
import { printYaml } from '../print.js';
import { commonType, Draft, type DraftedFlag, Inexact, type Note } from './draft.js';
import { carriedTags } from './facts.js';
import { refuseForeign } from './foreign.js';
import {
  type ForeignInput,
  type Imported,
  STANDARD_INPUT,
  type Targets,
  UnreadableSource,
} from './imported.js';
import { isList, isObject, readForeign, textsOf } from './read.js';
import { eachState } from './states.js';
import { listedTexts } from './strict.js';

/**
 * Reads flags that a team keeps as JSON of its own: a file that holds a map of flags (`{ "dark-mode": true, "rows": 20 }`), a list of
 * flags with their `key`, or a folder with one file a flag, named for it. A flag is a value, `{ "enabled": true, ... }` with fields of
 * `FIELDS`, or what a flag's file here says. A field of another name leaves the flag out: nobody knows what it does.
 */
export function readJson({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  for (const [name, text] of texts) {
    for (const [key, value] of flagsIn(name, readForeign(name, text))) {
      draft.flag(key, (note) => draftedFlag(value, targets, note));
    }
  }
  return draft.done();
}

/** A file without fields of a flag is a map of flags. */
function flagsIn(name: string, value: JsonValue): readonly (readonly [string, JsonValue])[] {
  refuseForeign(name, value);
  if (isList(value)) return value.map((flag) => keyedFlag(name, flag));
  const file = name.slice(name.lastIndexOf('/') + 1).replace(/\.(?:json|ya?ml)$/i, '');
  if (!isObject(value) || isFlag(value)) {
    if (name !== STANDARD_INPUT) return [[file, value]];
    throw new UnreadableSource(
      `${name}: it is one flag, and nobody knows its key: a map of flags was wanted`,
    );
  }
  const { flags, $schema: _schema, ...others } = value;
  if (!isObject(flags) && !isList(flags)) return Object.entries(value);
  const [other] = Object.keys(others);
  if (other === undefined) return flagsIn(name, flags);
  throw new UnreadableSource(
    `${name}: beside "flags" stands ${JSON.stringify(other)}, and nobody knows whether it is a flag: leave it out, or the map around both`,
  );
}

function keyedFlag(name: string, item: JsonValue): readonly [string, JsonValue] {
  if (!isObject(item) || typeof item.key !== 'string')
    throw new UnreadableSource(`${name}: a flag of the list has no key: { "key": ... } was wanted`);
  const { key, ...flag } = item;
  return [key, flag];
}

/** What a flag has and a map of flags has not: a flag of these names there is a map itself, or true or false. */
function isFlag({ enabled, environments, percentage, users }: JsonObject): boolean {
  const isSwitch = enabled !== undefined && !isObject(enabled);
  return isSwitch || isObject(environments) || typeof percentage === 'number' || isList(users);
}

function draftedFlag(value: JsonValue, targets: Targets, note: Note): DraftedFlag {
  if (isObject(value) && isObject(value.environments))
    return { value: chosenStates(judgedFlag(value), targets) };
  const environments = targets.of(undefined);
  if (!isObject(value) || !isFlag(value)) return { value: constantFlag(value, environments) };
  if (typeof value.enabled !== 'boolean')
    throw new Inexact('enabled', 'it has fields of a flag, and enabled is neither true nor false');
  const share = value.percentage;
  if (share !== undefined && share !== 0 && share !== 100) note('moved', 'percentage', MOVED);
  return switchedFlag(value, environments, note);
}

/** With the states of those environments that are carried, under our names. */
function chosenStates({ environments, ...flag }: FlagFile, targets: Targets): FlagFile {
  const states = Object.entries(environments).map(([name, state]) => eachState(targets.of(name), state));
  const chosen: FlagFile['environments'] = Object.assign({}, ...states);
  if (states.length > 0 && Object.keys(chosen).length === 0)
    throw new Inexact('environments', 'it has a state in none of the environments that were chosen');
  return { ...flag, environments: chosen };
}

/** A flag as its file here says it. Throws `Inexact` with what is wrong with it. */
function judgedFlag(value: JsonObject): FlagFile {
  const { value: flag, problems } = parseText('flag', printYaml(value));
  if (flag !== undefined) return flag;
  const [problem] = problems.filter(({ severity }) => severity === 'error');
  throw new Inexact(problem?.code ?? 'flag', problem?.message ?? 'it cannot be read');
}

const MOVED = 'the same share of people, placed by the hash that is used here';

/** One value for everyone. */
function constantFlag(value: JsonValue, environments: readonly string[]): FlagFile {
  if (typeof value === 'boolean') {
    return { environments: eachState(environments, { enabled: true, ...(value ? {} : { serve: 'off' }) }) };
  }
  const type = commonType([value]);
  return {
    type,
    variants: { value },
    environments: eachState(environments, { enabled: true, serve: 'value' }),
  };
}

/** What a flag that is switched on or off may say, and nothing else. */
const FIELDS: readonly string[] = ['enabled', 'name', 'description', 'owner', 'tags', 'percentage', 'users'];

/** `enabled: false` is off for everyone; else for the users named, and for a share of all others. */
function switchedFlag(flag: JsonObject, environments: readonly string[], note: Note): DraftedFlag {
  const unknown = Object.keys(flag).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new Inexact(unknown, `the field ${unknown} has no meaning here; known are ${FIELDS.join(', ')}`);
  }
  const rules: Rule[] = [...userRules(flag), ...shareRules(flag)];
  const isLimited = flag.users !== undefined || flag.percentage !== undefined;
  const state: EnvironmentState = {
    enabled: flag.enabled === true,
    ...(rules.length === 0 ? {} : { rules }),
    ...(isLimited ? { serve: 'off' } : {}),
  };
  return { value: { ...factsOf(flag, note), environments: eachState(environments, state) } };
}

function userRules({ users }: JsonObject): readonly Rule[] {
  if (users === undefined) return [];
  if (!isList(users)) throw new Inexact('users', 'users is no list of texts');
  const names = listedTexts(users, 'users');
  if (names.length === 0) return [];
  return [
    {
      id: 'users',
      when: [
        {
          any: [
            { attribute: 'targetingKey', in: names },
            { attribute: 'userId', in: names },
          ],
        },
      ],
    },
  ];
}

function shareRules({ percentage }: JsonObject): readonly Rule[] {
  if (percentage === undefined) return [];
  if (typeof percentage !== 'number') throw new Inexact('percentage', 'percentage is no number');
  return [{ id: 'share', percentage }];
}

/** What has another type than it has here never changed an answer. */
function factsOf(flag: JsonObject, note: Note): Partial<FlagFile> {
  const facts: Record<string, JsonValue> = {};
  for (const field of ['name', 'description', 'owner'] as const) {
    const value = flag[field];
    if (typeof value === 'string') facts[field] = value;
    else if (value !== undefined) note('dropped', field, `${field} is no text`);
  }
  const { tags } = flag;
  if (tags !== undefined && !isList(tags)) note('dropped', 'tags', 'tags is no list');
  const texts = textsOf(tags);
  if (isList(tags) && texts.length < tags.length) note('dropped', 'tags', 'one of the tags is no text');
  return { ...facts, ...carriedTags(texts, note) };
}
