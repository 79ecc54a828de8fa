import {
  attachmentEntry,
  type EnvironmentState,
  type FlagFile,
  type FlagType,
  flagType,
  flagVariants,
  type Rule,
} from '../model/flag.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { errorAt, type Issue, placed, warningAt } from './issue.js';
import { judgeClauses } from './meaning-clause.js';
import { judgeDay, judgeMoment, twice } from './meaning-names.js';
import { judgeReach } from './meaning-reach.js';
import { judgeServe, judgeVariant } from './meaning-serve.js';

const TYPE_WORDS: Readonly<Record<FlagType, string>> = {
  boolean: 'true or false',
  string: 'text',
  number: 'a number',
  object: 'a map',
};

/** What a flag's file says that cannot be meant, as far as it alone can tell. */
export function judgeFlag(flag: FlagFile): Issue[] {
  const variants = Object.keys(flagVariants(flag));
  if (variants.length === 0) return [noVariants(flagType(flag))];
  return [
    ...judgeVariantTypes(flag),
    ...judgeMetadata(flag),
    ...judgeVariant(flag.offVariant, ['offVariant'], variants),
    ...judgeDay(flag.expires, ['expires']),
    ...judgeMoment(flag.createdAt, ['createdAt']),
    ...judgeMoment(flag.updatedAt, ['updatedAt']),
    ...Object.entries(flag.environments).flatMap(([environment, state]) =>
      judgeState({ state, at: ['environments', environment], variants }),
    ),
  ];
}

function noVariants(type: FlagType): Issue {
  const sentence = `a ${type} flag has no variants of its own; variants: { name: value } was wanted`;
  return errorAt(['type'], 'MISSING_FIELD', sentence);
}

function judgeVariantTypes(flag: FlagFile): Issue[] {
  const type = flagType(flag);
  return Object.entries(flag.variants ?? {}).flatMap(([name, value]) => {
    if (isOfType(value, type)) return [];
    const at = ['variants', name];
    const sentence = `${JSON.stringify(value)} is not of the flag's type; ${TYPE_WORDS[type]} was wanted`;
    return [errorAt(at, 'VARIANT_TYPE', placed(at, sentence))];
  });
}

/** What an answer says of itself stands in the same metadata: what decided, and the commit. */
const ANSWER_FACTS: ReadonlySet<string> = new Set(['rule', 'segment', 'override', 'requires', 'revision']);

function judgeMetadata({ metadata = {} }: FlagFile): Issue[] {
  return Object.keys(metadata)
    .filter((name) => ANSWER_FACTS.has(name))
    .map((name) => {
      const at = ['metadata', name];
      const sentence = `${name} is what an answer says of itself; another name was wanted`;
      return { ...errorAt(at, 'INVALID_VALUE', placed(at, sentence)), part: 'key' };
    });
}

function isOfType(value: JsonValue, type: FlagType): boolean {
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

interface StatePlace {
  readonly state: EnvironmentState;
  readonly at: Pointer;
  readonly variants: readonly string[];
}

function judgeState({ state, at, variants }: StatePlace): Issue[] {
  const rules = state.rules ?? [];
  return [
    ...judgeVariant(state.offVariant, [...at, 'offVariant'], variants),
    ...judgeAttachments({ state, at, variants }),
    ...rules.flatMap((rule, place) => judgeRule(rule, [...at, 'rules', place], variants)),
    ...twice(
      rules.map((rule, place) => ({ name: rule.id, at: [...at, 'rules', place, 'id'] })),
      'rule',
      'DUPLICATE_ID',
    ),
    ...judgeReach(rules, [...at, 'rules']),
    ...judgeServe({ serve: state.serve, at, variants }),
  ];
}

function judgeAttachments({ state, at, variants }: StatePlace): Issue[] {
  const attached = new Set<string>();
  return (state.segments ?? []).flatMap((attachment, place) => {
    const where = [...at, 'segments', place];
    const { segment } = attachmentEntry(attachment);
    const again = attached.has(segment);
    attached.add(segment);
    const serve = typeof attachment === 'string' ? undefined : attachment.serve;
    const sentence = `segment ${segment} is attached before; this attachment never decides`;
    return [
      ...judgeServe({ serve, at: where, variants }),
      ...(again ? [warningAt(where, 'UNREACHABLE', placed(where, sentence))] : []),
    ];
  });
}

function judgeRule(rule: Rule, at: Pointer, variants: readonly string[]): Issue[] {
  return [
    ...judgeClauses(rule.when ?? [], [...at, 'when'], 'rule'),
    ...judgePercentage(rule.percentage, [...at, 'percentage']),
    ...judgeServe({ serve: rule.serve, at, variants }),
  ];
}

function judgePercentage(percentage: number | undefined, at: Pointer): Issue[] {
  if (percentage === undefined) return [];
  const thousandths = percentage * 1000;
  if (Math.abs(thousandths - Math.round(thousandths)) < 1e-6) return [];
  return [errorAt(at, 'INVALID_VALUE', placed(at, `${percentage} has more than three decimals`))];
}
