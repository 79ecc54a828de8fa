import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { FileKind } from './parsed.js';

/** As much of JSON Schema as the generated schemas say. */
export interface SchemaNode {
  readonly $id?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/** One kind of file's schema, compiled, with a way to compile a part of it. */
export interface CompiledSchema {
  readonly root: SchemaNode;
  readonly validate: ValidateFunction;
  /** The validator of one branch of a union in it. */
  readonly branch: (branch: SchemaNode) => ValidateFunction;
}

/** The schema's file, without its extension, in `schemas/` of the package. */
const SCHEMA_NAMES: Readonly<Record<FileKind, string>> = {
  config: 'flagstaff',
  org: 'org',
  project: 'project',
  'api-keys': 'keys',
  flag: 'flag',
  segment: 'segment',
  overrides: 'overrides',
  tests: 'tests',
};

/** The schemas are our own and checked where they are made, so they are not checked again at each start. */
const AJV_OPTIONS = {
  allErrors: true,
  ownProperties: true,
  verbose: true,
  allowUnionTypes: true,
  meta: false,
  validateSchema: false,
  // Every process compiles the schemas; to make their code shorter takes longer than it ever gives back.
  code: { optimize: false },
} as const;

/** What the schemas tell editors and no judge. */
const EDITOR_WORDS = ['markdownDescription', 'markdownEnumDescriptions', 'defaultSnippets'];

const compiled = new Map<FileKind, CompiledSchema>();

/** The schema of a kind of file; read and compiled at the first call, since most commands need few of them. */
export function schemaOf(kind: FileKind): CompiledSchema {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const schema = compile(SCHEMA_NAMES[kind]);
  compiled.set(kind, schema);
  return schema;
}

function compile(name: string): CompiledSchema {
  const ajv = new Ajv(AJV_OPTIONS).addVocabulary(EDITOR_WORDS);
  const url = new URL(`../../schemas/${name}.json`, import.meta.url);
  const root = JSON.parse(readFileSync(url, 'utf8')) as SchemaNode;
  const validate = ajv.compile(root);
  const branches = new WeakMap<SchemaNode, ValidateFunction>();
  return {
    root,
    validate,
    branch: (branch) => {
      const known = branches.get(branch);
      if (known !== undefined) return known;
      const made = branchValidator(ajv, root, branch);
      branches.set(branch, made);
      return made;
    },
  };
}

/** A definition is compiled once for all unions that name it; what is written out in a union is small. */
function branchValidator(ajv: Ajv, root: SchemaNode, branch: SchemaNode): ValidateFunction {
  if (branch.$ref === undefined) return ajv.compile({ ...branch, definitions: root.definitions });
  const made = ajv.getSchema(`${root.$id}${branch.$ref}`);
  if (made === undefined) throw new Error(`${root.$id} has no ${branch.$ref}`);
  return made as ValidateFunction;
}
