import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsRepository, run, writeFiles } from './run.js';

const FLAGS = 'flags/acme/web-app/flags';

const DEFINITIONS = JSON.stringify({
  flags: {
    'new-checkout': {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: {
        if: [
          { in: [{ var: 'plan' }, ['pro']] },
          'on',
          {
            fractional: [
              ['on', 20],
              ['off', 80],
            ],
          },
        ],
      },
    },
    night: {
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: { if: [{ '>': [{ var: '$flagd.timestamp' }, 1] }, 'on'] },
    },
  },
});

const WORDS = ['import', '--from', 'flagd', 'flags.json'];

function repository(): string {
  const cwd = flagsRepository();
  writeFiles(cwd, { 'flags.json': DEFINITIONS });
  return cwd;
}

test('import writes what is carried, names what is not, and ends with 1 where a flag was left out', async () => {
  const cwd = repository();
  const { code, out, err } = await run(WORDS, { cwd });
  assert.is(code, 1);
  assert.is(err, '');
  assert.match(out, 'night: left out: $flagd.timestamp: no rule here reads the clock\n');
  assert.match(out, 'project.yaml does not declare: plan: string\nwrote 1 file in flags/acme/web-app\n');
  assert.ok(out.endsWith('1 of 2 flags of flagd is carried; notes: 1 left out, 2 assumed'), out);
  assert.is(
    readFileSync(path.join(cwd, FLAGS, 'new-checkout.yaml'), 'utf8'),
    `environments:
  production:
    enabled: true
    rules:
      - id: rule-1
        when:
          - { attribute: plan, in: [pro] }
    serve: { "on": 20, "off": 80 }
`,
  );
  assert.not.ok(existsSync(path.join(cwd, FLAGS, 'night.yaml')));
  assert.is((await run(['validate'], { cwd })).code, 0);
});

test('import never writes over a file that is there, unless it is told to', async () => {
  const cwd = repository();
  const file = `${FLAGS}/new-checkout.yaml`;
  const mine = 'environments: { production: { enabled: false } }\n';
  writeFiles(cwd, { [file]: mine });
  const refused = await run(WORDS, { cwd });
  assert.is(refused.code, 1);
  assert.is(
    refused.err,
    `flagstaff: nothing was written: ${file} is there already; --force writes over them`,
  );
  assert.is(readFileSync(path.join(cwd, file), 'utf8'), mine);
  await run([...WORDS, '--force'], { cwd });
  assert.match(readFileSync(path.join(cwd, file), 'utf8'), 'attribute: plan');
});

test('a dry run writes nothing, and JSON says the same', async () => {
  const cwd = repository();
  const { code, out } = await run([...WORDS, '--dry-run', '--json', '--environment', 'development'], { cwd });
  assert.is(code, 1);
  const { notCarried, ...report } = JSON.parse(out);
  assert.equal(report, {
    from: 'flagd',
    org: 'acme',
    project: 'web-app',
    environments: ['development'],
    dryRun: true,
    found: 2,
    carried: 1,
    files: [`${FLAGS}/new-checkout.yaml`],
    undeclared: { plan: 'string' },
    replaced: [],
  });
  assert.equal(
    notCarried.map(({ effect }: { readonly effect: string }) => effect),
    ['assumed', 'assumed', 'left out'],
  );
  assert.not.ok(existsSync(path.join(cwd, FLAGS, 'new-checkout.yaml')));
});

test('a project that is not there is made, with its environments and attributes; the report is Markdown', async () => {
  const cwd = repository();
  await run([...WORDS, '--project', 'shop', '--environment', 'live', '--report', 'import.md'], { cwd });
  assert.is(
    readFileSync(path.join(cwd, 'flags/acme/shop/project.yaml'), 'utf8'),
    'environments: [live]\nattributes: { plan: string }\n',
  );
  const report = readFileSync(path.join(cwd, 'import.md'), 'utf8');
  assert.match(report, '## Left out: these flags have no file\n\n| flag | because of | why |\n');
  assert.match(report, '| night | $flagd.timestamp | no rule here reads the clock |');
});

test('what the judge of files refuses is left out in its words', async () => {
  const cwd = flagsRepository();
  const strategy = {
    name: 'default',
    constraints: [{ contextName: 'email', operator: 'REGEX', value: '(' }],
  };
  const features = [
    { name: 'broken', enabled: true, strategies: [strategy] },
    { name: 'whole', enabled: true, strategies: [] },
  ];
  writeFiles(cwd, { 'unleash.json': JSON.stringify({ version: 2, features }) });
  const { code, out } = await run(['import', '--from', 'unleash', 'unleash.json'], { cwd });
  assert.is(code, 1);
  assert.match(out, /^broken: left out: INVALID_REGEX: /);
  assert.ok(existsSync(path.join(cwd, FLAGS, 'whole.yaml')));
});

test('an environment that the tool calls otherwise says where it goes; one that nobody knows is wrong use', async () => {
  const cwd = flagsRepository();
  const file = {
    features: [{ name: 'a' }],
    featureStrategies: [],
    featureEnvironments: [{ featureName: 'a', environment: 'prod', enabled: true }],
  };
  writeFiles(cwd, { 'export.json': JSON.stringify(file) });
  const words = ['import', '--from', 'unleash', 'export.json'];
  const unknown = await run(words, { cwd });
  assert.is(unknown.code, 2);
  assert.match(
    unknown.err,
    'no environment is called prod: acme/web-app has development, production; say where',
  );
  const missing = await run([...words, '--environment', 'staging=production'], { cwd });
  assert.is(missing.err, 'flagstaff: --environment: the source has no environment staging');
  const done = await run([...words, '--environment', 'prod=production'], { cwd });
  assert.is(done.code, 0, done.err);
  assert.is(
    readFileSync(path.join(cwd, FLAGS, 'a.yaml'), 'utf8'),
    'environments:\n  production: { enabled: true }\n',
  );
});

test('what cannot be read is wrong use, named with its file', async () => {
  const cwd = flagsRepository();
  writeFiles(cwd, { 'bad.json': '{', 'other.json': '[]' });
  for (const [file, sentence] of [
    ['bad.json', 'bad.json: '],
    ['other.json', 'other.json: no map of flags'],
    ['none.json', 'none.json cannot be read (no such file or directory)'],
  ] as const) {
    const { code, err } = await run(['import', '--from', 'flagd', file], { cwd });
    assert.is(code, 2);
    assert.ok(err.startsWith(`flagstaff: ${sentence}`), err);
  }
});

test('export writes all flags of the environment for flagd', async () => {
  const cwd = repository();
  await run(WORDS, { cwd });
  const words = ['export', '--to', 'flagd', '--output', 'out.json'];
  const written = await run(words, { cwd });
  assert.is(written.code, 0, written.err);
  assert.is(written.out, 'wrote 2 flags to out.json');
  const { flags } = JSON.parse(readFileSync(path.join(cwd, 'out.json'), 'utf8'));
  assert.equal(Object.keys(flags), ['dark-mode', 'new-checkout']);
});

test('export writes nothing where a flag cannot be said in flagd, unless such flags are skipped', async () => {
  const clause = '{ attribute: country, matches: "^D" }';
  const flag = `environments: { production: { enabled: true, rules: [{ id: d, when: [${clause}] }], serve: off } }\n`;
  const cwd = flagsRepository({ [`${FLAGS}/germans.yaml`]: flag });
  const refused = await run(['export', '--to', 'flagd'], { cwd });
  assert.is(refused.code, 1);
  assert.is(refused.out, '');
  assert.match(refused.err, 'germans in production: rule d: matches: flagd has no regular expressions');
  const { code, out } = await run(['export', '--to', 'flagd', '--skip', 'inexpressible'], { cwd });
  assert.is(code, 0);
  assert.equal(Object.keys(JSON.parse(out).flags), ['dark-mode']);
});

test.run();
