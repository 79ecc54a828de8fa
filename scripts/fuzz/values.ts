import fc from 'fast-check';

/** Texts that have gone wrong somewhere: names that climb, that objects inherit, that are too long, or that bite. */
const ODD_TEXTS = [
  ...['', ' ', '.', '..', '../../x', '.git', 'con', '~', '*', '%00', '\u0000', 'a\nb', 'a\r\nB: c', '\ud800'],
  ...['__proto__', 'constructor', 'toString', 'banner', 'web-app', 'production', 'germans', 'beta', 'fresh'],
  ...[
    '(a+)+$',
    '^(.*,)*x',
    '[',
    '\\',
    '$(x)',
    '<b>',
    'a@b',
    'marc@example.com',
    'é',
    '\u202e',
    '💥',
    '1e400',
  ],
  ...['x'.repeat(101), 'x'.repeat(3_000), 'x'.repeat(70_000), 'a,'.repeat(2_000), '[['.repeat(500)],
];

/** Much of something small: what costs time where somebody walks through it more than once. */
const MUCH: readonly unknown[] = [
  Array.from({ length: 3_000 }, (_, number) => `u-${number}`),
  Array.from({ length: 20_000 }, () => 0),
  Object.fromEntries(Array.from({ length: 1_200 }, (_, number) => [`k${number}`, number])),
  Array.from({ length: 200 }, (_, number) => ({
    attribute: 'country',
    operator: 'EQUALS',
    value: `${number}`,
  })),
  nested(30),
  'x'.repeat(900_000),
];

/** Values of JSON, plausible and not. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 50, 100, 101, 0.5, 2 ** 53, [], {}),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(...MUCH) },
);

/** One thing to do to a body: at the place of this number something is put, or taken away, or put beside it. */
export const anyMutation = fc.record({
  place: fc.nat(200),
  act: fc.constantFrom('set', 'set', 'remove', 'beside'),
  name: fc.constantFrom(
    'colour',
    '__proto__',
    'key',
    'name',
    'id',
    'environments',
    'rules',
    'value',
    'reason',
  ),
  value: anyValue,
});

export type Mutation = typeof anyMutation extends fc.Arbitrary<infer Value> ? Value : never;

/** A body with these things done to it, one after the other. */
export function mutate(body: unknown, mutations: readonly Mutation[]): unknown {
  const whole = { body: structuredClone(body) };
  for (const { place, act, name, value: drawn } of mutations) {
    const value = structuredClone(drawn);
    const places = placesIn(whole);
    const chosen = places[place % places.length];
    if (chosen === undefined) continue;
    const { holder, key } = chosen;
    if (act === 'set') holder[key] = value;
    else if (act === 'remove') delete holder[key];
    else if (Array.isArray(holder)) holder.push(value);
    else Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return whole.body;
}

interface PlaceIn {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Lists are objects whose names are numbers. Of what is large, the first places are enough. */
function placesIn(value: unknown): readonly PlaceIn[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder)
    .slice(0, 20)
    .flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { and: [nested(depth - 1)] };
}
