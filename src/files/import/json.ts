import type { EnvironmentState, FlagFile, Rule } from '../../model/flag.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { parseText } from '../parse.js';
import { printYaml } from '../print.js';
import { commonType, Draft, type DraftedFlag, Inexact, type Note } from './draft.js';
import { type ForeignInput, type Imported, UnreadableSource } from './imported.js';
import { isList, isObject, objectsOf, readForeign, textsOf } from './read.js';
import { eachState } from './states.js';

/**
 * Reads flags that a team keeps as JSON of its own: a file that holds a map of flags (`{ "dark-mode": true, "rows": 20 }`), a list of
 * flags with their `key`, or a folder with one file a flag, named for it. A flag is a value, `{ "enabled": true, ... }` with fields of
 * `FIELDS`, or what a flag's file here says. A field of another name leaves the flag out: nobody knows what it does.
 */
export function readJson({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  const environments = targets.of(undefined);
  for (const [name, text] of texts) {
    for (const [key, value] of flagsIn(name, readForeign(name, text))) {
      draft.flag(key, (note) => draftedFlag(value, environments, note));
    }
  }
  return draft.done();
}

/** A file without fields of a flag is a map of flags. */
function flagsIn(name: string, value: JsonValue): readonly (readonly [string, JsonValue])[] {
  if (isList(value)) return objectsOf(value).map((flag) => keyedFlag(name, flag));
  const file = name.slice(name.lastIndexOf('/') + 1).replace(/\.(?:json|ya?ml)$/i, '');
  if (!isObject(value) || isFlag(value)) return [[file, value]];
  if (isObject(value.flags) && Object.keys(value).length === 1) return Object.entries(value.flags);
  return Object.entries(value);
}

function keyedFlag(name: string, { key, ...flag }: JsonObject): readonly [string, JsonValue] {
  if (typeof key !== 'string')
    throw new UnreadableSource(`${name}: a flag of the list has no key: { "key": ... } was wanted`);
  return [key, flag];
}

function isFlag(value: JsonObject): boolean {
  return typeof value.enabled === 'boolean' || isObject(value.environments);
}

function draftedFlag(value: JsonValue, environments: readonly string[], note: Note): DraftedFlag {
  if (!isObject(value)) return { value: constantFlag(value, environments) };
  if (isObject(value.environments)) return { value: judgedFlag(value) };
  if (typeof value.enabled !== 'boolean') return { value: constantFlag(value, environments) };
  const share = value.percentage;
  if (share !== undefined && share !== 0 && share !== 100) note('moved', 'percentage', MOVED);
  return switchedFlag(value, environments);
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
function switchedFlag(flag: JsonObject, environments: readonly string[]): DraftedFlag {
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
  return { value: { ...factsOf(flag), environments: eachState(environments, state) } };
}

function userRules({ users }: JsonObject): readonly Rule[] {
  if (users === undefined) return [];
  const names = textsOf(users);
  if (!isList(users) || names.length !== users.length)
    throw new Inexact('users', 'users is no list of texts');
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

function factsOf({ name, description, owner, tags }: JsonObject): Partial<FlagFile> {
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(isList(tags) ? { tags: textsOf(tags) } : {}),
  };
}
