import fc from 'fast-check';
import { derivedId } from '../../src/model/ids.js';
import type { Texts } from './org-files.js';

/** Random organizations whose files name, break and clash with each other, as sequences of what people do to them. */

/** What happens between two loads. */
export interface Step {
  /** Texts by path; null where the file goes. */
  readonly changes: Readonly<Record<string, string | null>>;
  /** Every flag of one project goes to the other, or a folder of it is moved away: undefined where not. */
  readonly moved: { readonly from: string; readonly to: string } | undefined;
  /** So many days later than the step before. */
  readonly days: number;
  /** How many loads back the one is that this one goes on from: two writes may begin at the same base. */
  readonly back: number;
}

/** Two that differ only in case seldom stand beside each other. */
const FLAG_KEYS = mostly(['a', 'b', 'c', 'a-b'], ['B']);
const SEGMENT_KEYS = mostly(['s', 't', 's-t'], ['S']);
const PROJECTS = ['web-app', 'api'] as const;

/** Mostly names that are there and make no cycle; else slips, and such that never are. */
const flagName = mostly(['c', 'c', 'b'], ['a', 'a-b', 'a-bb', 'nowhere']);
const segmentName = mostly(['t', 't', 's'], ['s-t', 's-tt', 'nowhere']);
const environmentName = mostly(['production', 'production', 'staging'], ['stagin']);
const id = mostly([''], ['id: one\n', 'id: two\n', `id: ${derivedId('flg', 'acme', 'api', 'a')}\n`]);

function mostly(usual: readonly string[], seldom: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  );
}

const segmentClause = fc.oneof(
  segmentName.map((name) => `{ segment: ${name} }`),
  fc.constantFrom('country', 'contry', 'userId').map((name) => `{ attribute: ${name}, equals: DE }`),
);

const clause = fc.oneof(
  segmentClause,
  flagName.map((name) => `{ flag: ${name} }`),
  flagName.map((name) => `{ not: { flag: ${name}, variant: off } }`),
);

const stateLine = fc.oneof(
  segmentName.map((name) => `    segments: [${name}]\n`),
  flagName.map((name) => `    requires: [${name}]\n`),
  fc
    .array(clause, { minLength: 1, maxLength: 3 })
    .map((when) => `    rules: [{ id: r, when: [${when.join(', ')}] }]\n`),
  mostly(['    serve: off\n', '    serve: { on: 1, off: 1 }\n', '    killed: true\n'], ['    serve: blue\n']),
);

const state = fc
  .tuple(
    environmentName,
    fc.boolean(),
    fc.uniqueArray(stateLine, { maxLength: 3, selector: (line) => line.split(':')[0] }),
  )
  .map(([name, enabled, lines]) => `  ${name}:\n    enabled: ${enabled}\n${lines.join('')}`);

const variants = fc.constantFrom('', '', 'variants: { on: true, off: false, blue: true }\n');

const flag = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(id, variants, fc.constantFrom('', 'expires: 2026-06-01\n'), state).map((parts) => {
      const [own, named, expires, environment] = parts;
      return `${own}${named}${expires}environments:\n${environment}`;
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('owner: [\n', 'environments: 1\n') },
);

const segment = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(id, fc.array(segmentClause, { maxLength: 2 }), fc.constantFrom('u-1', 'u-2'))
      .map(
        ([own, when, user]) =>
          `${own}include: { users: [${user}] }\n${when.length === 0 ? '' : `when: [${when.join(', ')}]\n`}`,
      ),
  },
  { weight: 1, arbitrary: fc.constant('activ: true\n') },
);

const overrides = mostly(
  ['- { users: [u-3], serve: off }\n', '- { users: [u-3], until: 2026-06-01 }\n'],
  ['- { users: [u-3], serve: blue }\n', '- { users: [u-3], environments: [staging] }\n', '- users\n'],
);

const tests = fc.oneof(
  segmentName.map((name) => `- { name: one, expect: { variant: on, segment: ${name} } }\n`),
  fc.constantFrom('- { name: one, environment: staging, expect: { variant: blue } }\n', '- 1\n'),
);

const project = mostly(
  [
    'environments: [staging, production]\n',
    'environments: [staging, production]\nattributes: { country: string }\n',
  ],
  ['environments: [production]\n', 'id: one\nenvironments: [production]\n', 'environments: []\n'],
);

const org = fc.constantFrom('name: Acme\n', 'defaultProject: api\n', 'id: [\n', 'defaultProject: nowhere\n');

const apiKeys = fc
  .constantFrom('production', 'staging')
  .map(
    (name) => `- { name: k, environment: ${name}, kind: server, prefix: fs_s, hash: ${'a'.repeat(64)} }\n`,
  );

function inProject(folder: string, keys: fc.Arbitrary<string>, text: fc.Arbitrary<string>) {
  return fc
    .tuple(fc.constantFrom(...PROJECTS), keys, text)
    .map(([name, key, value]) => [`${name}/${folder}/${key}.yaml`, value] as const);
}

function ofProject(file: string, text: fc.Arbitrary<string>) {
  return fc
    .tuple(fc.constantFrom(...PROJECTS), text)
    .map(([name, value]) => [`${name}/${file}`, value] as const);
}

const file = fc.oneof(
  { weight: 10, arbitrary: inProject('flags', FLAG_KEYS, flag) },
  { weight: 5, arbitrary: inProject('segments', SEGMENT_KEYS, segment) },
  { weight: 3, arbitrary: inProject('overrides', FLAG_KEYS, overrides) },
  { weight: 3, arbitrary: inProject('tests', FLAG_KEYS, tests) },
  { weight: 2, arbitrary: ofProject('project.yaml', project) },
  { weight: 1, arbitrary: ofProject('keys.yaml', apiKeys) },
  { weight: 1, arbitrary: org.map((text) => ['org.yaml', text] as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('notes.txt', 'web-app/flags/d.yml').map((path) => [path, 'x'] as const),
  },
);

const change = fc
  .tuple(file, fc.nat(4))
  .map(([[path, text], chance]) => [path, chance === 0 ? null : text] as const);

const move = fc.constantFrom(
  { from: 'web-app/', to: 'api/' },
  { from: 'api/', to: 'gone/' },
  { from: 'gone/', to: 'api/' },
  { from: 'web-app/flags/a', to: 'web-app/flags/b' },
);

/** One step: mostly of one or two files, now and then of many. */
export const randomStep: fc.Arbitrary<Step> = fc.record({
  changes: fc
    .oneof(
      { weight: 4, arbitrary: fc.array(change, { maxLength: 2 }) },
      { weight: 1, arbitrary: fc.array(change, { maxLength: 12 }) },
    )
    .map((changes) => Object.fromEntries(changes)),
  moved: fc.option(move, { nil: undefined, freq: 8 }),
  days: fc.constantFrom(0, 0, 0, 0, 1),
  back: fc.constantFrom(0, 0, 0, 0, 1, 2),
});

const GOOD: Texts = {
  'org.yaml': 'name: Acme\n',
  ...Object.fromEntries(PROJECTS.flatMap((key) => Object.entries(goodProject(key)))),
};

function goodProject(key: string): Texts {
  const flag = (lines: string) => `environments:\n  production:\n    enabled: true\n${lines}`;
  return {
    [`${key}/project.yaml`]: 'environments: [staging, production]\n',
    [`${key}/flags/a.yaml`]: flag('    requires: [b]\n'),
    [`${key}/flags/b.yaml`]: flag('    rules: [{ id: r, when: [{ not: { flag: c } }] }]\n'),
    [`${key}/flags/c.yaml`]: flag('    segments: [s]\n    serve: off\n'),
    [`${key}/flags/a-b.yaml`]: flag('    rules: [{ id: r, when: [{ segment: t }], serve: off }]\n'),
    [`${key}/segments/s.yaml`]: 'when: [{ segment: t }]\n',
    [`${key}/segments/t.yaml`]: 'include: { users: [u-1] }\n',
    [`${key}/tests/a.yaml`]: '- { name: one, expect: { variant: on, segment: null } }\n',
    [`${key}/tests/c.yaml`]: '- { name: one, expect: { variant: on, segment: s } }\n',
  };
}

/** A good organization with some files that are others, so that the first steps have something to break. */
export const randomStart: fc.Arbitrary<Texts> = fc
  .array(file, { maxLength: 4 })
  .map((files) => ({ ...GOOD, ...Object.fromEntries(files) }));

/** The files after the step. */
export function afterStep(texts: Texts, { changes, moved }: Step): Texts {
  const named = Object.entries(texts).map(([path, text]) => {
    const isMoved = moved !== undefined && path.startsWith(moved.from);
    return [isMoved ? moved.to + path.slice(moved.from.length) : path, text] as const;
  });
  const kept: [string, string][] = [];
  for (const [path, text] of Object.entries({ ...Object.fromEntries(named), ...changes }))
    if (text !== null) kept.push([path, text]);
  return Object.fromEntries(kept);
}
