import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeCode } from '../../src/files/checks/codes.js';
import { temporaryFolder } from '../support/git.js';
import { flagsRepository, run } from './run.js';

const BROKEN = 'flags/acme/web-app/flags/bröken flag.yaml';
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const EXPIRED = 'flags/acme/web-app/flags/expired.yaml';
const FAILING = `- name: "it says <b>&\\u0001\\" and more"
  context: { targetingKey: u-1, country: DE }
  expect: { variant: off }
- name: everybody has it in development
  environment: development
  expect: { variant: on }
`;

/** A warning, and an error in a file whose name is no key. */
function flawed(): string {
  return flagsRepository({
    [BROKEN]: 'environments: {}\n',
    [EXPIRED]: 'environments:\n  production: { enabled: true }\nexpires: 2020-01-01\n',
  });
}

interface JunitCase {
  readonly name: string;
  readonly file: string;
  readonly failure?: { readonly type: string; readonly message: string; readonly '#text': string };
}
interface JunitSuite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly testcase: readonly JunitCase[];
}

function readJunit(xml: string): readonly JunitSuite[] {
  assert.is(XMLValidator.validate(xml), true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  return parser.parse(xml).testsuites.testsuite;
}

test('--format sarif: SARIF 2.1.0 with a rule for each code, its help, and places relative to the checkout', async () => {
  const folder = flawed();
  const env = { GITHUB_WORKSPACE: path.dirname(folder) };
  const { code, out } = await run(['validate', '--format', 'sarif'], { cwd: folder, env });
  assert.is(code, 1);
  const { version, runs } = JSON.parse(out);
  const [{ tool, results }] = runs;
  assert.is(version, '2.1.0');
  const rules = tool.driver.rules.map((rule: { readonly id: string }) => rule.id);
  assert.equal(rules, ['EXPIRED', 'INVALID_KEY']);
  const levels = tool.driver.rules.map(
    (rule: { readonly defaultConfiguration: object }) => rule.defaultConfiguration,
  );
  assert.equal(levels, [{ level: 'warning' }, { level: 'error' }]);
  assert.is(tool.driver.rules[1].shortDescription.text, describeCode('INVALID_KEY').summary);
  assert.match(tool.driver.rules[1].help.markdown, describeCode('INVALID_KEY').fix);
  const [broken, expired] = results;
  const { artifactLocation, region } = broken.locations[0].physicalLocation;
  assert.is(
    artifactLocation.uri,
    `${path.basename(folder)}/flags/acme/web-app/flags/br%C3%B6ken%20flag.yaml`,
  );
  assert.equal([broken.ruleId, broken.ruleIndex, broken.level], ['INVALID_KEY', 1, 'error']);
  assert.equal(
    [expired.level, expired.locations[0].physicalLocation.region],
    ['warning', { startLine: 3, startColumn: 10 }],
  );
  assert.is(region.startLine, 1);
});

test('an alert of SARIF stays the same when its line moves', async () => {
  const print = async (text: string) => {
    const { out } = await run(['validate', '--format', 'sarif'], {
      cwd: flagsRepository({ [EXPIRED]: text }),
    });
    return JSON.parse(out).runs[0].results[0].partialFingerprints;
  };
  const text = 'environments: {}\nexpires: 2020-01-01\n';
  assert.equal(await print(text), await print(`# moved\n\n${text}`));
});

test('--format junit of validate: a suite for each file, a failure for each error, warnings only under --strict', async () => {
  const folder = flawed();
  const { code, out } = await run(['validate', '--format', 'junit'], { cwd: folder });
  assert.is(code, 1);
  const suites = readJunit(out);
  const failed = suites.filter(({ failures }) => failures !== '0').map(({ name }) => name);
  assert.equal(failed, [BROKEN]);
  assert.ok(suites.some(({ name, testcase }) => name === TESTS && testcase[0]?.name === 'is valid'));
  const strict = await run(['validate', '--format', 'junit', '--strict'], { cwd: folder });
  const names = readJunit(strict.out).filter(({ failures }) => failures !== '0');
  assert.equal(names.map(({ name }) => name).sort(), [BROKEN, EXPIRED].sort());
});

test('--format junit of test: a suite for each flag, whatever its cases are called', async () => {
  const { code, out } = await run(['test', '--format', 'junit'], {
    cwd: flagsRepository({ [TESTS]: FAILING }),
  });
  assert.is(code, 1);
  const [suite, ...others] = readJunit(out);
  assert.is(others.length, 0);
  assert.equal([suite?.name, suite?.tests, suite?.failures], ['acme/web-app/dark-mode', '2', '1']);
  const [failed, passed] = suite?.testcase ?? [];
  assert.is(failed?.name, 'it says <b>&\ufffd" and more (production)');
  assert.equal([failed?.file, failed?.failure?.type], [TESTS, 'TEST_FAILED']);
  assert.is(failed?.failure?.message, 'variant: expected "off", got "on"');
  assert.is(passed?.failure, undefined);
});

test('--format sarif of test: a failing case is a result of the rule TEST_FAILED', async () => {
  const { out } = await run(['test', '--format', 'sarif'], { cwd: flagsRepository({ [TESTS]: FAILING }) });
  const [{ tool, results }] = JSON.parse(out).runs;
  assert.equal(
    [tool.driver.rules[0].id, results.length, results[0].ruleId],
    ['TEST_FAILED', 1, 'TEST_FAILED'],
  );
});

test('what keeps cases from running is told in every format of test', async () => {
  const cwd = flagsRepository({ [BROKEN]: 'environments: {}\n' });
  const { code, out } = await run(['test', '--format', 'sarif'], { cwd });
  const [{ tool, results }] = JSON.parse(out).runs;
  assert.is(code, 1);
  assert.equal([tool.driver.rules[0].id, results[0].ruleId], ['INVALID_KEY', 'INVALID_KEY']);
  const github = await run(['test', '--format', 'github'], { cwd });
  assert.match(github.out, `::error file=${BROKEN},line=1,col=1,title=INVALID_KEY::`);
  assert.match(github.out, /^2 passed, 0 failed, 1 error in files$/m);
});

test('--json is --format json, and contradicts another one', async () => {
  const cwd = flagsRepository();
  for (const command of ['validate', 'test']) {
    const [short, long] = [
      await run([command, '--json'], { cwd }),
      await run([command, '--format', 'json'], { cwd }),
    ];
    assert.equal(short, long);
    assert.ok(JSON.parse(short.out));
  }
  assert.is((await run(['validate', '--json', '--format', 'sarif'], { cwd })).code, 2);
});

test('--output takes the report whole, prints the summary, and leaves nothing else behind', async () => {
  const [folder, cwd] = [flawed(), temporaryFolder()];
  const words = ['--repo', folder, '--format', 'sarif', '--output', 'flags.sarif'];
  const { code, out } = await run(['validate', ...words], { cwd });
  assert.is(code, 1);
  assert.is(out, '6 files checked: 1 error, 1 warning; the report is in flags.sarif');
  assert.is(JSON.parse(readFileSync(path.join(cwd, 'flags.sarif'), 'utf8')).runs.length, 1);
  assert.equal(readdirSync(cwd), ['flags.sarif']);
  const nowhere = await run(['test', '--repo', folder, '--output', 'no/such/folder'], { cwd });
  assert.is(nowhere.code, 2);
  assert.match(nowhere.err, /^flagstaff: no\/such\/folder: the folder no\/such is not there$/m);
  const taken = await run(['test', '--repo', folder, '--output', '.'], { cwd });
  assert.is(taken.code, 2);
  assert.match(taken.err, /^flagstaff: \.: is a folder$/m);
  assert.equal(readdirSync(cwd), ['flags.sarif']);
  const github = await run(['validate', '--repo', folder, '--format', 'github', '--output', 'x'], { cwd });
  assert.is(github.code, 2);
  assert.not.ok(existsSync(path.join(cwd, 'x')));
});

test('--coverage names the places that no case reaches, in text and as data', async () => {
  const cwd = flagsRepository({ [EXPIRED]: 'environments:\n  production: { enabled: true }\n' });
  const { code, out } = await run(['test', '--coverage'], { cwd });
  assert.is(code, 0);
  const lines = out.split('\n');
  assert.ok(
    lines.includes(`${EXPIRED}:2:3: acme/web-app/expired: serve in production: no case reaches it`),
    out,
  );
  assert.match(lines.at(-1) ?? '', /^2 passed, 0 failed; 2 of 5 places of 2 flags tested \(40 %\)$/);
  const { coverage } = JSON.parse((await run(['test', '--coverage', '--json'], { cwd })).out);
  assert.equal([coverage.places, coverage.tested, coverage.flags.length], [5, 2, 2]);
});

/** What GitHub's runner finds in a line by a problem matcher. */
function matched(owner: string, line: string): Readonly<Record<string, string | undefined>> | undefined {
  const { problemMatcher } = JSON.parse(readFileSync('.github/flagstaff-matcher.json', 'utf8'));
  const matcher = problemMatcher.find((one: { readonly owner: string }) => one.owner === owner);
  const { regexp, ...groups } = matcher.pattern[0];
  const found = new RegExp(regexp).exec(line);
  if (found === null) return undefined;
  return Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, found[Number(group)]]));
}

test('the problem matcher reads what validate and test print, and nothing else', async () => {
  const validated = (await run(['validate'], { cwd: flawed() })).out.split('\n');
  const problems = validated.map((line) => matched('flagstaff-validate', line));
  const [error, warning, summary] = problems;
  assert.equal([error?.file, error?.severity, error?.code], [BROKEN, 'error', 'INVALID_KEY']);
  assert.equal([warning?.file, warning?.line, warning?.column], [EXPIRED, '3', '10']);
  assert.is(summary, undefined);
  const tested = (await run(['test'], { cwd: flagsRepository({ [TESTS]: FAILING }) })).out.split('\n');
  const cases = tested.map((line) => matched('flagstaff-test', line));
  assert.equal([cases[0]?.file, cases[0]?.line], [TESTS, '1']);
  assert.equal(
    cases.slice(1),
    cases.slice(1).map(() => undefined),
  );
});

test.run();
