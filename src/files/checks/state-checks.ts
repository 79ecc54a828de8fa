import type { CompiledProject } from '../../evaluation/compiled.js';
import type { ConfigFile } from '../../model/config.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { Finding } from '../parsed.js';
import { judgeFullyOn } from './fully-on.js';
import { judgeOwners, nameJudge } from './house-rules.js';
import { levelOf } from './levels.js';
import { judgeUntested } from './untested.js';

/** What the checks of a version, without a look at what was before, go by. */
export interface StateChecking {
  readonly config: ConfigFile;
  /** When the answers of flags last changed, by path, in epoch milliseconds; undefined where no age is judged. */
  readonly lastChanges: ReadonlyMap<string, number> | undefined;
  /** The files of flags and segments that are judged. */
  readonly isWanted: (path: string) => boolean;
  /** The compiled form of a project, where it is there; undefined makes it where it is needed. */
  readonly compiled: ((project: ProjectSnapshot) => CompiledProject | undefined) | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}

/** What the checks beyond `load` say of one project as it stands; levels are not applied, but `off` costs nothing. */
export function judgeProjectState(checking: StateChecking, project: ProjectSnapshot): Finding[] {
  const { config, isWanted, lastChanges, now } = checking;
  const { owner, names } = config.policy ?? {};
  const flags = [...project.flags.values()].filter(({ path }) => isWanted(path));
  const segments = [...project.segments.values()].filter(({ path }) => isWanted(path));
  const judge = names && nameJudge(names);
  return [
    ...(owner === undefined ? [] : judgeOwners(owner, flags)),
    ...(judge === undefined ? [] : [...flags.flatMap(judge.flag), ...segments.flatMap(judge.segment)]),
    ...(isOff(config, 'UNTESTED') ? [] : judgeUntested({ project, flags, compiled: checking.compiled, now })),
    ...(lastChanges === undefined || isOff(config, 'FULLY_ON')
      ? []
      : judgeFullyOn({ config, now }, { project, flags }, lastChanges)),
  ];
}

function isOff(config: ConfigFile, code: 'UNTESTED' | 'FULLY_ON'): boolean {
  return levelOf(config, code) === 'off';
}
