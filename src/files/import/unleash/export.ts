import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact } from '../draft.js';
import { UnreadableSource } from '../imported.js';
import { isList, isObject, objectsOf, readForeign, textOf } from '../read.js';
import { mergedByName } from './merge.js';
import { isTrue, readStrategies, readVariants, required } from './state.js';
import { wholeObjects } from './whole.js';

/** What of Unleash is read, whichever of its formats it came in. */
export interface UnleashExport {
  readonly features: readonly UnleashFeature[];
  /** By id; one that is only named has no constraints. */
  readonly segments: ReadonlyMap<string, UnleashSegment>;
}

/** One feature. */
export interface UnleashFeature {
  readonly name: string;
  readonly description: string | undefined;
  readonly isStale: boolean;
  readonly isArchived: boolean;
  readonly tags: readonly string[];
  readonly dependencies: readonly JsonObject[];
  /** By the environment's name; undefined in what a client is sent, which has one environment. */
  readonly environments: ReadonlyMap<string | undefined, UnleashState>;
  /** Why it cannot be carried, where what is written of it is not what Unleash writes. */
  readonly flaw: Inexact | undefined;
}

/** A feature in one environment. */
export interface UnleashState {
  readonly isEnabled: boolean;
  /** In the order in which they are tried. */
  readonly strategies: readonly JsonObject[];
  readonly variants: readonly JsonObject[];
}

/** A group of constraints under a name. */
export interface UnleashSegment {
  readonly name: string;
  readonly constraints: readonly JsonValue[] | undefined;
}

/**
 * Reads what Unleash writes: the export of features (`POST /api/admin/features-batch/export`, and the older state export), or what
 * it sends to clients (`GET /api/client/features`). A folder may hold several, such as one for each environment, and
 * the answer of `GET /api/admin/segments`.
 */
export function readExport(texts: ReadonlyMap<string, string>): UnleashExport {
  const files = [...texts].map(([name, text]) => {
    const file = readForeign(name, text);
    if (isObject(file) && (isList(file.features) || isList(file.segments))) return file;
    throw new UnreadableSource(
      `${name}: neither features nor segments are in it: an export of Unleash was wanted`,
    );
  });
  const segments = new Map<string, UnleashSegment>();
  for (const file of files) for (const segment of objectsOf(file.segments)) addSegment(segments, segment);
  return { features: mergedByName(files.flatMap(featuresOf)), segments };
}

function addSegment(segments: Map<string, UnleashSegment>, segment: JsonObject): void {
  const id = String(segment.id);
  const constraints = isList(segment.constraints) ? segment.constraints : undefined;
  if (constraints === undefined && segments.has(id)) return;
  segments.set(id, { name: textOf(segment.name) ?? `segment-${id}`, constraints });
}

function featuresOf(file: JsonObject): readonly UnleashFeature[] {
  const isExport = isList(file.featureStrategies) || isList(file.featureEnvironments);
  const environmentsOf = isExport ? exportedStates(file) : sentState;
  const tags = grouped(objectsOf(file.featureTags), ({ featureName }) => String(featureName));
  const parents = grouped(objectsOf(file.dependencies), (one) => String(one.feature));
  return objectsOf(file.features).map((feature) => {
    const name = textOf(feature.name) ?? NAMELESS;
    const facts = {
      name,
      description: textOf(feature.description),
      isStale: feature.stale === true,
      isArchived: feature.archived === true || textOf(feature.archivedAt) !== undefined,
      tags: (tags.get(name) ?? []).flatMap(tagText),
    };
    const needed = parents.get(name)?.map((one) => one.dependencies) ?? [feature.dependencies];
    try {
      const dependencies = needed.flatMap((one) => wholeObjects(one, 'dependencies'));
      return { ...facts, dependencies, environments: environmentsOf(feature), flaw: undefined };
    } catch (error) {
      if (!(error instanceof Inexact)) throw error;
      return { ...facts, dependencies: [], environments: new Map(), flaw: error };
    }
  });
}

/** No flag's key, so that such a feature is left out under it. */
const NAMELESS = '(no name)';

function tagText({ tagType, tagValue, type, value }: JsonObject): string[] {
  const text = textOf(tagValue) ?? textOf(value);
  const kind = textOf(tagType) ?? textOf(type) ?? 'simple';
  if (text === undefined) return [];
  return [kind === 'simple' ? text : `${kind}:${text}`];
}

/** What a client is sent has the state in the feature itself. */
function sentState(feature: JsonObject): UnleashFeature['environments'] {
  const state = {
    isEnabled: isTrue(feature.enabled),
    strategies: readStrategies(required(feature.strategies)),
    variants: readVariants(feature.variants),
  };
  return new Map([[undefined, state]]);
}

/** An export has strategies and switches in lists of their own; strategies that name no environment belong to the only one. */
function exportedStates(file: JsonObject): (feature: JsonObject) => UnleashFeature['environments'] {
  const switches = objectsOf(file.featureEnvironments);
  const names = [...new Set(switches.flatMap(environmentOf))];
  const states = grouped(switches, ({ featureName }) => String(featureName));
  const links = grouped(objectsOf(file.featureStrategySegments), (one) => String(one.featureStrategyId));
  return (feature) => {
    const name = String(feature.name);
    const all = wholeObjects(required(file.featureStrategies), 'featureStrategies');
    const strategies = all.filter(({ featureName }) => featureName === name);
    const found = new Map<string | undefined, UnleashState>();
    for (const state of states.get(name) ?? []) {
      const [environment] = environmentOf(state);
      const own = strategies.filter((one) => ownEnvironment(one, names) === environment);
      found.set(environment, {
        isEnabled: isTrue(state.enabled),
        strategies: readStrategies(own.map((one) => wholeStrategy(one, links)).sort(byOrder)),
        variants: readVariants(state.variants === undefined ? feature.variants : state.variants),
      });
    }
    if (found.size === 0)
      throw new Inexact('environments', 'the export says nothing of it in any environment');
    return found;
  };
}

function ownEnvironment(strategy: JsonObject, names: readonly string[]): string | undefined {
  const name = textOf(strategy.environment);
  if (name === undefined && names.length > 1)
    throw new Inexact('strategies', 'a strategy names no environment, and the export has several');
  return name ?? names[0];
}

function environmentOf(state: JsonObject): string[] {
  const name = textOf(state.environment) ?? textOf(state.name);
  return name === undefined ? [] : [name];
}

/** The older export calls the name otherwise and lists the segments of strategies apart. */
function wholeStrategy(strategy: JsonObject, links: ReadonlyMap<string, readonly JsonObject[]>): JsonObject {
  const linked = (links.get(String(strategy.id)) ?? []).map(({ segmentId }) => segmentId ?? null);
  const segments: JsonValue = isList(strategy.segments) ? strategy.segments : linked;
  return { ...strategy, name: strategy.name ?? strategy.strategyName ?? '', segments };
}

function byOrder(one: JsonObject, other: JsonObject): number {
  return Number(one.sortOrder ?? 0) - Number(other.sortOrder ?? 0);
}

function grouped(
  items: readonly JsonObject[],
  nameOf: (item: JsonObject) => string,
): Map<string, JsonObject[]> {
  const groups = new Map<string, JsonObject[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group === undefined) groups.set(nameOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
