import { createHash } from 'node:crypto';
import { load, loadNow } from '../../src/files/load.js';
import type { LoadedOrg, SourceFile } from '../../src/files/loaded.js';
import { locateFindings } from '../../src/files/locate.js';
import { parseFile } from '../../src/files/parse.js';
import type { FileKind, ParsedFile } from '../../src/files/parsed.js';
import { placeOf } from '../../src/files/paths.js';
import { type OrgKey, parseOrgKey } from '../../src/model/keys.js';
import type { Flag, OrgSnapshot, ProjectSnapshot } from '../../src/model/snapshot.js';

/** Texts by their path below `flags/acme/`. */
export type Texts = Readonly<Record<string, string>>;

/** A moment in 2026, for which nothing in the tests is past. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

/** The key of the organization that the tests load. */
export const ACME: OrgKey = orgKey('acme');

/** A project with one environment, in which `texts` stand below `web-app/`. */
export function webApp(texts: Texts): Texts {
  const inProject = Object.entries(texts).map(([path, text]) => [`web-app/${path}`, text]);
  return {
    'web-app/project.yaml': 'environments: [staging, production]\n',
    ...Object.fromEntries(inProject),
  };
}

/** A flag that is on in production, with more lines in that environment. */
export function flagText(lines = ''): string {
  return `environments:\n  production:\n    enabled: true\n${lines}`;
}

/** The files as a commit has them, each parsed as its path says. */
export function sourcesOf(texts: Texts): SourceFile[] {
  return Object.entries(texts).map(([name, text]) => {
    const path = `flags/acme/${name}`;
    const bytes = new TextEncoder().encode(text);
    const meaning = placeOf(path);
    const parsed = meaning.kind === 'file' ? parsedOnce(meaning.place.kind, text, bytes) : undefined;
    const blob = createHash('sha1').update(bytes).digest('hex');
    return { path, blob, mode: 'file', parsed };
  });
}

const known = new Map<string, ParsedFile>();

/** A file that did not change is the same value in two loads, as it is in what is served. */
function parsedOnce(kind: FileKind, text: string, bytes: Uint8Array): ParsedFile {
  const key = `${kind} ${text}`;
  const parsed = known.get(key) ?? parseFile(kind, bytes);
  known.set(key, parsed);
  return parsed;
}

/** Loads texts as the organization acme. */
export function loadTexts(texts: Texts, previous?: OrgSnapshot, now = NOW): LoadedOrg {
  return loadNow({ org: ACME, files: sourcesOf(texts), previous, now });
}

/** The same through the generator, with the number of its yields. */
export function countYields(texts: Texts): number {
  const steps = load({ org: ACME, files: sourcesOf(texts), previous: undefined, now: NOW });
  let count = 0;
  while (!steps.next().done) count += 1;
  return count;
}

/** Everything that is told of texts, as `path:line:column severity CODE`, without `flags/acme/`, sorted. */
export function toldOf(texts: Texts, now = NOW): string[] {
  const { problems, findings } = loadTexts(texts, undefined, now);
  const located = locateFindings(findings, (path) => texts[path.replace('flags/acme/', '')]);
  return [...problems, ...located]
    .map(({ path, line, column, severity, code }) =>
      `${path}:${line}:${column} ${severity} ${code}`.replace('flags/acme/', ''),
    )
    .sort();
}

/** The project `web-app` of a load. */
export function projectOf({ snapshot }: LoadedOrg, key = 'web-app'): ProjectSnapshot {
  const projects: ReadonlyMap<string, ProjectSnapshot> = snapshot?.projects ?? new Map();
  const project = projects.get(key);
  if (project === undefined) throw new Error(`project ${key} is not served`);
  return project;
}

/** A flag of the project `web-app`, or undefined. */
export function flagOf(loaded: LoadedOrg, key: string): Flag | undefined {
  const flags: ReadonlyMap<string, Flag> = projectOf(loaded).flags;
  return flags.get(key);
}

function orgKey(text: string): OrgKey {
  const key = parseOrgKey(text);
  if (key === undefined) throw new Error(`${text} is no key`);
  return key;
}
