import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { judgeChecks } from '../../src/changes/checks/judge-checks.js';
import { runAllCases } from '../../src/cli/test/run-all.js';
import { problemsSince } from '../../src/cli/validate/judge-since.js';
import { newProblems } from '../../src/files/checks/new-problems.js';
import { judgePolicyEnvironments } from '../../src/files/checks/policy-environments.js';
import { CONFIG_PATH, judgeConfig } from '../../src/files/config.js';
import { loadNow } from '../../src/files/load.js';
import { locateFindings } from '../../src/files/locate.js';
import { parseFile } from '../../src/files/parse.js';
import type { ConfigFile } from '../../src/model/config.js';
import type { Problem } from '../../src/model/problem.js';
import type { OrgSnapshot } from '../../src/model/snapshot.js';
import { kindAt, type UnreadFile } from '../../src/repository/listing.js';
import { loadSince } from '../../src/repository/since/since.js';
import type { TreeVersion, TreeVersions } from '../../src/repository/since/tree-versions.js';
import { ACME, NOW, sourcesOf, type Texts } from '../files/org-files.js';
import { afterStep, randomStart, randomStep, type Step } from '../files/random-org.js';

/** What a repository holds: the settings, and one organization. */
interface Repository {
  readonly config: string;
  readonly texts: Texts;
}

const CONFIGS = [
  '',
  'defaultOrg: acme\n',
  'checks: { UNTESTED: warning, UNUSED_SEGMENT: error }\n',
  'policy: { owner: { environments: [staging] }, ramp: { points: 5 }, names: { flags: "^[a-c]$" } }\n',
  'checks: 1\n',
];

/** Two versions of a repository: mostly the same settings, and files that people have changed, moved and broken. */
export const randomChange = fc.record({
  start: randomStart,
  steps: fc.array(randomStep, { minLength: 1, maxLength: 3 }),
  before: fc.constantFrom(...CONFIGS.slice(0, 4)),
  after: fc.option(fc.constantFrom(...CONFIGS), { nil: undefined, freq: 6 }),
});

interface RandomChange {
  readonly start: Texts;
  readonly steps: readonly Step[];
  readonly before: string;
  readonly after: string | undefined;
}

/** What is new since a version is what a full look at both would tell as new; in problems and in cases that fail. */
export async function proveSince({ start, steps, before, after = before }: RandomChange): Promise<void> {
  const old: Repository = { config: before, texts: start };
  const now: Repository = { config: after, texts: steps.reduce(afterStep, start) };
  const versions = versionsOf(old, now);
  const since = await loadSince(versions, NOW);
  const [fullBefore, fullAfter] = [fullOf(old, undefined), fullOf(now, fullOf(old, undefined).orgs)];
  assert.equal(
    namesOf(problemsSince(since, NOW).problems),
    namesOf(newProblems(fullBefore.problems, fullAfter.problems)),
  );
  const isWanted = (path: string): boolean => since.reached.has(path);
  const [some, known] = [failing({ ...since.after, isWanted }), failing({ ...since.before, isWanted })];
  const [all, knownOfAll] = [failing(fullAfter), failing(fullBefore)];
  assert.equal(
    some.filter((name) => !known.includes(name)),
    all.filter((name) => !knownOfAll.includes(name)),
  );
}

function namesOf(problems: readonly Problem[]): readonly string[] {
  return problems
    .map(({ path, line, column, severity, code }) => `${path}:${line}:${column} ${severity} ${code}`)
    .sort();
}

function failing(
  input: Pick<Parameters<typeof runAllCases>[0], 'orgs' | 'textOf' | 'isWanted'>,
): readonly string[] {
  return runAllCases({ ...input, now: NOW })
    .filter(({ result }) => !result.passed)
    .map(({ flag, result }) => `${flag} ${JSON.stringify(result.test)}`);
}

interface Full {
  readonly config: ConfigFile;
  readonly orgs: readonly OrgSnapshot[];
  readonly problems: readonly Problem[];
  readonly textOf: (path: string) => string | undefined;
}

/** Everything, as `validate` judges a work tree. */
function fullOf({ config: text, texts }: Repository, before: readonly OrgSnapshot[] | undefined): Full {
  const files: Readonly<Record<string, string>> = { ...wholePaths(texts), [CONFIG_PATH]: text };
  const textOf = (path: string): string | undefined => files[path];
  const { value: config = {}, problems } = parseFile('config', Buffer.from(text));
  const loaded = loadNow({ org: ACME, files: sourcesOf(texts), previous: undefined, now: NOW });
  const orgs = loaded.snapshot === undefined ? [] : [loaded.snapshot];
  const told = [
    ...problems.map((problem) => ({ path: CONFIG_PATH, ...problem })),
    ...loaded.problems,
    ...locateFindings(
      [...loaded.findings, ...judgeConfig(config, [ACME]), ...judgePolicyEnvironments(config, orgs)],
      textOf,
    ),
  ];
  const judged = judgeChecks({ config, orgs, problems: told, now: NOW, ...(before && { before }) });
  return { config, orgs, textOf, problems: [...judged.problems, ...locateFindings(judged.findings, textOf)] };
}

function wholePaths(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [`flags/acme/${path}`, text]));
}

function versionsOf(old: Repository, now: Repository): TreeVersions {
  const [before, after] = [versionOf(old), versionOf(now)];
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  const isChanged = (path: string) => before.files.get(path)?.blob !== after.files.get(path)?.blob;
  return { before, after, changed: new Set([...paths].filter(isChanged)) };
}

function versionOf({ config, texts }: Repository): TreeVersion {
  const all: Texts = { ...wholePaths(texts), [CONFIG_PATH]: config };
  const files = new Map(Object.entries(all).map(([path, text]) => [path, fileOf(path, text)]));
  const bytesOf = (path: string) => (all[path] === undefined ? undefined : Buffer.from(all[path]));
  return {
    files,
    orgs: new Map([[ACME, 'one']]),
    strays: [],
    bytesOf,
    parse: (path) => {
      const [kind, bytes] = [files.get(path)?.kind, bytesOf(path)];
      return kind && bytes && parseFile(kind, bytes);
    },
  };
}

function fileOf(path: string, text: string): UnreadFile {
  const blob = createHash('sha1').update(text).digest('hex');
  return { path, blob, mode: 'file', kind: kindAt(path) };
}
