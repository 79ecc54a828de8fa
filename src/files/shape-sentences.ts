import type { ErrorObject } from 'ajv';
import type { Pointer } from '../model/problem.js';
import { ALL_CODES } from './checks/codes.js';
import type { Issue } from './issue.js';
import { errorAt, placed } from './issue.js';
import type { SchemaNode } from './schemas.js';
import { nearest, suggestion } from './spelling.js';

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'a map'],
  ['array', 'a list'],
  ['null', 'null'],
]);

/** What a limit counts: nothing for a number itself. */
const LIMITS: ReadonlyMap<string, { readonly bound: string; readonly unit: string }> = new Map([
  ['minLength', { bound: 'at least', unit: 'characters' }],
  ['maxLength', { bound: 'at most', unit: 'characters' }],
  ['minItems', { bound: 'at least', unit: 'entries' }],
  ['maxItems', { bound: 'at most', unit: 'entries' }],
  ['minProperties', { bound: 'at least', unit: 'keys' }],
  ['maxProperties', { bound: 'at most', unit: 'keys' }],
  ['minimum', { bound: 'at least', unit: '' }],
  ['maximum', { bound: 'at most', unit: '' }],
]);

/** One error of Ajv as an issue: what was found, what was wanted. */
export function sentenceOf(error: ErrorObject, at: Pointer): Issue {
  const schema = error.parentSchema as SchemaNode;
  const { params, data } = error as { params: Readonly<Record<string, unknown>>; data: unknown };
  switch (error.keyword) {
    case 'type':
      return wrongType(at, data, [params.type].flat() as string[]);
    case 'required':
      return errorAt(at, 'MISSING_FIELD', placed(at, `field ${params.missingProperty} is missing`));
    case 'additionalProperties':
      return unknown(at, String(params.additionalProperty), absentFields(schema, data));
    case 'propertyNames':
      return invalidName(at, String(params.propertyName), error.schema as SchemaNode);
    case 'enum':
      return invalid(
        at,
        `${shown(data)} is not allowed; ${suggestion(String(data), (error.schema as unknown[]).map(String))}`,
      );
    case 'pattern':
      return invalid(at, `${quoted(at, data)} is not of the wanted form: ${formOf(schema)}`);
    default:
      return invalid(at, limitSentence(error, at));
  }
}

/** Problems are for all to read: the address of a webhook may be as good as a password, and people stay unnamed. */
function quoted(at: Pointer, value: unknown): string {
  const isAddress = at[0] === 'webhooks' && at.at(-1) === 'url';
  const isPerson = at.some((step) => NAMING.has(step)) || isEntry(at);
  return isAddress || isPerson ? 'this' : shown(value);
}

/** What holds names of people and companies. */
const NAMING: ReadonlySet<string | number> = new Set(['users', 'companies', 'include', 'exclude']);

/** An entry of a file that is a list: what is no map there may well be a name. */
function isEntry([first, ...rest]: Pointer): boolean {
  return typeof first === 'number' && rest.length === 0;
}

/** What the value is: `"yes" is text`, `true is a boolean`. */
export function foundIn(at: Pointer, value: unknown): string {
  if (Array.isArray(value)) return 'a list is here';
  if (value === null) return 'nothing is here (null)';
  if (typeof value === 'object') return 'a map is here';
  const word = typeof value === 'string' ? 'text' : `a ${typeof value}`;
  return `${quoted(at, value)} is ${word}`;
}

/** JSON Schema's types in words: `text, a map or null`. What is no type is a word already. */
export function wantedOf(types: readonly string[]): string {
  const words = [...new Set(types.map((type) => TYPE_WORDS.get(type) ?? type))];
  const last = words.at(-1) ?? 'nothing';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** The name that JSON Schema has for the value's type. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function wrongType(at: Pointer, data: unknown, types: readonly string[]): Issue {
  if (types.includes('integer') && typeof data === 'number') {
    return invalid(at, `${data} is no whole number; one was wanted`);
  }
  const isBare = types.includes('string') && (typeof data === 'number' || typeof data === 'boolean');
  const advice = isBare ? '; write it in quotes' : '';
  return errorAt(
    at,
    'WRONG_TYPE',
    placed(at, `${foundIn(at, data)}; ${wantedOf(types)} was wanted${advice}`),
  );
}

/** The fields that the schema knows and the map has not: what a field that is not known may be meant for. */
function absentFields(schema: SchemaNode, data: unknown): readonly string[] {
  return Object.keys(schema.properties ?? {}).filter((field) => !Object.hasOwn(data as object, field));
}

/** The field that one that is not known is a slip of: of its letters, or of the blank behind its colon. */
export function meantField(field: string, schema: SchemaNode, data: unknown): string | undefined {
  const absent = absentFields(schema, data);
  return withoutBlank(field, absent) ?? nearest(field, absent);
}

/** `{ enabled:true }` has the key `enabled:true`, without a value. */
function withoutBlank(field: string, known: readonly string[]): string | undefined {
  return known.find((name) => field.startsWith(`${name}:`));
}

function unknown(at: Pointer, field: string, known: readonly string[]): Issue {
  const meant = withoutBlank(field, known);
  const sentence = isFixedCode(at, field)
    ? `${field} makes a file unservable: its level cannot be set`
    : meant === undefined
      ? `field ${field} is not known here; ${suggestion(field, known)}`
      : `${field} is one word; a blank behind ${meant}: was wanted`;
  return { ...errorAt([...at, field], 'UNKNOWN_FIELD', placed(at, sentence)), part: 'key' };
}

/** Among the levels of checks, the code of what is no check. */
function isFixedCode(at: Pointer, field: string): boolean {
  return at.length === 1 && at[0] === 'checks' && ALL_CODES.some((code) => code === field);
}

function invalidName(at: Pointer, name: string, schema: SchemaNode): Issue {
  const sentence = `${shown(name)} may not be a name here${schema.$ref === undefined ? '' : `; ${NAME_FORMS.get(schema.$ref) ?? 'another was wanted'}`}`;
  return { ...errorAt([...at, name], 'INVALID_KEY', placed(at, sentence)), part: 'key' };
}

const NAME_FORMS: ReadonlyMap<string, string> = new Map([
  ['#/definitions/KebabText', 'lower-case words joined by hyphens were wanted'],
  ['#/definitions/VariantName', 'a letter, then letters, digits, hyphens, underscores or dots were wanted'],
]);

function invalid(at: Pointer, sentence: string): Issue {
  return errorAt(at, 'INVALID_VALUE', placed(at, sentence));
}

/** The first sentence of the type's description, which says the form where there is a pattern. */
function formOf(schema: SchemaNode): string {
  const [first = ''] = (schema.description ?? 'another form').split(/\.(?:\s|$)/);
  return /^[A-Z][a-z ]/.test(first) ? `${first.charAt(0).toLowerCase()}${first.slice(1)}` : first;
}

function limitSentence({ keyword, params, data }: ErrorObject, at: Pointer): string {
  const words = LIMITS.get(keyword);
  if (words === undefined) return `${foundIn(at, data)}; the schema's ${keyword} refuses it`;
  const found = words.unit === '' ? `${data} is out of range` : `${sizeOf(data)} ${words.unit} are here`;
  return `${found}; ${words.bound} ${params.limit} was wanted`;
}

function sizeOf(data: unknown): number {
  return typeof data === 'string' ? [...data].length : Object.keys(data as object).length;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
