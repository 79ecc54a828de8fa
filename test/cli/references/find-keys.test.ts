import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Catalogue } from '../../../src/cli/references/catalogue.js';
import { findKeys } from '../../../src/cli/references/find-keys.js';
import type { FlagKey } from '../../../src/model/keys.js';

const KEYS = ['new-checkout', 'theme', 'search.page'] as const;
const catalogue: Catalogue = {
  flags: [],
  byKey: new Map(
    KEYS.map((key) => [key, [{ org: 'acme', project: 'web-app', key: key as string as FlagKey, path: '' }]]),
  ),
  keysByName: new Map([
    ['newCheckout', new Set(['new-checkout'])],
    ['theme', new Set(['theme'])],
    ['searchPage', new Set(['search.page'])],
  ]),
};

/** `asked new-checkout by getBooleanValue`, `unknown nope` */
function found(text: string, isProse = false): readonly string[] {
  return findKeys(text, { catalogue, patterns: [], isProse }).map(({ key, certainty, by, isKnown }) =>
    isKnown ? [certainty, key, ...(by === undefined ? [] : [`by ${by}`])].join(' ') : `unknown ${key}`,
  );
}

const ASKING: readonly (readonly [language: string, code: string, by: string])[] = [
  ['TypeScript', "await client.getBooleanValue('new-checkout', false, context)", 'getBooleanValue'],
  [
    'TypeScript over lines',
    "client.getStringDetails<Theme>(\n  'new-checkout',\n  'a',\n)",
    'getStringDetails',
  ],
  ['React', 'const isOn = useBooleanFlagValue("new-checkout", false);', 'useBooleanFlagValue'],
  ['React, generic', "useFlag('new-checkout', false)", 'useFlag'],
  ['React, element', '<FeatureFlag flagKey="new-checkout" defaultValue={false}>', 'flagKey'],
  ['Angular', `<div *booleanFeatureFlag="'new-checkout'; default: false">`, 'booleanFeatureFlag'],
  ['NestJS', "@BooleanFeatureFlag({ flagKey: 'new-checkout', defaultValue: false })", 'flagKey'],
  ['Python', 'client.get_boolean_value("new-checkout", False, context)', 'get_boolean_value'],
  [
    'Python, named',
    'client.get_boolean_value(flag_key="new-checkout", default_value=False)',
    'get_boolean_value',
  ],
  ['Java', 'client.getBooleanValue("new-checkout", false, context);', 'getBooleanValue'],
  ['C#', 'await client.GetBooleanValueAsync("new-checkout", false);', 'GetBooleanValueAsync'],
  ['Go', 'v, err := client.BooleanValue(ctx, "new-checkout", false, evalCtx)', 'BooleanValue'],
  ['Go, short', 'client.Boolean(context.TODO(), "new-checkout", false, evalCtx)', 'Boolean'],
  ['PHP', "$client->getBooleanValue('new-checkout', false);", 'getBooleanValue'],
  [
    'Ruby',
    'client.fetch_boolean_value(flag_key: "new-checkout", default_value: false)',
    'fetch_boolean_value',
  ],
  ['Rust', 'client.get_bool_value("new-checkout", None, None).await', 'get_bool_value'],
  ['in this process', "isFeatureEnabled('new-checkout', { userId: 'u-123' })", 'isFeatureEnabled'],
  ['generated code', 'await flags.newCheckout.value({ targetingKey })', 'newCheckout.value'],
  ['a wrapper of their own', "if (hasFeature('new-checkout')) open();", 'hasFeature'],
  ['OFREP', "fetch(base + '/ofrep/v1/evaluate/flags/new-checkout')", '/ofrep/v1/evaluate/flags'],
  ['a shell', 'curl https://flags.example.com/api/v1/feature-flags/new-checkout -s', '/feature-flags'],
  ['a script', 'flagstaff kill new-checkout --reason fire', 'flagstaff kill'],
];

for (const [language, code, by] of ASKING) {
  test(`code that asks for a flag is known as such: ${language}`, () => {
    assert.equal(found(code), [`asked new-checkout by ${by}`]);
  });
}

test('a name that is asked for and that no flag has is unknown', () => {
  assert.equal(found("client.getBooleanValue('new-chekout', false)"), ['unknown new-chekout']);
  assert.equal(found('client.BooleanValue(ctx, "nope", false)'), ['unknown nope']);
  assert.equal(found('<FeatureFlag flagKey="no.pe">'), ['unknown no.pe']);
  assert.equal(found('GET /ofrep/v1/evaluate/flags/nope HTTP/1.1'), ['unknown nope']);
});

test('what may be anything is no unknown flag', () => {
  const lines = [
    "form.getStringValue('street')",
    'number.intValue("7")',
    "client.getStringValue(THEME, 'blue', context)",
    "hasFeature('nope')",
    'fetch("/api/v1/feature-flags/load/acme")',
    ['client.getBooleanValue(`', '{prefix}-x`, false)'].join('$'),
    "// client.getBooleanValue('gone', false)",
    "# client.get_boolean_value('gone', False)",
  ];
  assert.equal(found(lines.join('\n')), []);
});

test('a key in quotes is less sure than a question, and a mere word less than that', () => {
  assert.equal(found("const CHECKOUT = 'new-checkout';"), ['quoted new-checkout']);
  assert.equal(found('FLAG=new-checkout'), ['named new-checkout']);
  assert.equal(found('see flags/new-checkout.yaml'), ['named new-checkout']);
  assert.equal(found('const { newCheckout } = flags;'), ['named new-checkout']);
  assert.equal(found("// 'new-checkout' comes later"), ['named new-checkout']);
  assert.equal(found('the theme of the day'), [], 'a plain word says nothing');
  assert.equal(found("paint('theme')"), ['quoted theme']);
});

const NAMING: readonly (readonly [what: string, code: string])[] = [
  ['a destructured accessor', 'const { theme } = flags;\nawait theme.value();'],
  ['one of several, over lines', 'const {\n  // the look\n  theme,\n  other,\n} = flags;'],
  ['one that gets another name', 'const { theme: look } = flags;'],
  ['an accessor that is kept', 'const f = flags.theme; f.value();'],
  ['an optional member', 'f(flags?.theme)'],
  ['an import', 'from flags import theme\ntheme.value()'],
  ['a member in PHP', '$f = $flags->theme;'],
  ['a symbol', 'enabled?(:theme)'],
  ['a setting', 'FLAG=theme'],
  ['an entry of YAML', 'flags:\n  - theme\n'],
];

for (const [what, code] of NAMING) {
  test(`a key that is a plain word is named where it may be the flag: ${what}`, () => {
    const named = found(code);
    assert.ok(named.length > 0);
    for (const one of named) assert.match(one, /^(?:named|asked) theme/);
  });
}

test('a name that two projects have for different keys is that of both', () => {
  const both = new Map([['newCheckout', new Set(['new-checkout', 'newCheckout'])]]);
  const places = (text: string) =>
    findKeys(text, { catalogue: { ...catalogue, keysByName: both }, patterns: [], isProse: false });
  for (const text of ['flags.newCheckout.value()', 'const { newCheckout } = flags'])
    assert.equal(
      places(text).map(({ key }) => key),
      ['new-checkout', 'newCheckout'],
    );
});

test('a key with a dot is found among dots, and is no other key', () => {
  assert.equal(found("get('search.page')"), ['quoted search.page']);
  assert.equal(found('search.page=1'), ['named search.page']);
  assert.equal(found("'search.page.size' 'new-checkout-2' 'my-new-checkout'"), []);
});

test('what a text tells people is not run', () => {
  assert.equal(
    found("Call `getBooleanValue('new-checkout', false)` or `getBooleanValue('nope', false)`", true),
    ['named new-checkout'],
  );
});

test('places are those of the key', () => {
  const text = "a('b');\nclient.getBooleanValue('new-checkout', false); '.newCheckout.value(')";
  const offsets = findKeys(text, { catalogue, patterns: [], isProse: false }).map(({ offset }) => offset);
  assert.equal(offsets, [text.indexOf('new-checkout'), text.indexOf('newCheckout')]);
});

test.run();
