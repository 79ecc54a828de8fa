import type { FlagFile } from '../../../model/flag.js';
import type { JsonObject } from '../../../model/values.js';
import { Draft, Inexact, type Note } from '../draft.js';
import { carriedDescription } from '../facts.js';
import { type ForeignInput, type Imported, UnreadableSource } from '../imported.js';
import { carriedMetadata } from '../metadata.js';
import { isList, isObject, objectsOf, readForeignAll, textOf } from '../read.js';
import { SegmentFiles } from '../segment-files.js';
import { eachState } from '../states.js';
import { booleanState } from './boolean.js';
import type { ValueType } from './constraint.js';
import { Segments } from './segments.js';
import { type FlagReading, variantFlag } from './variant.js';

/**
 * Reads Flipt's features.yaml: flags and segments of a namespace, as version 2 keeps them in git and version 1 exports them.
 * Thresholds and distributions place people by another checksum; all else is carried exactly for callers as the notes say.
 */
export function readFlipt({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  const about: Note = (effect, construct, reason) => draft.about(effect, construct, reason);
  const files = new SegmentFiles(draft);
  const types = new Map<string, ValueType>();
  const environments = targets.of(undefined);
  const namespaces = new Set<string>();
  about('assumed', 'entity', 'callers have a targetingKey: it is the id of the entity');
  for (const document of [...texts].flatMap(([name, text]) => documentsOf(name, text))) {
    namespaces.add(namespaceOf(document));
    const segments = new Segments(objectsOf(document.segments), { draft, files, types });
    for (const flag of objectsOf(document.flags)) {
      draft.flag(textOf(flag.key) ?? '', (note) => {
        const { state, ...facts } = flagOf(flag, { segments, note, about });
        return { value: { ...facts, environments: eachState(environments, state) } };
      });
    }
  }
  if (namespaces.size > 1)
    about('dropped', 'namespace', `the flags of ${[...namespaces].join(', ')} go into one project`);
  return draft.done();
}

/** An export of several namespaces has a document for each. */
function documentsOf(name: string, text: string): readonly JsonObject[] {
  return readForeignAll(name, text).map((document) => {
    if (isObject(document) && hasLists(document)) return document;
    throw new UnreadableSource(
      `${name}: no list of flags: "flags:" with a list of maps was wanted, as features.yaml has it`,
    );
  });
}

function hasLists({ flags, segments }: JsonObject): boolean {
  const lists = [flags, segments].filter((list) => list !== undefined && list !== null);
  return lists.length > 0 && lists.every((list) => isList(list) && list.every(isObject));
}

function namespaceOf({ namespace }: JsonObject): string {
  return textOf(isObject(namespace) ? namespace.key : namespace) ?? 'default';
}

type DraftedFlag = Omit<FlagFile, 'environments'> & { readonly state: FlagFile['environments'][string] };

function flagOf(flag: JsonObject, reading: FlagReading): DraftedFlag {
  const facts = factsOf(flag, reading.note);
  const type = textOf(flag.type) ?? 'VARIANT_FLAG_TYPE';
  if (type === 'BOOLEAN_FLAG_TYPE') return { ...facts, state: booleanState(flag, reading) };
  if (type === 'VARIANT_FLAG_TYPE') return { ...facts, ...variantFlag(flag, reading) };
  throw new Inexact('type', `${JSON.stringify(type)} is no type of flag`);
}

function factsOf(flag: JsonObject, note: Note): Pick<FlagFile, 'name' | 'description' | 'metadata'> {
  const name = textOf(flag.name);
  const metadata = isObject(flag.metadata) ? carriedMetadata(flag.metadata, note) : {};
  return {
    ...(name === undefined || name === flag.key || name.length > 200 ? {} : { name }),
    ...carriedDescription(textOf(flag.description), note),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}
