import { type Applied, applyChanges } from '../../src/changes/apply.js';
import type { BaseFiles } from '../../src/changes/base-files.js';
import type { Change } from '../../src/changes/change.js';
import { fileBroken } from '../../src/files/edit-refusal.js';
import { Failure } from '../../src/model/failure.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey, SegmentKey } from '../../src/model/keys.js';

/** The names that the tests of changes are about. */
export const org = 'acme' as OrgKey;
export const project = 'web-app' as ProjectKey;
export const flag = 'a' as FlagKey;
export const segment = 's' as SegmentKey;
export const production = 'production' as EnvironmentKey;
export const staging = 'staging' as EnvironmentKey;
export const NOW = Date.UTC(2026, 0, 15, 10);

const ROOT = 'flags/acme/web-app';

/** Files by their path below the project; null is what is no text. */
export type Files = Readonly<Record<string, string | null>>;

/** The files of a project with two environments. */
export function baseOf(files: Files, more: Partial<BaseFiles> = {}): BaseFiles {
  const all = new Map(
    Object.entries({ 'project.yaml': 'environments: [staging, production]\n', ...files }).map(
      ([name, text]) => [`${ROOT}/${name}`, text],
    ),
  );
  return {
    paths: new Set(all.keys()),
    readText: (path) => readText(path, all.get(path)),
    readLastGood: () => undefined,
    filesNaming: () => [...all.keys()],
    environmentsOf: () => ['staging', 'production'],
    hasSchemas: false,
    ...more,
  };
}

function readText(path: string, text: string | null | undefined): string | undefined {
  if (text !== null) return text;
  const place = { path, line: 1, column: 1 };
  throw fileBroken([{ ...place, code: 'INVALID_UTF8', severity: 'error', message: 'no text' }]);
}

/** What becomes of the changes, in texts. */
export function apply(base: BaseFiles | Files, ...changes: readonly Change[]): Omit<Applied, 'parsed'> {
  const files = isBase(base) ? base : baseOf(base);
  const { edits, effective } = applyChanges(changes, files, { org, now: NOW });
  return { edits, effective };
}

/** The texts afterwards of the files that are others then, by their path below the project. */
export function texts(base: BaseFiles | Files, ...changes: readonly Change[]): Files {
  const { edits } = apply(base, ...changes);
  return Object.fromEntries(edits.map(({ path, text }) => [path.slice(ROOT.length + 1), text]));
}

/** The code of the failure that the changes meet. */
export function refusal(base: BaseFiles | Files, ...changes: readonly Change[]): string {
  return failureOf(() => apply(base, ...changes)).code;
}

/** The failure that is thrown; anything else that happens is one of the test. */
export function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

function isBase(base: BaseFiles | Files): base is BaseFiles {
  return typeof base.readText === 'function';
}
