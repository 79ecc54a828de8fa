/** What asks for a flag in a text. */
export interface KeyMatch {
  readonly key: string;
  /** Of the key, in UTF-16 units from the beginning of the text. */
  readonly offset: number;
  /** What asks: `getBooleanValue`. */
  readonly by: string | undefined;
}

/** A form in which code asks for a flag. */
export interface CallPattern {
  /** Matches the whole form; its group `key` is the key, its group `by`, where there is one, what asks. */
  readonly form: RegExp;
  /** True where the name can be nothing but a flag's, so that one that is not there is a mistake. */
  readonly isOnlyFlags: boolean;
}

/** Blanks are bounded wherever several of them may meet, so that no text takes more than linear time. */
const QUOTED_KEY = `(?<quote>['"\`])(?<key>[^'"\`\\s\${}<>\\\\]{1,100})\\k<quote>`;
/** What may stand before the key: a context of Go, the name of a named argument. */
const GO_CONTEXT = String.raw`(?:[\w.]{0,60}(?:ctx|context)[\w.]{0,60}(?:\(\s{0,99}\))?\s{0,99},\s{0,99})`;
const NAMED = String.raw`(?:\{?\s{0,99}(?:flag_?key|flag_?name|forKey|key)\s{0,99}[:=]\s{0,99})`;
const TYPE_ARGUMENTS = '(?:::)?(?:<[^<>();]{0,200}(?:<[^<>();]{0,200}>[^<>();]{0,200})?>)?';

const TYPE = '(?:boolean|bool|string|number|integer|int|long|double|float|object|struct|structure)';
/** The getters of OpenFeature's SDKs: for servers, browsers, React and most languages. They want a default behind the key. */
const GETTERS = [
  `(?:get|fetch)_?${TYPE}_?(?:value|details)(?:_?async)?`,
  'use(?:suspense)?(?:boolean|string|number|object)?flag(?:value|details)?',
].join('|');
/** Those of Go. */
const GO_GETTERS = '(?:Boolean|Float|Int|Object|String)(?:Value)?(?:Details)?';

/** In the order in which they are tried: the first that names a place says what it is. */
export const CALL_PATTERNS: readonly CallPattern[] = [
  {
    form: new RegExp(
      `\\b(?<by>${GETTERS})\\s{0,99}${TYPE_ARGUMENTS}\\s{0,99}\\(\\s{0,99}${NAMED}?${QUOTED_KEY}(?=\\s{0,99},)`,
      'dgi',
    ),
    isOnlyFlags: true,
  },
  {
    form: new RegExp(`\\b(?<by>is_?feature_?enabled)\\s{0,99}\\(\\s{0,99}${QUOTED_KEY}`, 'dgi'),
    isOnlyFlags: true,
  },
  {
    form: new RegExp(`\\.(?<by>${GO_GETTERS})\\(\\s{0,99}${GO_CONTEXT}${QUOTED_KEY}`, 'dg'),
    isOnlyFlags: true,
  },
  {
    form: new RegExp(`\\b(?<by>flag_?key)\\s{0,99}[:=]\\s{0,99}\\{?\\s{0,99}${QUOTED_KEY}`, 'dgi'),
    isOnlyFlags: true,
  },
  {
    form: /(?<by>\b(?:boolean|string|number|object)featureflag)\]?\s{0,99}=\s{0,99}"\s{0,99}'(?<key>[^'"\s]{1,100})'/dgi,
    isOnlyFlags: true,
  },
  {
    form: /(?<by>\/ofrep\/v1\/evaluate\/flags)\/(?<key>[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)(?=[/?#"'`\s),;&]|$)/dg,
    isOnlyFlags: true,
  },
  {
    form: /(?<by>\/(?:feature-flags|config\/features|flags))\/(?<key>[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)(?=[/?#"'`\s),;&]|$)/dg,
    isOnlyFlags: false,
  },
  {
    form: /\b(?<by>flagstaff (?:evaluate|kill|unkill|blame|log|create))\s+(?<key>[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)/dg,
    isOnlyFlags: false,
  },
  {
    form: new RegExp(
      `\\b(?<by>\\w{0,60}(?:flag|feature|enabled|variant|variation|toggle|treatment)\\w{0,60})\\s{0,99}${TYPE_ARGUMENTS}\\s{0,99}\\(\\s{0,99}${NAMED}?${QUOTED_KEY}`,
      'dgi',
    ),
    isOnlyFlags: false,
  },
  { form: new RegExp(`\\.(?<by>evaluate)\\(\\s{0,99}${QUOTED_KEY}`, 'dg'), isOnlyFlags: false },
  {
    form: new RegExp(
      `\\[\\s{0,99}${QUOTED_KEY}\\s{0,99}\\]\\s{0,99}\\.\\s{0,99}(?<by>value|details)\\s{0,99}\\(`,
      'dg',
    ),
    isOnlyFlags: false,
  },
];

/** What the form finds in a text. */
export function* matchesOf({ form }: CallPattern, text: string): Generator<KeyMatch> {
  for (const { groups, indices } of text.matchAll(form)) {
    const offset = indices?.groups?.key?.[0];
    if (groups?.key !== undefined && offset !== undefined) yield { key: groups.key, offset, by: groups.by };
  }
}

/** The accessors that `codegen` makes, by their own names: `flags.newCheckout.value(`. */
export const ACCESSOR_FORM =
  /\.\s{0,99}(?<name>[A-Za-z_$][\w$]*)\s{0,99}\??\.\s{0,99}(?<by>value|details)\s{0,99}\(/dg;
