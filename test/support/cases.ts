import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import type { FlagFile } from '../../src/model/flag.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey, SegmentKey } from '../../src/model/keys.js';
import type { OverridesFile } from '../../src/model/override.js';
import { defaultEnvironment, environmentKeys, type ProjectFile } from '../../src/model/project.js';
import type { SegmentFile } from '../../src/model/segment.js';
import type { Flag, ProjectSnapshot, Segment } from '../../src/model/snapshot.js';
import type { TestsFile } from '../../src/model/test-case.js';
import type { FlatMetadata, JsonValue } from '../../src/model/values.js';

/**
 * One file of `test/cases/`: a tiny project and what its flags answer. The cases are data, so that the same ones run on
 * the core and again over OFREP on a repository that is written from them: `project` is the project.yaml, each of
 * `flags`, `segments` and `overrides` holds the files of that folder by key, as they stand.
 *
 *     title: an override beats a segment
 *     source: DESIGN 4, step 3
 *     project: { environments: [production] }     # left out: one environment, production
 *     flags: { checkout: { environments: { production: { enabled: true } } } }
 *     segments: { beta: { include: { users: [u-7] } } }
 *     overrides: { checkout: [{ users: [u-7], serve: off }] }
 *     now: 2026-06-15T12:00:00Z                   # left out: that moment. Cases that need another say it here or in the case.
 *     live: false                                 # the answers hang on `now`; true where it is left out
 *     answers: [&yes { … }]                        # optional: answers that cases share by anchor and alias
 *     cases:
 *       - title: the named user gets the variant of the override
 *         flag: checkout
 *         environment: production                 # left out: the default one
 *         context: { targetingKey: u-7 }
 *         expect: { variant: off, value: false, reason: TARGETING_MATCH, metadata: { override: u-7 } }
 *
 * `expect` is the whole answer: `variant` and `value` are there together; an answer without them is `kind: default`, and
 * `kind: missing` is an unknown flag. `metadata` left out is `{}`. `live: false` marks files whose answers hang on `now`,
 * which a server over HTTP takes from its own clock: they run on the core alone.
 */
export interface CaseFile {
  readonly title: string;
  readonly source: string;
  readonly project?: ProjectFile;
  readonly flags: Readonly<Record<string, FlagFile>>;
  readonly segments?: Readonly<Record<string, SegmentFile>>;
  readonly overrides?: Readonly<Record<string, OverridesFile>>;
  readonly now?: string;
  readonly live?: boolean;
  readonly cases: readonly Case[];
}

/** One caller, and the answer. */
export interface Case {
  readonly title: string;
  readonly flag: string;
  readonly environment?: string;
  readonly context: EvaluationContext;
  readonly now?: string;
  readonly expect: ExpectedAnswer;
}

/** The whole answer. */
export interface ExpectedAnswer {
  /** `value` where it is left out and there is a variant, else `default`. */
  readonly kind?: 'value' | 'default' | 'missing';
  readonly variant?: string;
  readonly value?: JsonValue;
  readonly reason?: string;
  readonly metadata?: FlatMetadata;
}

/** The files of `test/cases/`, by name, in order of the names. */
export function loadCaseFiles(): ReadonlyMap<string, CaseFile> {
  const folder = new URL('../cases/', import.meta.url);
  const names = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.yaml'));
  return new Map(names.sort().map((name) => [name, parse(readFileSync(new URL(name, folder), 'utf8'))]));
}

/** The moment of a case, in epoch milliseconds. */
export function momentOf(file: CaseFile, one: Case): number {
  return Date.parse(one.now ?? file.now ?? '2026-06-15T12:00:00Z');
}

/** The project of a case file, as `load` would make it of the same files. */
export function snapshotOf(file: ProjectParts): ProjectSnapshot {
  const project = file.project ?? { environments: ['production'] };
  const folder = 'flags/acme/web-app';
  return {
    key: 'web-app' as ProjectKey,
    org: 'acme' as OrgKey,
    id: 'prj_1',
    file: project,
    environments: environmentKeys(project) as EnvironmentKey[],
    defaultEnvironment: defaultEnvironment(project) as EnvironmentKey,
    flags: new Map(
      sorted(file.flags).map(([key, flag]) => [
        key as FlagKey,
        flagOf({ key, file: flag, overrides: file.overrides?.[key] ?? [], tests: file.tests?.[key] ?? [] }),
      ]),
    ),
    segments: new Map(
      sorted(file.segments ?? {}).map(([key, segment]): [SegmentKey, Segment] => [
        key as SegmentKey,
        {
          key: key as SegmentKey,
          id: `seg_${key}`,
          path: `${folder}/segments/${key}.yaml`,
          blob: '',
          file: segment,
        },
      ]),
    ),
    apiKeys: [],
  };
}

/** The parts of a project of which a snapshot is made. */
export type ProjectParts = Pick<CaseFile, 'project' | 'flags' | 'segments' | 'overrides'> & {
  readonly tests?: Readonly<Record<string, TestsFile>>;
};

/** One flag of a snapshot. */
export function flagOf(parts: {
  readonly key: string;
  readonly file: FlagFile;
  readonly overrides?: OverridesFile;
  readonly tests?: TestsFile;
  readonly stale?: Flag['stale'];
}): Flag {
  const { key, file, overrides = [], tests = [], stale } = parts;
  const path = `flags/acme/web-app/flags/${key}.yaml`;
  return { key: key as FlagKey, id: `flg_${key}`, path, blob: '', file, overrides, tests, stale };
}

function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
