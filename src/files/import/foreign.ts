import type { JsonObject, JsonValue } from '../../model/values.js';
import { UnreadableSource } from './imported.js';
import { isList, isObject, objectsOf } from './read.js';

/** A tool whose files are told from JSON that a team keeps for itself, by its word after `--from`. */
type Tool = 'flagd' | 'unleash' | 'flipt' | 'goff' | 'launchdarkly';

/**
 * Throws `UnreadableSource` for what another tool has an importer for: its definitions, which switch flags off and choose
 * whom they are for, would be values that everybody gets.
 */
export function refuseForeign(name: string, value: JsonValue): void {
  const found = isObject(value) ? (foreignFile(value) ?? foreignFlag(value)) : undefined;
  if (found !== undefined) throw new UnreadableSource(`${name}: that is for --from ${found}`);
  for (const [key, flag] of candidates(value)) {
    const tool = isObject(flag) ? foreignFlag(flag) : undefined;
    if (tool === undefined) continue;
    const shown = JSON.stringify(key.slice(0, 100));
    throw new UnreadableSource(`${name}: ${shown} is no value but a definition, which is for --from ${tool}`);
  }
}

/** What may be flags: of a list, of a map, of a map below `flags`. */
function candidates(value: JsonValue): readonly (readonly [string, JsonValue])[] {
  if (isList(value)) return objectsOf(value).map((flag) => [String(flag.key), flag]);
  if (!isObject(value)) return [];
  const { flags } = value;
  return isObject(flags) || isList(flags) ? candidates(flags) : Object.entries(value);
}

/** What has its flags elsewhere than below `flags`. */
function foreignFile({ features, flagValues, items, namespace, flags }: JsonObject): Tool | undefined {
  if (objectsOf(features).some(({ name }) => typeof name === 'string')) return 'unleash';
  if (isObject(flagValues) || objectsOf(items).some(isLaunchDarkly)) return 'launchdarkly';
  return namespace !== undefined && isList(flags) ? 'flipt' : undefined;
}

function foreignFlag(flag: JsonObject): Tool | undefined {
  if (isFlagd(flag)) return 'flagd';
  if (isLaunchDarkly(flag)) return 'launchdarkly';
  if (isObject(flag.variations) || isObject(flag.defaultRule)) return 'goff';
  if (isList(flag.strategies)) return 'unleash';
  return isFlipt(flag) ? 'flipt' : undefined;
}

const FLAGD: readonly string[] = ['state', 'variants', 'defaultVariant', 'targeting', 'metadata'];

/** A value of a team's own may well have a state; it then has other things beside it. */
function isFlagd(flag: JsonObject): boolean {
  const isState = flag.state === 'ENABLED' || flag.state === 'DISABLED';
  return isState && (isObject(flag.variants) || Object.keys(flag).every((field) => FLAGD.includes(field)));
}

function isLaunchDarkly({ variations, fallthrough, offVariation, environments }: JsonObject): boolean {
  const isPlaced = isObject(fallthrough) || typeof offVariation === 'number';
  return isList(variations) && (isPlaced || isObject(environments));
}

function isFlipt({ type, rollouts, variants, rules }: JsonObject): boolean {
  if (type === 'VARIANT_FLAG_TYPE' || type === 'BOOLEAN_FLAG_TYPE') return true;
  return isList(rollouts) || (isList(variants) && isList(rules));
}
