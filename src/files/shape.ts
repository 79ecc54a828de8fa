import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Pointer } from '../model/problem.js';
import { errorAt, type Issue, placed } from './issue.js';
import type { FileKind } from './parsed.js';
import { type CompiledSchema, type SchemaNode, schemaOf } from './schemas.js';
import { foundIn, meantField, sentenceOf, typeName, wantedOf } from './shape-sentences.js';
import { nearest } from './spelling.js';

/** What is wrong with the shape of a file's value: nothing, or one issue for each mistake. */
export function judgeShape(kind: FileKind, value: unknown): readonly Issue[] {
  const schema = schemaOf(kind);
  if (schema.validate(value)) return [];
  return issuesOf({ schema, validate: schema.validate, at: [], value });
}

interface Judged {
  readonly schema: CompiledSchema;
  /** Has just refused the value. */
  readonly validate: ValidateFunction;
  readonly at: Pointer;
  readonly value: unknown;
}

/**
 * A union reports the errors of all its branches. They are replaced by those of the one branch that was meant, so that
 * one mistake is one issue.
 */
function issuesOf({ schema, validate, at, value }: Judged): Issue[] {
  const errors = validate.errors ?? [];
  const unions = outermostUnions(errors);
  const plain = errors.filter(
    (error) => !isOfUnion(error, unions) && !isOfPropertyName(error) && !isMisspelt(error, errors),
  );
  return [
    ...plain.map((error) => sentenceOf(error, [...at, ...pointerOf(error.instancePath, value)])),
    ...unions.flatMap((union) => {
      const place = pointerOf(union.instancePath, value);
      return unionIssues({ schema, union, at: [...at, ...place] });
    }),
  ];
}

function outermostUnions(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  const places = new Set(unions.map((union) => union.instancePath));
  const outer = unions.filter((union) => !parentsOf(union.instancePath).some((parent) => places.has(parent)));
  // Where a union is a branch of a union, the outer one is reported last.
  return [...new Map(outer.map((union) => [union.instancePath, union])).values()];
}

function isOfUnion(error: ErrorObject, unions: readonly ErrorObject[]): boolean {
  if (unions.length === 0) return false;
  const places = new Set(unions.map((union) => union.instancePath));
  return [error.instancePath, ...parentsOf(error.instancePath)].some((place) => places.has(place));
}

/** The reasons why a name was refused; the `propertyNames` error itself says which name. */
function isOfPropertyName(error: ErrorObject): boolean {
  return error.propertyName !== undefined && error.keyword !== 'propertyNames';
}

/** True for a missing field that is there under a slip of its name, which is told as the unknown field that it is. */
function isMisspelt(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== 'required') return false;
  const schema = error.parentSchema as SchemaNode;
  return errors.some(
    ({ keyword, instancePath, params }) =>
      keyword === 'additionalProperties' &&
      instancePath === error.instancePath &&
      meantField(params.additionalProperty, schema, error.data) === error.params.missingProperty,
  );
}

function parentsOf(instancePath: string): string[] {
  const parents: string[] = [];
  for (let end = instancePath.lastIndexOf('/'); end !== -1; end = instancePath.lastIndexOf('/', end - 1)) {
    parents.push(instancePath.slice(0, end));
    if (end === 0) break;
  }
  return parents;
}

interface RefusedUnion {
  readonly schema: CompiledSchema;
  readonly union: ErrorObject;
  readonly at: Pointer;
}

function unionIssues({ schema, union, at }: RefusedUnion): Issue[] {
  const value: unknown = union.data;
  const branches = union.schema as readonly SchemaNode[];
  const ofType = branches.filter((branch) => typesOf(branch, schema.root).includes(typeName(value)));
  if (ofType.length === 0) {
    const wanted = wantedOf(
      branches.flatMap((branch) => BRANCH_WORDS.get(branch.$ref ?? '') ?? typesOf(branch, schema.root)),
    );
    return [errorAt(at, 'WRONG_TYPE', placed(at, `${foundIn(at, value)}; ${wanted} was wanted`))];
  }
  const meant = ofType.length === 1 ? ofType[0] : meantByKeys(ofType, schema.root, value);
  if (meant === undefined)
    return [
      nothingKnown(
        ofType.map((branch) => resolved(branch, schema.root)),
        value,
        at,
      ),
    ];
  const validate = schema.branch(meant);
  return validate(value) ? [] : issuesOf({ schema, validate, at, value });
}

/** What a branch is, where that says more than its type. */
const BRANCH_WORDS: ReadonlyMap<string, string> = new Map([
  ['#/definitions/VariantName', "a variant's name such as on"],
  ['#/definitions/Split', 'weights by variant'],
]);

/** The branch with the most of the value's keys, a required one counting most; undefined where none has any. */
function meantByKeys(
  branches: readonly SchemaNode[],
  root: SchemaNode,
  value: unknown,
): SchemaNode | undefined {
  const keys = Object.keys(value as object);
  const scores = branches.map((branch) => score(resolved(branch, root), keys));
  const best = Math.max(...scores);
  return best > 0 ? branches[scores.indexOf(best)] : undefined;
}

function score(branch: SchemaNode, keys: readonly string[]): number {
  const known = keys.filter((key) => Object.hasOwn(branch.properties ?? {}, key)).length;
  const required = keys.filter((key) => branch.required?.includes(key)).length;
  return known + 100 * required;
}

function nothingKnown(branches: readonly SchemaNode[], value: unknown, at: Pointer): Issue {
  const names = [...new Set(branches.flatMap((branch) => branch.required ?? []))];
  const keys = Object.keys(value as object);
  const found = keys.length === 0 ? 'the map is empty' : `there is only ${keys.slice(0, 5).join(', ')}`;
  const near = keys.length === 1 ? nearest(keys[0] ?? '', names) : undefined;
  const wanted = near === undefined ? `one of ${names.join(', ')} was wanted` : `did you mean ${near}?`;
  return errorAt(at, 'MISSING_FIELD', placed(at, `${found}; ${wanted}`));
}

function resolved(node: SchemaNode, root: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const definition = root.definitions?.[node.$ref.slice('#/definitions/'.length)];
  if (definition === undefined) throw new Error(`the schema has no ${node.$ref}`);
  return resolved(definition, root);
}

function typesOf(node: SchemaNode, root: SchemaNode): readonly string[] {
  const { anyOf, type } = resolved(node, root);
  if (anyOf !== undefined) return anyOf.flatMap((branch) => typesOf(branch, root));
  return (typeof type === 'string' ? [type] : (type ?? [])).map((name) =>
    name === 'integer' ? 'number' : name,
  );
}

/** Ajv's path as keys and places; whether a step is a place, the value tells. */
function pointerOf(instancePath: string, value: unknown): Pointer {
  let node = value;
  const steps: (string | number)[] = [];
  for (const part of instancePath.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    steps.push(Array.isArray(node) ? Number(name) : name);
    node = (node as Record<string, unknown> | undefined)?.[name];
  }
  return steps;
}
