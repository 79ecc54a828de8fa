import type { JsonObject, JsonValue } from '../../../model/values.js';
import { UnreadableSource } from '../imported.js';
import { isList, isObject, readForeign, textOf } from '../read.js';

/** What texts of LaunchDarkly hold together. */
export interface Export {
  /** By key; the later of two with the same key counts. */
  readonly flags: ReadonlyMap<string, JsonObject>;
  /** By environment and key; under undefined those for all environments. */
  readonly segments: ReadonlyMap<string | undefined, ReadonlyMap<string, JsonObject>>;
  /** The environments that flags have a state in, or segments are of; none where the source knows none. */
  readonly environments: readonly string[];
}

/** Reads the texts. Throws `UnreadableSource`. */
export function readExport(texts: ReadonlyMap<string, string>): Export {
  const flags = new Map<string, JsonObject>();
  const segments = new Map<string | undefined, Map<string, JsonObject>>();
  const addSegment = (environment: string | undefined, key: string, segment: JsonObject): void => {
    const known = segments.get(environment) ?? new Map<string, JsonObject>();
    segments.set(environment, known.set(key, segment));
  };
  for (const [name, text] of texts) {
    const found = partsOf(readForeign(name, text), name);
    if (found.length === 0) throw new UnreadableSource(`${name}: ${WANTED}`);
    for (const part of found) {
      if (part.kind === 'flag') flags.set(part.key, part.value);
      if (part.kind === 'segment') addSegment(part.environment, part.key, part.value);
    }
  }
  return { flags, segments, environments: environmentsOf(flags.values(), segments.keys()) };
}

const WANTED =
  'no flags of LaunchDarkly: what GET /api/v2/flags answers, or a map { "flags": { ... }, "segments": { ... } } was wanted';

type Part =
  | { readonly kind: 'flag'; readonly key: string; readonly value: JsonObject }
  | {
      readonly kind: 'segment';
      readonly key: string;
      readonly value: JsonObject;
      readonly environment: string | undefined;
    }
  | { readonly kind: 'empty' };

function partsOf(file: JsonValue, name: string): readonly Part[] {
  if (isList(file)) return itemsOf(file, name);
  if (!isObject(file)) return [];
  if (isList(file.items)) return [{ kind: 'empty' }, ...itemsOf(file.items, name)];
  const data = isObject(file.data) ? file.data : file;
  if (!isObject(data.flags) && !isObject(data.segments) && !isObject(data.flagValues)) return itemOf(file);
  return [
    { kind: 'empty' },
    ...entriesOf(data.flags, name).map(([key, value]): Part => ({ kind: 'flag', key, value })),
    ...Object.entries(isObject(data.flagValues) ? data.flagValues : {}).map(plainFlag),
    ...entriesOf(data.segments, name).map(
      ([key, value]): Part => ({ kind: 'segment', key, value, environment: undefined }),
    ),
  ];
}

function itemsOf(list: readonly JsonValue[], name: string): readonly Part[] {
  return list.flatMap((item, place) => itemOf(mapOf(item, `${name}: item ${place + 1}`)));
}

function entriesOf(map: JsonValue | undefined, name: string): readonly (readonly [string, JsonObject])[] {
  if (!isObject(map)) return [];
  return Object.entries(map).map(([key, value]) => [key, mapOf(value, `${name}: ${key}`)]);
}

/** One that is none would be neither carried nor counted. */
function mapOf(value: JsonValue, place: string): JsonObject {
  if (isObject(value)) return value;
  throw new UnreadableSource(`${place} is no map, as flags and segments are`);
}

/** A flag or a segment of the API. */
function itemOf(item: JsonObject): readonly Part[] {
  const key = textOf(item.key);
  if (key === undefined) return [];
  if (isList(item.variations)) return [{ kind: 'flag', key, value: item }];
  const isSegment = ['included', 'excluded', 'rules', 'unbounded'].some((name) => name in item);
  return isSegment ? [{ kind: 'segment', key, value: item, environment: environmentOf(item) }] : [];
}

/** A flag with one value for everyone, as files for tests have it. */
function plainFlag([key, value]: readonly [string, JsonValue]): Part {
  return { kind: 'flag', key, value: { on: true, variations: [value], fallthrough: { variation: 0 } } };
}

/** `/api/v2/segments/PROJECT/ENVIRONMENT/KEY` is where a segment says it is. */
function environmentOf({ _links }: JsonObject): string | undefined {
  const self = isObject(_links) && isObject(_links.self) ? textOf(_links.self.href) : undefined;
  return /\/segments\/[^/]+\/([^/]+)\//.exec(self ?? '')?.[1];
}

function environmentsOf(
  flags: Iterable<JsonObject>,
  segments: Iterable<string | undefined>,
): readonly string[] {
  const ofFlags = [...flags].flatMap(({ environments }) =>
    isObject(environments) ? Object.keys(environments) : [],
  );
  return [...new Set([...ofFlags, ...segments])].filter((name) => name !== undefined);
}
