import { createHmac } from 'node:crypto';
import { type AttributeReader, attributeReader } from '../../evaluation/attribute.js';
import type { EvaluationContext } from '../../model/evaluation.js';
import { type Recording, SUBJECTS } from '../../model/recording.js';
import type { JsonValue } from '../../model/values.js';

/** Takes of a context what may be recorded. */
export type Selection = (context: EvaluationContext) => Selected;

/** What was taken: values as they are, and those that become hashes. */
export interface Selected {
  readonly plain: Readonly<Record<string, JsonValue>>;
  readonly hashed: Readonly<Record<string, string>>;
}

/** Longer texts and lists say something of one person alone, and fill the disk. */
const MOST_CHARACTERS = 200;
const MOST_ITEMS = 20;
/** So much of a hash that two people do not share it, in characters of six bits. */
const HASH_CHARACTERS = 22;

/** A dotted path is recorded under its own name, by which clauses find it again. */
export function selectionOf({ attributes = [], hashed = [] }: Recording): Selection {
  const plainReaders = readersOf(attributes);
  const hashedReaders = readersOf([...new Set([...SUBJECTS, ...hashed])]);
  return (context) => ({
    plain: collect(plainReaders, context, plainValue),
    hashed: collect(hashedReaders, context, textValue),
  });
}

/** The same value is the same hash in an organization, so that shares and equal values stay what they were. */
export function hashedContext(
  { plain, hashed }: Selected,
  { secret, org }: { readonly secret: string; readonly org: string },
): EvaluationContext {
  const hashes = Object.entries(hashed).map(([name, text]) => [name, hashOf(`${org}\n${text}`, secret)]);
  return { ...Object.fromEntries(hashes), ...plain };
}

function hashOf(text: string, secret: string): string {
  const hash = createHmac('sha256', `contexts ${secret}`).update(text).digest('base64url');
  return hash.slice(0, HASH_CHARACTERS);
}

type Readers = readonly (readonly [name: string, read: AttributeReader])[];

function readersOf(names: readonly string[]): Readers {
  return names.map((name) => [name, attributeReader(name)] as const);
}

function collect<Value>(
  readers: Readers,
  context: EvaluationContext,
  take: (value: JsonValue | undefined) => Value | undefined,
): Record<string, Value> {
  // An attribute may be called as what every object inherits.
  const found: [string, Value][] = [];
  for (const [name, read] of readers) {
    const value = take(read(context));
    if (value !== undefined) found.push([name, value]);
  }
  return Object.fromEntries(found);
}

function plainValue(value: JsonValue | undefined): JsonValue | undefined {
  if (isScalar(value)) return value;
  if (!Array.isArray(value) || value.length > MOST_ITEMS) return undefined;
  return value.every(isScalar) ? value : undefined;
}

function isScalar(value: JsonValue | undefined): value is string | number | boolean {
  if (typeof value === 'string') return value.length <= MOST_CHARACTERS;
  return typeof value === 'number' || typeof value === 'boolean';
}

/** A subject is hashed however long it is. */
function textValue(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
