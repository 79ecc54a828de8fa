import type { FlagType } from '../../model/flag.js';
import type { Sdk } from './generated-flag.js';

/** The parts of the generated file in which the SDKs differ: a server's asks about somebody and waits for the answer. */
export interface SdkWords {
  readonly from: string;
  readonly types: readonly string[];
  readonly details: string;
  readonly flag: string;
  readonly flagOf: string;
  readonly flagWithoutDefault: string;
  readonly flagWithoutDefaultOf: string;
  /** The function that asks the client for a flag of this type; the key is a literal. */
  readonly ask: (type: FlagType, key: string) => string;
}

/** How an SDK asks. */
interface Asking {
  readonly from: string;
  readonly types: readonly string[];
  /** The parameters after the default, as they are declared and as they are passed on. */
  readonly declared: string;
  readonly passed: string;
  /** What an answer comes in. */
  readonly wrap: (type: string) => string;
  /** The value of the details that this expression gives. */
  readonly valueIn: (details: string) => string;
  readonly async: string;
}

const SERVER: Asking = {
  from: '@openfeature/server-sdk',
  types: ['Client', 'EvaluationContext', 'EvaluationDetails', 'FlagEvaluationOptions'],
  declared: 'context?: EvaluationContext, options?: FlagEvaluationOptions',
  passed: 'context, options',
  wrap: (type) => `Promise<${type}>`,
  valueIn: (details) => `(await ${details}).value`,
  async: 'async ',
};

const WEB: Asking = {
  from: '@openfeature/web-sdk',
  types: ['Client', 'EvaluationDetails', 'FlagEvaluationOptions'],
  declared: 'options?: FlagEvaluationOptions',
  passed: 'options',
  wrap: (type) => type,
  valueIn: (details) => `${details}.value`,
  async: '',
};

/** By the SDK that the generated code stands on. */
export const SDK_WORDS: Readonly<Record<Sdk, SdkWords>> = { server: wordsOf(SERVER), web: wordsOf(WEB) };

const GETTERS: Readonly<Record<FlagType, string>> = {
  boolean: 'getBooleanDetails',
  string: 'getStringDetails',
  number: 'getNumberDetails',
  object: 'getObjectDetails',
};

function wordsOf(asking: Asking): SdkWords {
  const { from, types } = asking;
  return { from, types, ...accessorWords(asking), ...creatorWords(asking), ask: askWith(asking) };
}

function accessorWords({
  declared,
  wrap,
}: Asking): Pick<SdkWords, 'details' | 'flag' | 'flagWithoutDefault'> {
  const value = wrap('FlagValues[Key]');
  const details = wrap('FlagDetails<Key>');
  return {
    details: `/** An answer with its variant and its reason. */
export type FlagDetails<Key extends FlagKey> = Omit<EvaluationDetails<FlagValues[Key]>, 'variant'> & {
  readonly variant?: FlagVariants[Key];
};`,
    flag: `/** A flag that can be asked. */
export interface Flag<Key extends FlagKey> {
  readonly key: Key;
  readonly defaultValue: FlagValues[Key];
  value(${declared}): ${value};
  details(${declared}): ${details};
}`,
    flagWithoutDefault: `/** A flag without an off variant: whoever asks says what they want where it gives nothing. */
export interface FlagWithoutDefault<Key extends FlagKey> {
  readonly key: Key;
  value(fallback: FlagValues[Key], ${declared}): ${value};
  details(fallback: FlagValues[Key], ${declared}): ${details};
}`,
  };
}

function creatorWords(asking: Asking): Pick<SdkWords, 'flagOf' | 'flagWithoutDefaultOf'> {
  const { declared, passed, wrap, valueIn, async } = asking;
  const ask = `ask: (fallback: FlagValues[Key], ${declared}) => ${wrap('EvaluationDetails<FlagValues[Key]>')}`;
  const answer = wrap('FlagDetails<Key>');
  return {
    flagOf: `function flagOf<Key extends FlagKey>(
  key: Key,
  defaultValue: FlagValues[Key],
  ${ask},
): Flag<Key> {
  const details = (${declared}) => ask(defaultValue, ${passed}) as ${answer};
  return {
    key,
    defaultValue,
    details,
    value: ${async}(${passed}) => ${valueIn(`details(${passed})`)},
  };
}`,
    flagWithoutDefaultOf: `function flagWithoutDefaultOf<Key extends FlagKey>(
  key: Key,
  ${ask},
): FlagWithoutDefault<Key> {
  return {
    key,
    details: (fallback, ${passed}) => ask(fallback, ${passed}) as ${answer},
    value: ${async}(fallback, ${passed}) => ${valueIn(`ask(fallback, ${passed})`)},
  };
}`,
  };
}

/** The type is named, or a default of `false` would make a client that answers false alone. */
function askWith({ passed }: Asking): SdkWords['ask'] {
  return (type, key) => {
    const generic = type === 'boolean' ? '' : `<FlagValues[${key}]>`;
    return `(fallback, ${passed}) => client.${GETTERS[type]}${generic}(${key}, fallback, ${passed})`;
  };
}
