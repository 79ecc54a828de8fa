import { type FlagFile, flagType, flagVariants, type Variants } from '../../model/flag.js';
import type { FlatMetadata, JsonValue } from '../../model/values.js';
import { diffField, diffMoment, named, textsBut } from './field.js';
import { diffNames, type KeyPath } from './identity.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { bucketByOf, diffStates, offVariantOf, offVariantText } from './state.js';
import { changeOf, comingAndGoing, textOf, wordOf } from './words.js';

/** The differences of a flag's file. */
export function diffFlag(flags: Versions<FlagFile>, path: KeyPath): readonly PartDifference[] {
  return [
    ...diffNames(flags, { ...path, prefix: 'flg' }),
    ...diffFacts(flags),
    ...diffPlacing(flags, path),
    ...diffVariants({ before: flagVariants(flags.before), after: flagVariants(flags.after) }),
    ...diffField(
      { name: 'offVariant', before: offVariantOf(flags.before), after: offVariantOf(flags.after) },
      offVariantText,
    ),
    ...diffTimes(flags),
    ...diffStates(flags),
  ];
}

function diffFacts({ before, after }: Versions<FlagFile>): readonly PartDifference[] {
  const status = { before: before.status ?? 'development', after: after.status ?? 'development' };
  const client = { before: before.client === true, after: after.client === true };
  return [
    ...diffField({ name: 'type', before: flagType(before), after: flagType(after) }, named('type')),
    ...diffField({ name: 'owner', before: before.owner, after: after.owner }, named('owner')),
    ...diffField({ name: 'status', ...status }, named('status')),
    ...diffTags({ before: before.tags ?? [], after: after.tags ?? [] }),
    ...diffField({ name: 'expires', before: before.expires, after: after.expires }, expiryText),
    ...diffField({ name: 'client', ...client }, clientText),
    ...diffMetadata({ before: before.metadata ?? {}, after: after.metadata ?? {} }),
  ];
}

function expiryText({ before, after }: Versions<string | undefined>): string {
  if (after === undefined) return `no longer expires (was ${before})`;
  return before === undefined ? `expires ${after}` : `expires ${after} (was ${before})`;
}

function clientText({ after }: Versions<boolean | undefined>): string {
  return after ? 'now open to browsers and other clients' : 'no longer open to browsers and other clients';
}

/** Tags are a set. */
function diffTags({ before, after }: Versions<readonly string[]>): readonly PartDifference[] {
  const change = comingAndGoing(textsBut(after, before), textsBut(before, after));
  if (change === '') return [];
  return diffField({ name: 'tags', before, after }, () => `tags: ${change}`);
}

function diffMetadata({ before, after }: Versions<FlatMetadata>): readonly PartDifference[] {
  return namesOf({ before, after }).flatMap((fact) => {
    const [old, now] = [own(before, fact), own(after, fact)];
    if (old === now) return [];
    const part = { kind: 'field', name: `metadata.${fact}` } as const;
    const sentence = `metadata ${wordOf(fact)} ${changeOf(old, now)}`;
    return [tell({ part, at: ['metadata', fact], before: old, after: now, sentence })];
  });
}

/** What decides where a hash puts people. */
function diffPlacing({ before, after }: Versions<FlagFile>, { key }: KeyPath): readonly PartDifference[] {
  const salt = { before: before.salt ?? key, after: after.salt ?? key };
  const bucketBy = { before: bucketByOf(before), after: bucketByOf(after) };
  return [
    ...diffField({ name: 'salt', ...salt }, () => 'salt changed: people are placed anew'),
    ...diffField(
      { name: 'bucketBy', ...bucketBy },
      () => `people are placed by ${wordOf(bucketBy.after)} (was ${wordOf(bucketBy.before)})`,
    ),
  ];
}

/** Their order decides nothing. */
function diffVariants({ before, after }: Versions<Variants>): readonly PartDifference[] {
  return namesOf({ before, after }).flatMap((name) => {
    const [old, now] = [own(before, name), own(after, name)];
    if (isSame(old, now)) return [];
    const part = { kind: 'variant', name } as const;
    const sentence = `variant ${textOf(name)}${variantChange(old, now)}`;
    return [tell({ part, at: ['variants', name], before: old, after: now, sentence })];
  });
}

function variantChange(before: JsonValue | undefined, after: JsonValue | undefined): string {
  return `${before === undefined || after === undefined ? ' ' : ': '}${changeOf(before, after)}`;
}

function diffTimes({ before, after }: Versions<FlagFile>): readonly PartDifference[] {
  return [
    ...diffMoment({ name: 'createdAt', before: before.createdAt, after: after.createdAt }, 'creation time'),
    ...diffMoment({ name: 'updatedAt', before: before.updatedAt, after: after.updatedAt }, 'update time'),
  ];
}

function namesOf({ before, after }: Versions<object>): readonly string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])];
}

function own<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
