import { applyChanges } from '../../src/changes/apply.js';
import type { BaseFiles } from '../../src/changes/base-files.js';
import type { Change } from '../../src/changes/change.js';
import type { Failure } from '../../src/model/failure.js';
import { failureOf, NOW, org } from './drafted.js';

const ROOT = 'flags/acme/';

/** Texts by their path below the organization; null for a file that goes. */
export type OrgTexts = Readonly<Record<string, string | null>>;

/** An organization of these files; every project that has a file of its own is served. */
export function orgOf(files: Readonly<Record<string, string>>, hasSchemas = false): BaseFiles {
  const all = new Map(Object.entries(files).map(([name, text]) => [ROOT + name, text]));
  return {
    paths: new Set(all.keys()),
    readText: (path) => all.get(path),
    readLastGood: () => undefined,
    filesNaming: (_, environment) =>
      [...all].flatMap(([path, text]) => (text.includes(environment) ? [path] : [])),
    environmentsOf: (key) =>
      all.has(`${ROOT}${key}/project.yaml`) ? ['development', 'production'] : undefined,
    hasSchemas,
  };
}

/** The texts afterwards of the files that are others then. */
export function orgTexts(base: BaseFiles, ...changes: readonly Change[]): OrgTexts {
  const { edits } = applyChanges(changes, base, { org, now: NOW });
  return Object.fromEntries(edits.map(({ path, text }) => [path.slice(ROOT.length), text]));
}

/** The changes that do something, as they are told. */
export function effective(base: BaseFiles, ...changes: readonly Change[]): readonly Change[] {
  return applyChanges(changes, base, { org, now: NOW }).effective;
}

/** The failure that the changes meet. */
export function orgFailure(base: BaseFiles, ...changes: readonly Change[]): Failure {
  return failureOf(() => applyChanges(changes, base, { org, now: NOW }));
}
