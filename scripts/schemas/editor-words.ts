import type { Definition, Schema } from 'ts-json-schema-generator';
import { stringify } from 'yaml';

/** What editors read beyond JSON Schema: the words of each value of an enumeration, and what a completion writes. */
export const EDITOR_TAGS = ['markdownEnumDescriptions', 'defaultSnippets'] as const;

type Definitions = Readonly<Record<string, unknown>>;

/**
 * The same schema for editors: descriptions once more as Markdown, with the examples that are no scalars below.
 * The YAML language server offers every entry of `examples` as a completion, and names an object `[object Object]`.
 */
export function forEditors(schema: Schema): Schema {
  const definitions = schema.definitions ?? {};
  const parts = Object.entries(definitions).map(
    ([name, part]) => [name, partFor(part, definitions)] as const,
  );
  return { ...nodeFor(schema, definitions), definitions: Object.fromEntries(parts) } as Schema;
}

function partFor(part: unknown, definitions: Definitions): unknown {
  if (Array.isArray(part)) return part.map((entry) => partFor(entry, definitions));
  return isNode(part) ? nodeFor(part, definitions) : part;
}

function nodeFor(node: Definition, definitions: Definitions): Definition {
  const markdownDescription = markdownOf(node, definitions);
  const scalars = examplesOf(node).filter(isScalar);
  const entries = Object.entries(node).flatMap(([name, part]): (readonly [string, unknown])[] => {
    if (name === 'definitions') return [];
    if (name === 'examples') return scalars.length === 0 ? [] : [[name, scalars]];
    if (EDITOR_TAGS.some((tag) => tag === name) && !Array.isArray(part)) throw new Error(`no list: ${part}`);
    if (NOT_SCHEMAS.has(name)) return [[name, part]];
    if (name === 'anyOf' && markdownDescription !== undefined) {
      return [
        [name, branchesFor(part as readonly Definition[], { definitions, words: markdownDescription })],
      ];
    }
    if (name === 'properties') return [[name, propertiesFor(part as Definitions, definitions)]];
    return [[name, partFor(part, definitions)]];
  });
  const markdown =
    markdownDescription === undefined ? [] : [['markdownDescription', markdownDescription] as const];
  return Object.fromEntries([...entries, ...markdown]);
}

/**
 * Editors show what the branch says that a value is of. A branch that is a mere name or number says less than the union
 * that it is of; where all are objects, each has its own words.
 */
function branchesFor(
  branches: readonly Definition[],
  { definitions, words }: { readonly definitions: Definitions; readonly words: string },
): readonly unknown[] {
  const told = branches.map((branch) => partFor(branch, definitions));
  const isOfObjects = branches.every((branch) => (referred(branch, definitions) ?? branch).type === 'object');
  if (isOfObjects) return told;
  return told.map((branch, index) =>
    branches[index]?.$ref === undefined ? branch : { ...(branch as Definition), markdownDescription: words },
  );
}

/** The names of properties are anybody's: one is called `description`, too. */
function propertiesFor(properties: Definitions, definitions: Definitions): Definitions {
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, part]) => [name, partFor(part, definitions)]));
}

/** What holds pieces of files or names, which are nobody's schemas. */
const NOT_SCHEMAS: ReadonlySet<string> = new Set(['default', 'enum', 'const', 'required', ...EDITOR_TAGS]);

/** Text with none of these is the same in Markdown. */
const MARKDOWN = /[\\`*_{}[\]#+!]/;

/**
 * Editors show `description` with every character as it stands. Beside a reference or a union both are given, for they
 * prefer the Markdown of what it refers to.
 */
function markdownOf(node: Definition, definitions: Definitions): string | undefined {
  const { description } = node;
  if (description === undefined) return undefined;
  const examples = (examplesOf(node).length > 0 ? node : referred(node, definitions)) ?? {};
  const samples = examplesOf(examples).filter((example) => !isScalar(example));
  const isPlain = node.$ref === undefined && node.anyOf === undefined && !MARKDOWN.test(description);
  if (samples.length === 0 && isPlain) return undefined;
  return [description, ...samples.map((sample) => `\`\`\`yaml\n${stringify(sample)}\`\`\``)].join('\n\n');
}

function referred({ $ref }: Definition, definitions: Definitions): Definition | undefined {
  const found = $ref === undefined ? undefined : definitions[$ref.replace('#/definitions/', '')];
  return isNode(found) ? found : undefined;
}

function examplesOf({ examples }: Definition): readonly unknown[] {
  return Array.isArray(examples) ? examples : [];
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isNode(part: unknown): part is Definition {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}
