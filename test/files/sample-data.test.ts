import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import { runTests } from '../../src/evaluation/run-tests.js';
import { judgeOrgs, loadNow } from '../../src/files/load.js';
import type { LoadedOrg, SourceFile } from '../../src/files/loaded.js';
import { parseFile } from '../../src/files/parse.js';
import { placeOf } from '../../src/files/paths.js';
import { flagType } from '../../src/model/flag.js';
import { parseOrgKey } from '../../src/model/keys.js';
import type { OrgSnapshot } from '../../src/model/snapshot.js';

const test = suite('sample data');
const ROOT = new URL('../..', import.meta.url).pathname;
/** The sample's days lie after it. */
const NOW = Date.parse('2026-06-01T00:00:00Z');

const acme = loadSample('acme');
const globex = loadSample('globex');

test('nothing is wrong with it, not even a warning', () => {
  for (const { problems, findings, missing } of [acme, globex]) {
    assert.equal([...problems, ...findings, ...missing], []);
  }
  assert.equal(judgeOrgs([snapshotOf(acme), snapshotOf(globex)]), []);
});

test('it shows all four types of flags in two organizations, one of them with two projects', () => {
  const projects = [acme, globex].flatMap((loaded) => [...snapshotOf(loaded).projects.values()]);
  const types = projects.flatMap(({ flags }) => [...flags.values()].map(({ file }) => flagType(file)));
  assert.equal([...new Set(types)].sort(), ['boolean', 'number', 'object', 'string']);
  assert.ok(snapshotOf(acme).projects.size >= 2);
});

test('it holds the flags of the seeds (000, 002)', () => {
  const { id, defaultProject, projects } = snapshotOf(acme);
  assert.is(id, 'org_01J4K8M2N3P5Q7R9');
  const flags = [...projects.values()].find(({ key }) => key === defaultProject)?.flags ?? new Map();
  const byKey = new Map([...flags.values()].map((flag) => [flag.key as string, flag]));
  assert.is(byKey.size, 12);
  assert.is(byKey.get('peer_review_beta')?.id, 'flg_01J4K8M2N3P5Q7F1');
  assert.is(byKey.get('peer_review_beta')?.file.environments.production?.enabled, true);
  assert.is(byKey.get('analytics_dashboard')?.id, 'flg_01J4K8M2N3P5Q7F2');
  assert.is(byKey.get('analytics_dashboard')?.file.environments.production?.enabled, false);
  assert.equal(byKey.get('feedback_widget')?.file.environments.production?.segments, ['beta-testers']);
  assert.ok(byKey.has('dark-mode'));
});

test('each of its tests passes, and there are some', () => {
  const results = [acme, globex].flatMap((loaded) =>
    [...snapshotOf(loaded).projects.values()].flatMap((project) => {
      const compiled = compileNow(project);
      return [...project.flags.values()].flatMap((flag) => runTests(compiled, flag, NOW));
    }),
  );
  assert.ok(results.length >= 8);
  assert.equal(
    results.filter(({ passed }) => !passed),
    [],
  );
});

test('each file names the schema that an editor checks it with', () => {
  for (const path of samplePaths()) {
    const [, schema = ''] =
      /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
    const found = JSON.parse(readFileSync(join(ROOT, path, '..', schema), 'utf8')) as {
      readonly title: string;
    };
    assert.match(found.title, /^Flagstaff /, path);
  }
});

function samplePaths(): string[] {
  return readdirSync(join(ROOT, 'flags'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).split(sep).join('/'))
    .filter((path) => placeOf(path).kind !== 'ignored');
}

function loadSample(key: string): LoadedOrg {
  const org = parseOrgKey(key);
  if (org === undefined) throw new Error(`${key} is no key`);
  const paths = samplePaths().filter((path) => path.startsWith(`flags/${org}/`));
  return loadNow({ org, files: paths.map(sourceOf), previous: undefined, now: NOW });
}

function sourceOf(path: string): SourceFile {
  const bytes = readFileSync(join(ROOT, path));
  const meaning = placeOf(path);
  const parsed = meaning.kind === 'file' ? parseFile(meaning.place.kind, bytes) : undefined;
  return { path, blob: createHash('sha1').update(bytes).digest('hex'), mode: 'file', parsed };
}

function snapshotOf({ snapshot }: LoadedOrg): OrgSnapshot {
  if (snapshot === undefined) throw new Error('nothing was loaded');
  return snapshot;
}

test.run();
