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
/** So much of a context is recorded, names and values together, in characters; what does not fit is left out. */
const MOST_OF_CONTEXT = 4_000;
/** What a number or a boolean counts as, in characters. */
const SCALAR_CHARACTERS = 24;
/** So much of a hash that two people do not share it, in characters of six bits. */
const HASH_CHARACTERS = 22;

/** A dotted path is recorded under its own name, by which clauses find it again. */
export function selectionOf({ attributes = [], hashed = [] }: Recording): Selection {
  const plainReaders = readersOf(attributes);
  const hashedReaders = readersOf([...new Set([...SUBJECTS, ...hashed])]);
  return (context) => {
    const room = { characters: MOST_OF_CONTEXT };
    // Whom a context is of goes first: without that it is nobody's.
    const hashed = collect(hashedReaders, { context, room }, textValue);
    return { hashed, plain: collect(plainReaders, { context, room }, plainValue) };
  };
}

/** The same value is the same hash in an organization, so that shares and equal values stay what they were. */
export function hashedContext(
  { plain, hashed }: Selected,
  { secret, org }: { readonly secret: string; readonly org: string },
): EvaluationContext {
  const hashes = Object.entries(hashed).map(([name, text]) => [name, hashOf(text, { secret, org })]);
  return { ...Object.fromEntries(hashes), ...plain };
}

/** What stands for somebody in the contexts of an organization, whichever attribute names them. */
export function hashOf(
  text: string,
  { secret, org }: { readonly secret: string; readonly org: string },
): string {
  const hash = createHmac('sha256', `contexts ${secret}`).update(`${org}\n${text}`).digest('base64url');
  return hash.slice(0, HASH_CHARACTERS);
}

type Readers = readonly (readonly [name: string, read: AttributeReader])[];

function readersOf(names: readonly string[]): Readers {
  return names.map((name) => [name, attributeReader(name)] as const);
}

function collect<Value>(
  readers: Readers,
  { context, room }: { readonly context: EvaluationContext; readonly room: { characters: number } },
  take: (value: JsonValue | undefined) => Value | undefined,
): Record<string, Value> {
  // An attribute may be called as what every object inherits.
  const found: [string, Value][] = [];
  for (const [name, read] of readers) {
    const value = take(read(context));
    if (value === undefined) continue;
    const characters = name.length + charactersOf(value);
    if (characters > room.characters) continue;
    room.characters -= characters;
    found.push([name, value]);
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

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return SCALAR_CHARACTERS;
  return value.reduce((sum: number, item) => sum + charactersOf(item), 0);
}

/** A subject is hashed, so it may be longer than other texts. */
function textValue(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
