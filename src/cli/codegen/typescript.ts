import { flagComment } from './flag-comment.js';
import type { GeneratedFlag, Sdk } from './generated-flag.js';
import { propertyName, textLiteral, typeLiteral, valueLiteral } from './literals.js';
import { shapeOf } from './shape.js';
import { SDK_WORDS, type SdkWords } from './typescript-sdk.js';

/** What the generated file says of itself. */
export interface Origin {
  /** `acme/web-app` */
  readonly project: string;
  readonly sdk: Sdk;
}

/** Every generated file begins so; `references` passes them over by it. */
export const GENERATED_MARK = '// Made by `flagstaff codegen';

/** The longest text of a variant that becomes a type of its own. */
const LITERAL_LIMIT = 100;

/** Typed accessors over a client of OpenFeature. The same flags always give the same text. */
export function typescriptText(flags: readonly GeneratedFlag[], { project, sdk }: Origin): string {
  const words = SDK_WORDS[sdk];
  const parts = [
    `${GENERATED_MARK} --lang ts --sdk ${sdk}\` from ${project}. Change the flags there, and make it again.`,
    '// What was added to a flag since is in its answers, but not in these types: `--check` tells it in CI.',
    '',
    importsText(flags, words),
    '',
    keysText(flags),
    '',
    typesText(flags),
    '',
    defaultsText(flags),
    '',
    ...(flags.length === 0 ? [] : [accessorsText(flags, words), '']),
    flagsText(flags),
    '',
    creatorText(flags, words),
    '',
  ];
  return parts.join('\n');
}

/** A project that forbids unused names must be able to compile it. */
function importsText(flags: readonly GeneratedFlag[], { from, types }: SdkWords): string {
  const names = flags.length === 0 ? ['Client'] : types;
  return `import type { ${names.join(', ')} } from ${textLiteral(from)};`;
}

function keysText(flags: readonly GeneratedFlag[]): string {
  const lines = flags.map(({ key }) => `  ${textLiteral(key)},\n`).join('');
  return `/** The keys of all flags, in order. */
export const FLAG_KEYS = [${lines === '' ? '' : `\n${lines}`}] as const;

/** The key of a flag. */
export type FlagKey = (typeof FLAG_KEYS)[number];`;
}

function typesText(flags: readonly GeneratedFlag[]): string {
  return `/** What each flag gives. */
export type FlagValues = ${bodyOf(flags, (flag) => `${propertyName(flag.key)}: ${valueType(flag)};`)};

/** The names of the variants of each flag. */
export type FlagVariants = ${bodyOf(flags, (flag) => `${propertyName(flag.key)}: ${variantType(flag)};`)};`;
}

function valueType({ type, variants }: GeneratedFlag): string {
  const values = [...variants.values()];
  const shape = shapeOf(values);
  const isLong = values.some((value) => typeof value === 'string' && value.length > LITERAL_LIMIT);
  if ((type === 'string' && !isLong) || type === 'number') return unionOf(values.map(valueLiteral));
  return shape === undefined ? type : typeLiteral(shape);
}

function variantType({ variants }: GeneratedFlag): string {
  return unionOf([...variants.keys()].map(textLiteral));
}

function unionOf(members: readonly string[]): string {
  return [...new Set(members)].join(' | ');
}

function defaultsText(flags: readonly GeneratedFlag[]): string {
  const without = flags.filter(({ defaultValue }) => defaultValue === undefined);
  const keys = without.map(({ key }) => textLiteral(key)).join(' | ');
  const body = bodyOf(flags, ({ key, defaultValue }) =>
    defaultValue === undefined ? undefined : `${propertyName(key)}: ${valueLiteral(defaultValue)},`,
  );
  return `/** The flags that have an off variant. */
export type FlagWithDefault = ${keys === '' ? 'FlagKey' : `Exclude<FlagKey, ${keys}>`};

/** What each of them gives where it cannot be asked: its off variant. */
export const FLAG_DEFAULTS: Readonly<Pick<FlagValues, FlagWithDefault>> = ${body};`;
}

function accessorsText(flags: readonly GeneratedFlag[], words: SdkWords): string {
  const parts = [words.details];
  if (flags.some(({ defaultValue }) => defaultValue !== undefined)) parts.push(words.flag, words.flagOf);
  if (flags.some(({ defaultValue }) => defaultValue === undefined))
    parts.push(words.flagWithoutDefault, words.flagWithoutDefaultOf);
  return parts.join('\n\n');
}

function flagsText(flags: readonly GeneratedFlag[]): string {
  const body = bodyOf(flags, (flag) => {
    const type = flag.defaultValue === undefined ? 'FlagWithoutDefault' : 'Flag';
    return `${flagComment(flag)}readonly ${propertyName(flag.name)}: ${type}<${textLiteral(flag.key)}>;`;
  });
  return `/** All flags. */
export type Flags = ${body};`;
}

function creatorText(flags: readonly GeneratedFlag[], { ask }: SdkWords): string {
  const body = bodyOf(flags, (flag) => {
    const { key, name, type, defaultValue } = flag;
    const literal = textLiteral(key);
    const asking = ask(type, literal);
    return defaultValue === undefined
      ? `${propertyName(name)}: flagWithoutDefaultOf(${literal}, ${asking}),`
      : `${propertyName(name)}: flagOf(${literal}, FLAG_DEFAULTS[${literal}], ${asking}),`;
  });
  return `/** The flags as this client answers them: \`createFlags(OpenFeature.getClient())\`. */
export function createFlags(${flags.length === 0 ? '_client' : 'client'}: Client): Flags {
  return ${body.replaceAll('\n', '\n  ')};
}`;
}

/** A line for each flag, in braces. */
function bodyOf(
  flags: readonly GeneratedFlag[],
  lineOf: (flag: GeneratedFlag) => string | undefined,
): string {
  const lines = flags.flatMap((flag) => lineOf(flag) ?? []);
  if (lines.length === 0) return '{}';
  return `{\n${lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`).join('')}}`;
}
