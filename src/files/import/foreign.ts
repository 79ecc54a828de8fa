import type { JsonObject, JsonValue } from '../../model/values.js';
import { UnreadableSource } from './imported.js';
import { isList, isObject, objectsOf, textOf } from './read.js';

/** A tool whose files are told from JSON that a team keeps for itself, by its word after `--from`. */
type Tool = 'flagd' | 'unleash' | 'flipt' | 'goff' | 'launchdarkly';

/**
 * Throws `UnreadableSource` for what another tool has an importer for: its definitions, which switch flags off and choose
 * whom they are for, would be values that everybody gets.
 */
export function refuseForeign(name: string, value: JsonValue): void {
  const found = isObject(value) ? (foreignFile(value) ?? foreignFlag(value)) : undefined;
  if (found !== undefined) throw new UnreadableSource(`${name}: that is for --from ${found}`);
  const isBelow = isObject(value) && isBelowFlags(value);
  for (const { shown, flag } of candidates(value)) {
    const tool = foreignFlag(flag) ?? (isBelow && isBareFlagd(flag) ? 'flagd' : undefined);
    if (tool === undefined) continue;
    throw new UnreadableSource(`${name}: ${shown} is no value but a definition, which is for --from ${tool}`);
  }
}

/** What may be flags: of a list, of a map, of a map below `flags`. */
function candidates(value: JsonValue | undefined): readonly Candidate[] {
  if (isList(value)) return value.flatMap((flag, index) => candidate(keyInList(flag), flag, index));
  if (!isObject(value)) return [];
  if (isBelowFlags(value)) return candidates(value.flags);
  return Object.entries(value).flatMap(([key, flag], index) => candidate(key, flag, index));
}

/** An object that may be a flag, and what people find it by. */
interface Candidate {
  readonly shown: string;
  readonly flag: JsonObject;
}

function candidate(key: string | undefined, flag: JsonValue, index: number): readonly Candidate[] {
  if (!isObject(flag)) return [];
  return [{ shown: key === undefined ? `item ${index + 1}` : JSON.stringify(key.slice(0, 100)), flag }];
}

/** Some tools call the key a name. */
function keyInList(flag: JsonValue): string | undefined {
  return isObject(flag) ? (textOf(flag.key) ?? textOf(flag.name)) : undefined;
}

function isBelowFlags({ flags }: JsonObject): boolean {
  return isObject(flags) || isList(flags);
}

/** What has its flags elsewhere than below `flags`. */
function foreignFile({ features, flagValues, items, namespace, flags }: JsonObject): Tool | undefined {
  if (objectsOf(features).some(isUnleashFeature)) return 'unleash';
  if (isObject(flagValues) || objectsOf(items).some(isLaunchDarkly)) return 'launchdarkly';
  return namespace !== undefined && isList(flags) ? 'flipt' : undefined;
}

function foreignFlag(flag: JsonObject): Tool | undefined {
  if (isFlagd(flag)) return 'flagd';
  if (isLaunchDarkly(flag)) return 'launchdarkly';
  if (isObject(flag.variations) || isObject(flag.defaultRule)) return 'goff';
  if (hasStrategies(flag)) return 'unleash';
  return isFlipt(flag) ? 'flipt' : undefined;
}

const FLAGD: readonly string[] = ['state', 'variants', 'defaultVariant', 'targeting', 'metadata'];

/** A value of a team's own may well have a state; it then has no variants. */
function isFlagd(flag: JsonObject): boolean {
  return hasState(flag) && (isObject(flag.variants) || flag.defaultVariant !== undefined);
}

/** Below `flags`, where flagd has its definitions, a state is enough where nothing else than flagd's stands beside it. */
function isBareFlagd(flag: JsonObject): boolean {
  return hasState(flag) && Object.keys(flag).every((field) => FLAGD.includes(field));
}

function hasState({ state }: JsonObject): boolean {
  return state === 'ENABLED' || state === 'DISABLED';
}

/** A name alone is what any list of a team's own has. */
function isUnleashFeature({ name, type, enabled, strategies }: JsonObject): boolean {
  const isDefined = isList(strategies) || typeof type === 'string' || typeof enabled === 'boolean';
  return typeof name === 'string' && isDefined;
}

/** Strategies have names; that there are none says something only of what can be switched. */
function hasStrategies({ strategies, enabled }: JsonObject): boolean {
  const isSwitchedAlone = isList(strategies) && strategies.length === 0 && typeof enabled === 'boolean';
  return isSwitchedAlone || objectsOf(strategies).some(({ name }) => typeof name === 'string');
}

function isLaunchDarkly({ variations, fallthrough, offVariation, environments }: JsonObject): boolean {
  const isPlaced = isObject(fallthrough) || typeof offVariation === 'number';
  return isList(variations) && (isPlaced || isObject(environments));
}

function isFlipt({ type, enabled, rollouts, variants, rules }: JsonObject): boolean {
  if (type === 'VARIANT_FLAG_TYPE' || type === 'BOOLEAN_FLAG_TYPE') return true;
  const isSwitch = typeof enabled === 'boolean';
  return holdObjects([rollouts], isSwitch) || holdObjects([variants, rules], isSwitch);
}

/** True for lists of objects; lists that are all empty say something only of what can be switched. */
function holdObjects(lists: readonly (JsonValue | undefined)[], isSwitch: boolean): boolean {
  const items = lists.map((list) => (isList(list) ? list : undefined));
  const areObjects = items.every((list) => list?.every(isObject) === true);
  return areObjects && (isSwitch || items.some((list) => list !== undefined && list.length > 0));
}
