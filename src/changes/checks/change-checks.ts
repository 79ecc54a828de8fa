import { levelOf } from '../../files/checks/levels.js';
import type { Finding } from '../../files/parsed.js';
import type { ConfigFile } from '../../model/config.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import { judgeRamp } from './ramp.js';
import { judgeRebucketed, judgeRenamedFlags } from './rebucketed.js';

/** What the checks of a change go by. */
export interface ChangeChecking {
  readonly config: ConfigFile;
  /** The files of flags that are judged. */
  readonly isWanted: (path: string) => boolean;
  /** True for the path of a flag whose file is there, though it is broken. */
  readonly isThere: (path: string) => boolean;
}

/**
 * What the checks say of the change from one version of a project to another; levels are not applied, but `off` costs
 * nothing. `before` is undefined for a new project. Flags whose blobs are equal did not change.
 */
export function judgeProjectChange(
  { config, isWanted, isThere }: ChangeChecking,
  before: ProjectSnapshot | undefined,
  after: ProjectSnapshot,
): Finding[] {
  const ramp = levelOf(config, 'RAMP_TOO_STEEP') === 'off' ? undefined : config.policy?.ramp;
  const isPlaced = levelOf(config, 'REBUCKETED') !== 'off';
  const findings: Finding[] =
    isPlaced && before ? judgeRenamedFlags({ before, after, isWanted, isThere }) : [];
  for (const flag of after.flags.values()) {
    const old = before?.flags.get(flag.key);
    if (old?.blob === flag.blob || !isWanted(flag.path)) continue;
    if (isPlaced && old !== undefined) findings.push(...judgeRebucketed(old, flag));
    if (ramp !== undefined) findings.push(...judgeRamp(ramp, old, flag));
  }
  return findings;
}
