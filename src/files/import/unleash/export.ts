import type { JsonObject, JsonValue } from '../../../model/values.js';
import { UnreadableSource } from '../imported.js';
import { isList, isObject, objectsOf, readForeign, textOf, textsOf } from '../read.js';

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
  readonly constraints: readonly JsonObject[] | undefined;
}

/**
 * Reads what Unleash writes: the export of features (`POST /api/admin/features-batch/export`, and the older state export), or what
 * it sends to clients (`GET /api/client/features`). A folder may hold the answer of `GET /api/admin/segments` beside it.
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
  return { features: files.flatMap(featuresOf), segments };
}

function addSegment(segments: Map<string, UnleashSegment>, segment: JsonObject): void {
  const id = String(segment.id);
  const constraints = isList(segment.constraints) ? objectsOf(segment.constraints) : undefined;
  if (constraints === undefined && segments.has(id)) return;
  segments.set(id, { name: textOf(segment.name) ?? `segment-${id}`, constraints });
}

function featuresOf(file: JsonObject): readonly UnleashFeature[] {
  const isExport = isList(file.featureStrategies) || isList(file.featureEnvironments);
  const environmentsOf = isExport ? exportedStates(file) : sentState;
  const tags = grouped(objectsOf(file.featureTags), ({ featureName }) => String(featureName));
  const parents = new Map(
    objectsOf(file.dependencies).map((one) => [String(one.feature), objectsOf(one.dependencies)]),
  );
  return objectsOf(file.features).map((feature) => ({
    name: String(feature.name),
    description: textOf(feature.description),
    isStale: feature.stale === true,
    isArchived: feature.archived === true || textOf(feature.archivedAt) !== undefined,
    tags: (tags.get(String(feature.name)) ?? []).flatMap(tagText),
    dependencies: parents.get(String(feature.name)) ?? objectsOf(feature.dependencies),
    environments: environmentsOf(feature),
  }));
}

function tagText({ tagType, tagValue, type, value }: JsonObject): string[] {
  const text = textOf(tagValue) ?? textOf(value);
  const kind = textOf(tagType) ?? textOf(type) ?? 'simple';
  if (text === undefined) return [];
  return [kind === 'simple' ? text : `${kind}:${text}`];
}

/** What a client is sent has the state in the feature itself. */
function sentState(feature: JsonObject): UnleashFeature['environments'] {
  const state = {
    isEnabled: feature.enabled === true,
    strategies: objectsOf(feature.strategies),
    variants: objectsOf(feature.variants),
  };
  return new Map([[undefined, state]]);
}

/** An export has strategies and switches in lists of their own; strategies that name no environment belong to the only one. */
function exportedStates(file: JsonObject): (feature: JsonObject) => UnleashFeature['environments'] {
  const switches = objectsOf(file.featureEnvironments);
  const names = [...new Set(switches.flatMap(environmentOf))];
  const states = grouped(switches, ({ featureName }) => String(featureName));
  const links = grouped(objectsOf(file.featureStrategySegments), (one) => String(one.featureStrategyId));
  const strategies = grouped(objectsOf(file.featureStrategies), (one) => String(one.featureName));
  return (feature) => {
    const name = String(feature.name);
    const found = new Map<string | undefined, UnleashState>();
    for (const state of states.get(name) ?? []) {
      const [environment] = environmentOf(state);
      const own = (strategies.get(name) ?? []).filter((one) => {
        return (textOf(one.environment) ?? (names.length === 1 ? environment : undefined)) === environment;
      });
      found.set(environment, {
        isEnabled: state.enabled === true,
        strategies: own.map((one) => wholeStrategy(one, links)).sort(byOrder),
        variants: [
          ...objectsOf(state.variants),
          ...(state.variants === undefined ? objectsOf(feature.variants) : []),
        ],
      });
    }
    return found;
  };
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

/** The texts in one text, with commas between. */
export function listedTexts(value: JsonValue | undefined): readonly string[] {
  const texts = typeof value === 'string' ? value.split(',') : textsOf(value);
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}
