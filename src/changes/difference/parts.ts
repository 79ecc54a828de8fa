import { attachmentEntry, type EnvironmentState, type FlagFile, requirementEntry } from '../../model/flag.js';
import { type EnvironmentKey, parseEnvironmentKey } from '../../model/keys.js';
import type { OverridesFile } from '../../model/override.js';
import type { Part } from '../difference.js';
import { attachmentText } from './attachments.js';
import { exceptionName, exceptionPart, exceptionsOf, exceptionText } from './exceptions.js';
import { requirementText } from './requirements.js';
import { ruleText } from './rule.js';
import { identityOf } from './same.js';
import { serveText } from './serve.js';
import { flatMapInSteps, type Steps } from './steps.js';
import { joinWords, someOf, textOf, wordOf } from './words.js';

/** Something that a flag has, and what it is now in words, without its environment: `rule canary: 20 % → on`. */
export interface FlagPart {
  readonly part: Part;
  readonly environment: EnvironmentKey | undefined;
  readonly sentence: string;
}

/** The part of a difference, or of a flag. */
export type PartPlace = Pick<FlagPart, 'part'> & { readonly environment?: EnvironmentKey | undefined };

/** All parts that a flag's files write down, each with the part and environment that its differences have. */
export function* flagPartsInSteps(flag: FlagFile, overrides: OverridesFile): Steps<readonly FlagPart[]> {
  const states = Object.entries(flag.environments);
  return [
    ...fieldParts(flag),
    ...states.flatMap(([environment, state]) => stateParts(state, parseEnvironmentKey(environment))),
    ...(yield* overrideParts(overrides)),
  ];
}

/** A text that two share where they are the same part of the same environment. */
export function partIdentity({ part, environment }: PartPlace): string {
  return identityOf([environment ?? null, part]);
}

type FieldTexts = {
  readonly [Field in Exclude<keyof FlagFile, 'environments' | 'variants' | 'metadata'>]-?: (
    value: NonNullable<FlagFile[Field]>,
  ) => string;
};

/** The compiler refuses a field that is not here. */
const FIELD_TEXTS: FieldTexts = {
  id: (id) => `id ${id}`,
  name: (name) => `name ${wordOf(name)}`,
  description: (description) => `description ${wordOf(description)}`,
  type: (type) => `type ${type}`,
  owner: (owner) => `owner ${wordOf(owner)}`,
  status: (status) => `status ${status}`,
  tags: (tags) => `tags ${someOf(tags.map(textOf))}`,
  expires: (day) => `expires ${day}`,
  client: (isOpen) => `${isOpen ? '' : 'not '}open to browsers and other clients`,
  salt: (salt) => `salt ${wordOf(salt)}`,
  bucketBy: (attribute) => `people are placed by ${wordOf(attribute)}`,
  offVariant: (variant) => `off variant ${textOf(variant)}`,
  createdAt: (moment) => `creation time ${moment}`,
  updatedAt: (moment) => `update time ${moment}`,
};

function fieldParts(flag: FlagFile): readonly FlagPart[] {
  const fields = (Object.keys(FIELD_TEXTS) as (keyof FieldTexts)[]).flatMap((name) => {
    const sentence = fieldText(flag, name);
    return sentence === undefined ? [] : [common({ kind: 'field', name }, sentence)];
  });
  const facts = Object.entries(flag.metadata ?? {}).map(([fact, value]) =>
    common({ kind: 'field', name: `metadata.${fact}` }, `metadata ${wordOf(fact)}: ${wordOf(value)}`),
  );
  const variants = Object.entries(flag.variants ?? {}).map(([name, value]) =>
    common({ kind: 'variant', name }, `variant ${textOf(name)}: ${wordOf(value)}`),
  );
  return [...fields, ...facts, ...variants];
}

function fieldText<Name extends keyof FieldTexts>(flag: FlagFile, name: Name): string | undefined {
  const value = flag[name];
  if (value === undefined) return undefined;
  // The compiler does not see that a field's text takes what is in the field.
  return (FIELD_TEXTS[name] as (value: FlagFile[Name]) => string)(value);
}

function common(part: Part, sentence: string): FlagPart {
  return { part, environment: undefined, sentence };
}

function stateParts(state: EnvironmentState, environment: EnvironmentKey | undefined): readonly FlagPart[] {
  const within = (part: Part, sentence: string): FlagPart => ({ part, environment, sentence });
  const { enabled, killed, offVariant, segments = [], requires = [], rules = [], serve } = state;
  return [
    within({ kind: 'field', name: 'enabled' }, enabled ? 'enabled' : 'disabled'),
    ...(killed === undefined
      ? []
      : [within({ kind: 'field', name: 'killed' }, killed ? 'killed' : 'not killed')]),
    ...(offVariant === undefined
      ? []
      : [within({ kind: 'field', name: 'offVariant' }, `off variant ${textOf(offVariant)}`)]),
    ...uniqueBy(segments, (each) => attachmentEntry(each).segment).map(([segment, [first]]) =>
      within({ kind: 'attachment', segment }, first === undefined ? '' : attachmentText(first)),
    ),
    ...uniqueBy(requires, (each) => requirementEntry(each).flag).map(([flag, all]) =>
      within({ kind: 'requirement', flag }, joinWords(all.map(requirementText))),
    ),
    ...rules.map((rule) =>
      within({ kind: 'rule', id: rule.id }, `rule ${textOf(rule.id)}: ${ruleText(rule)}`),
    ),
    ...(serve === undefined ? [] : [within({ kind: 'field', name: 'serve' }, `serves ${serveText(serve)}`)]),
  ];
}

function* overrideParts(overrides: OverridesFile): Steps<readonly FlagPart[]> {
  return yield* flatMapInSteps(yield* exceptionsOf(overrides), (exception) => {
    const { environment, entry } = exception;
    const key = environment === undefined ? undefined : parseEnvironmentKey(environment);
    const sentence = `${exceptionName(exception)}: ${exceptionText(entry)}`;
    return [{ part: exceptionPart(exception), environment: key, sentence }];
  });
}

function uniqueBy<Item>(items: readonly Item[], nameOf: (item: Item) => string) {
  const names = [...new Set(items.map(nameOf))];
  return names.map((name) => [name, items.filter((item) => nameOf(item) === name)] as const);
}
