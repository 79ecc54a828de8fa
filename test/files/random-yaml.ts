import fc from 'fast-check';
import { parse } from 'yaml';
import type { Pointer } from '../../src/model/problem.js';
import type { JsonValue } from '../../src/model/values.js';

/** A YAML text as careless people write it, and the value that it means. */
export interface RandomYaml {
  readonly text: string;
  readonly value: JsonValue;
}

/** Keys that need quotes, that are numbers, and plain ones. */
export const randomKey: fc.Arbitrary<string> = fc.constantFrom(
  ...['a', 'b', 'c', 'on', 'off', 'plan', 'two words', 'x-y', '1', "it's", 'q"q', 'a: b', '#h', 'a,b'],
);

/** Any scalar; texts among them that YAML would misread without quotes, and long and many-lined ones. */
const randomScalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    true,
    false,
    null,
    0,
    -1,
    2.5,
    1e21,
    'on',
    'yes',
    'null',
    '1',
    '2.4',
    '1_0',
    '0x1f',
    '',
  ),
  fc.constantFrom<JsonValue>(
    'plain',
    'two words',
    ' lead',
    'trail ',
    'a: b',
    'a #b',
    '# c',
    '- d',
    '[x]',
    '{y',
    'k:',
  ),
  fc.constantFrom<JsonValue>(
    'line\nline',
    'line\n\nlast\n',
    '\n',
    'tab\there',
    'é✓',
    '@acme.com',
    "it's",
    'say "x"',
    'a,b',
  ),
  fc.constantFrom<JsonValue>(
    '2027-03-01',
    '12:30:45',
    '\u2028',
    '...',
    '---',
    ' \n x',
    'x\n y\nz\n\n',
    '\\',
    '\u0085',
  ),
  fc.string({ maxLength: 12 }),
  fc.constant(`long ${'word '.repeat(30)}end`),
);

/** Any value, not deep. */
export const randomValue: fc.Arbitrary<JsonValue> = valueOfDepth(2);

/** Any YAML: block and flow, odd indentation, comments anywhere, quotes of all kinds, block scalars, both line ends. */
export const randomYaml: fc.Arbitrary<RandomYaml> = fc
  .record({
    value: rootValue(),
    seed: fc.integer(),
    crlf: fc.boolean(),
    end: fc.boolean(),
    mark: fc.boolean(),
  })
  .map(({ value, seed, crlf, end, mark }) => {
    const lines = new Emitter(seed).document(value);
    const text = lines.join(crlf ? '\r\n' : '\n') + (end ? (crlf ? '\r\n' : '\n') : '');
    // What the layout does to blank lines at the end of a text, the parser knows best.
    return { value: parse(text) as JsonValue, text: (mark ? '\uFEFF' : '') + text };
  });

/** Every place of a value, and some that are just not there. */
export function placesOf(value: JsonValue, at: Pointer = []): readonly Pointer[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, item]) => {
      return placesOf(item, [...at, Array.isArray(value) ? Number(key) : key]);
    }),
  ];
}

function valueOfDepth(depth: number): fc.Arbitrary<JsonValue> {
  if (depth === 0) return randomScalar;
  return fc.oneof(
    { weight: 3, arbitrary: randomScalar },
    { weight: 2, arbitrary: fc.array(valueOfDepth(depth - 1), { maxLength: 4 }) },
    {
      weight: 3,
      arbitrary: fc.dictionary(randomKey, valueOfDepth(depth - 1), { maxKeys: 4, noNullPrototype: true }),
    },
  ) as fc.Arbitrary<JsonValue>;
}

function rootValue(): fc.Arbitrary<JsonValue> {
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.dictionary(randomKey, valueOfDepth(3), { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
    },
    { weight: 1, arbitrary: fc.array(valueOfDepth(3), { minLength: 1, maxLength: 5 }) },
  ) as fc.Arbitrary<JsonValue>;
}

/** Writes a value in a random layout. Comments are numbered, so that each can be found again. */
class Emitter {
  #state: number;
  #comments = 0;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  document(value: JsonValue): readonly string[] {
    const isBlock = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    const body = isBlock && this.#chance(0.9) ? this.#block(value, 0) : [this.#flow(value) + this.#tail()];
    return [...this.#above(0), ...body, ...this.#above(0)];
  }

  #block(value: JsonValue, column: number): readonly string[] {
    const pad = ' '.repeat(column);
    if (Array.isArray(value)) {
      return value.flatMap((item: JsonValue, index) => [
        ...(index > 0 ? this.#above(column) : []),
        ...this.#item(item, column).map((line, place) => (place === 0 ? pad + line : line)),
      ]);
    }
    return Object.entries(value as Record<string, JsonValue>).flatMap(([key, item], index) => [
      ...(index > 0 ? this.#above(column) : []),
      ...this.#entry(key, item, column).map((line, place) => (place === 0 ? pad + line : line)),
    ]);
  }

  /** The first line has no indentation, the others have all of theirs. */
  #item(value: JsonValue, column: number): readonly string[] {
    if (!isFilled(value) || this.#chance(0.35)) return this.#scalarOrFlow('-', value, column);
    const gap = 1 + this.#below(3);
    if (this.#chance(0.8)) {
      const [first = '', ...rest] = this.#block(value, column + 1 + gap);
      return [`-${' '.repeat(gap)}${first.trimStart()}`, ...rest];
    }
    return [`-${this.#tail()}`, ...this.#block(value, column + 1 + gap)];
  }

  #entry(key: string, value: JsonValue, column: number): readonly string[] {
    const name = `${this.#key(key)}${this.#chance(0.1) ? ' ' : ''}:`;
    if (!isFilled(value) || this.#chance(0.3)) return this.#scalarOrFlow(name, value, column);
    const isLevel = Array.isArray(value) && this.#chance(0.3);
    const below = column + (isLevel ? 0 : 1 + this.#below(4));
    return [name + this.#tail(), ...this.#above(below, 0.1), ...this.#block(value, below)];
  }

  #scalarOrFlow(name: string, value: JsonValue, column: number): readonly string[] {
    if (value === null && this.#chance(0.5)) return [name + this.#tail()];
    if (typeof value === 'string' && this.#chance(0.6)) {
      const lines = this.#blockScalar(value, column + 1 + this.#below(3));
      if (lines !== undefined) return [`${name} ${lines[0]}`, ...lines.slice(1)];
    }
    if (isFilled(value) && this.#chance(0.4)) return this.#wideFlow(name, value, column + 1 + this.#below(3));
    const gap = ' '.repeat(1 + this.#below(3));
    if (this.#chance(0.1))
      return [name + this.#tail(), `${' '.repeat(column + 2)}${this.#flow(value)}${this.#tail()}`];
    return [name + gap + this.#flow(value) + this.#tail()];
  }

  /** Literal or folded with the chomping that keeps the text; undefined where it cannot be. */
  #blockScalar(value: string, column: number): readonly string[] | undefined {
    if (!/^[\x21-\x7e][\x20-\x7e\n]*[\x21-\x7e]\n*$/.test(value)) return undefined;
    const ends = /\n*$/.exec(value)?.[0].length ?? 0;
    const body = value.slice(0, value.length - ends);
    const chomp = ends === 0 ? '-' : ends === 1 ? '' : '+';
    const isFolded = !body.includes('\n') && this.#chance(0.6);
    const lines = isFolded && !/ {2}/.test(body) ? this.#folded(body) : body.split('\n');
    const padded = lines.map((line) => (line === '' ? '' : ' '.repeat(column) + line));
    const blank = Array.from({ length: Math.max(0, ends - 1) }, () => '');
    return [`${isFolded ? '>' : '|'}${chomp}${this.#tail()}`, ...padded, ...blank];
  }

  #folded(body: string): readonly string[] {
    return body.length > 40 ? body.split(/(?<=^.{30,40}) /) : [body];
  }

  /** Brackets over several lines, with comments and perhaps a comma too many. */
  #wideFlow(name: string, value: JsonValue, column: number): readonly string[] {
    const isList = Array.isArray(value);
    const pad = ' '.repeat(column);
    const items = this.#flowItems(value);
    const lines = items.flatMap((item, index) => {
      const comma = index < items.length - 1 || this.#chance(0.5) ? ',' : '';
      return [...this.#above(column, 0.1), pad + item + comma + this.#tail()];
    });
    return [
      `${name} ${isList ? '[' : '{'}${this.#tail()}`,
      ...lines,
      `${pad}${isList ? ']' : '}'}${this.#tail()}`,
    ];
  }

  #flow(value: JsonValue): string {
    if (!(typeof value === 'object' && value !== null)) return this.#scalar(value, true);
    const space = this.#chance(0.5) ? ' ' : '';
    const comma = this.#chance(0.5) ? ', ' : ',';
    const last = isFilled(value) && this.#chance(0.2) ? ',' : '';
    const inner = this.#flowItems(value).join(comma) + last;
    return Array.isArray(value) ? `[${space}${inner}${space}]` : `{${space}${inner}${space}}`;
  }

  #flowItems(value: JsonValue): readonly string[] {
    if (Array.isArray(value)) return value.map((item: JsonValue) => this.#flow(item));
    return Object.entries(value as Record<string, JsonValue>).map(([key, item]) => {
      if (item === null && this.#chance(0.3)) return this.#key(key);
      return `${this.#key(key)}: ${this.#flow(item)}`;
    });
  }

  #key(key: string): string {
    return this.#scalar(key, true);
  }

  #scalar(value: JsonValue, flow: boolean): string {
    if (typeof value !== 'string') return String(value);
    const isPlain = /^[A-Za-z][A-Za-z0-9 _.@-]*[A-Za-z0-9]$|^[A-Za-z]$/.test(value);
    if (isPlain && !/^(?:true|false|null)$/i.test(value) && flow && this.#chance(0.6)) return value;
    if (/^[\x20-\x7e]*$/.test(value) && this.#chance(0.5)) return `'${value.replaceAll("'", "''")}'`;
    return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  }

  #above(column: number, odds = 0.25): readonly string[] {
    if (!this.#chance(odds)) return [];
    const blank = this.#chance(0.3) ? [''] : [];
    return [...blank, `${' '.repeat(column)}${this.#comment()}`, ...(this.#chance(0.2) ? [''] : [])];
  }

  #tail(): string {
    return this.#chance(0.25) ? ` ${this.#comment()}` : '';
  }

  #comment(): string {
    this.#comments += 1;
    return `# note ${this.#comments}: it's [so], {so}`;
  }

  #chance(odds: number): boolean {
    return this.#next() < odds;
  }

  #below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  /** A linear congruential generator: the layout must be the same for the same seed. */
  #next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }
}

function isFilled(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
