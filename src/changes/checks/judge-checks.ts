import type { CompiledProject } from '../../evaluation/compiled.js';
import { withLevels } from '../../files/checks/levels.js';
import { judgeProjectState } from '../../files/checks/state-checks.js';
import type { Finding } from '../../files/parsed.js';
import { mostTellingByPath } from '../../files/telling.js';
import type { ConfigFile } from '../../model/config.js';
import type { Problem } from '../../model/problem.js';
import type { OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import { judgeProjectChange } from './change-checks.js';

/** What is to be checked, beyond what `load` says of it. */
export interface ChecksInput {
  /** The settings of the repository: levels and policy. */
  readonly config: ConfigFile;
  readonly orgs: readonly OrgSnapshot[];
  /** What `load` says, of which the levels are applied; none where it is left out. */
  readonly problems?: readonly Problem[];
  /** The organizations before the change; left out, no change is judged. Equal blobs are taken for unchanged. */
  readonly before?: readonly OrgSnapshot[];
  /**
   * When the answers of flags last changed, as `judgeFullyOn` wants it: of those that `flagsFullyOn` names. Left out,
   * no age is judged.
   */
  readonly lastChanges?: ReadonlyMap<string, number>;
  /** True for the path of a flag whose file is there although the flag is in none of `orgs`: it is broken, not gone. */
  readonly isThere?: (path: string) => boolean;
  /** Only what would be filed under these paths is looked for; all where it is left out. */
  readonly isWanted?: (path: string) => boolean;
  /** The compiled form of a project of `orgs`, where the caller has it; it is made where it is needed else. */
  readonly compiled?: (project: ProjectSnapshot) => CompiledProject | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}

/** What the checks say, with the levels applied: a severity `error` stops a merge, `off` is left out. */
export interface Checked {
  /** Those of `load`, as the settings have them. */
  readonly problems: readonly Problem[];
  /** What else was found; `locateFindings` of files/locate.ts gives the lines. */
  readonly findings: readonly Finding[];
}

/** Judges what a repository may think about as it likes. Pure. */
export function judgeChecks(input: ChecksInput): Checked {
  const { config, orgs, problems = [], before, isWanted = () => true } = input;
  const { isThere = () => false } = input;
  const { lastChanges, compiled, now } = input;
  const checking = { config, isWanted, isThere, lastChanges, compiled, now };
  const known = new Map(before?.map((org) => [org.key, org]));
  const findings = orgs.flatMap((org) =>
    [...org.projects.values()].flatMap((project) => {
      const state = judgeProjectState(checking, project);
      if (before === undefined) return state;
      const old = known.get(org.key)?.projects.get(project.key);
      return [...state, ...judgeProjectChange(checking, old, project)];
    }),
  );
  return {
    problems: withLevels(config, problems),
    findings: mostTellingByPath(withLevels(config, findings)),
  };
}
