import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/** One exchange over HTTP, as a client saw it. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

interface Reference {
  readonly $ref: string;
}
interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject | Reference>>;
  readonly content?: Readonly<Record<string, object>>;
}
interface HeaderObject {
  readonly required?: boolean;
  readonly schema: object;
}
interface Operation {
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
}
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const ID = 'openapi';
/** Below these, whatever is asked is refused with a sentence alone. */
const SENTENCE_PATHS = /^\/api\/(?:admin\/config|platform)(?:[/?]|$)/;

/** `npm test` leaves the description parsed beside what it compiles: the text takes a third of a second. */
const PARSED = new URL('../../openapi.json', import.meta.url);

/** The description of the API that the project publishes. */
export const description: Description = existsSync(PARSED)
  ? JSON.parse(readFileSync(PARSED, 'utf8'))
  : parse(readFileSync(new URL('../../schemas/openapi.yaml', import.meta.url), 'utf8'));

/**
 * The description itself is judged once, in `test/http/reference.test.ts`. Each process compiles what it meets, and few
 * answers run through it: validators that are made quickly are worth more than quick validators.
 */
const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
});
ajv.addSchema(description, ID);
const validators = new Map<string, ValidateFunction>();
const headerValidators = new Map<HeaderObject, ValidateFunction>();
const seen = new Set<string>();

/** Whoever runs the tests counts which answers they saw. */
const { FLAGSTAFF_TEST_ANSWERS: answers } = process.env;
if (answers !== undefined) {
  process.once('exit', () => writeFileSync(join(answers, String(process.pid)), [...seen].join('\n')));
}

/** A request that came too slowly, or with too many headers: its reader refuses it, before any operation is known. */
const BEFORE_OPERATIONS: ReadonlySet<number> = new Set([408, 431]);

/** Throws where the description does not have the answer: its status, a header that must be there, or the shape of its body. */
export function checkExchange(exchange: Exchange): void {
  const place = `${exchange.method} ${exchange.path} ${exchange.status}`;
  const path = findPath(exchange);
  if (path === undefined) {
    if (exchange.status !== 404 && exchange.status !== 503)
      throw new Error(`${place}: no such path in openapi.yaml`);
    const schema = SENTENCE_PATHS.test(exchange.path) ? 'Sentence' : 'Error';
    if (exchange.method !== 'HEAD') checkBody(exchange, `/components/schemas/${schema}`);
    return;
  }
  if (BEFORE_OPERATIONS.has(exchange.status)) {
    if (exchange.method !== 'HEAD') checkBody(exchange, '/components/schemas/Error');
    return;
  }
  for (const method of methodsMeant(path, exchange)) seen.add(`${method} ${path} ${exchange.status}`);
  const operation = findOperation(path, exchange);
  const response = resolve(
    operation.responses[String(exchange.status)],
    `${place}: no such answer in openapi.yaml`,
  );
  for (const [name, header] of Object.entries(response.value.headers ?? {}))
    checkHeader(exchange, name, header);
  if (exchange.method === 'HEAD' || response.value.content === undefined) {
    if (exchange.text !== '') throw new Error(`${place}: has a body, wanted none`);
    return;
  }
  const type = exchange.headers['content-type'];
  const [plain = ''] = (type ?? '').split(';');
  if (plain !== 'application/json' && Object.hasOwn(response.value.content, plain)) return;
  if (type !== 'application/json; charset=utf-8') throw new Error(`${place}: content type ${type}`);
  checkBody(exchange, `${response.pointer ?? pointerOf(path, exchange)}/content/application~1json/schema`);
}

/** Throws where a value does not have the shape that a pointer into the description names. */
function checkBody(exchange: Exchange, pointer: string): void {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `${ID}#${encodeURI(pointer)}` });
  validators.set(pointer, validate);
  if (validate(JSON.parse(exchange.text))) return;
  throw new Error(
    `${exchange.method} ${exchange.path}: ${ajv.errorsText(validate.errors)} in ${exchange.text}`,
  );
}

function checkHeader(exchange: Exchange, name: string, header: HeaderObject | Reference): void {
  const value = exchange.headers[name.toLowerCase()];
  const { value: wanted } = resolve(header, name);
  if (value === undefined && wanted.required !== true) return;
  const validate = headerValidators.get(wanted) ?? ajv.compile(rebased(wanted.schema));
  headerValidators.set(wanted, validate);
  if (!validate(value)) throw new Error(`${exchange.method} ${exchange.path}: header ${name} is ${value}`);
}

/** A schema of the description by itself: its references say what document they are of. */
function rebased(schema: object): object {
  return '$ref' in schema && typeof schema.$ref === 'string' ? { $ref: `${ID}${schema.$ref}` } : schema;
}

/** Of the paths that fit, the literal ones come first; one without the method gives way to one that has it. */
function findPath({ path, method }: Exchange): string | undefined {
  const [pathname = ''] = path.split('?');
  const fitting = Object.keys(description.paths)
    .filter((template) => patternOf(template).test(pathname))
    .sort((one, other) => Number(one.includes('{')) - Number(other.includes('{')));
  return (
    fitting.find((template) => Object.hasOwn(description.paths[template] ?? {}, operationName(method))) ??
    fitting[0]
  );
}

/** A method that a path does not have is refused in the name of those that it has. */
function methodsMeant(path: string, { method, status }: Exchange): readonly string[] {
  if (status !== 405) return [method];
  return Object.keys(description.paths[path] ?? {}).map((name) => name.toUpperCase());
}

function operationName(method: string): string {
  return method === 'HEAD' ? 'get' : method.toLowerCase();
}

const patterns = new Map<string, RegExp>();

function patternOf(template: string): RegExp {
  const known = patterns.get(template) ?? makePattern(template);
  patterns.set(template, known);
  return known;
}

/** OFREP's keys may hold anything: a key that cannot exist is answered as one that does not. */
function makePattern(template: string): RegExp {
  const text = template.replace('/flags/{key}', '/flags/.*').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${template.includes('ofrep') ? text : template.replace(/\{\w+\}/g, '[^/]+')}$`, 's');
}

/** A method that a path does not have is refused as its other methods may be. */
function findOperation(path: string, exchange: Exchange): Operation {
  const item = description.paths[path] ?? {};
  const operation =
    item[operationName(exchange.method)] ??
    (exchange.status >= 400 ? Object.values(item).find((one) => 'responses' in one) : undefined);
  if (operation === undefined)
    throw new Error(`${exchange.method} ${path}: no such operation in openapi.yaml`);
  return operation;
}

function pointerOf(path: string, exchange: Exchange): string {
  const method = operationName(exchange.method);
  return `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses/${exchange.status}`;
}

function resolve<Value extends object>(
  value: Value | Reference | undefined,
  missing: string,
): { readonly value: Value; readonly pointer: string | undefined } {
  if (value === undefined) throw new Error(missing);
  if (!('$ref' in value)) return { value, pointer: undefined };
  return { value: dereference(value) as Value, pointer: value.$ref.slice(1) };
}

/** What a reference of the description names, and everything else itself. */
export function dereference(value: object): unknown {
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value;
  const names = value.$ref.slice(2).split('/');
  return names.reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], description);
}

/** Checks each example of a body against its schema, and gives how many there are. Throws for the first that is wrong. */
export function checkExamples(): number {
  return checkExamplesBelow(description, '');
}

function checkExamplesBelow(node: unknown, pointer: string): number {
  if (typeof node !== 'object' || node === null) return 0;
  const isBody = 'schema' in node && 'example' in node && pointer.includes('/content/');
  if (isBody && !ajv.validate({ $ref: `${ID}#${encodeURI(`${pointer}/schema`)}` }, node.example)) {
    throw new Error(`${pointer}: ${ajv.errorsText()}`);
  }
  return Object.entries(node).reduce(
    (count, [name, value]) =>
      count + checkExamplesBelow(value, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    isBody ? 1 : 0,
  );
}
