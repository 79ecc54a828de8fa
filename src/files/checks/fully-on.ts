import { endOfDay } from '../../evaluation/check.js';
import type { ConfigFile } from '../../model/config.js';
import { environmentState, offVariant } from '../../model/flag.js';
import type { Flag, OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import { warningAt } from '../issue.js';
import type { Finding } from '../parsed.js';
import { toFindings } from '../settle.js';
import { constantSince, constantVariant } from './constant-flag.js';

/** So long a flag may give everybody the same before it is reported, in days, where the policy does not say. */
const FULLY_ON_DAYS = 30;
const DAY_MS = 86_400_000;

/** How long a flag may give everybody the same before it is reported, in days. */
export function fullyOnDays({ policy }: ConfigFile): number {
  return policy?.fullyOnDays ?? FULLY_ON_DAYS;
}

/** A flag, and where it is. */
export interface FlagOfProject {
  readonly project: ProjectSnapshot;
  readonly flag: Flag;
}

/** The flags that give everybody the same variant now; since when they do is what `judgeFullyOn` needs. */
export function flagsFullyOn(orgs: readonly OrgSnapshot[], now: number): readonly FlagOfProject[] {
  const projects = orgs.flatMap((org) => [...org.projects.values()]);
  return projects.flatMap((project) =>
    [...project.flags.values()]
      .filter((flag) => fullyOn(flag, project, now) !== undefined)
      .map((flag) => ({ project, flag })),
  );
}

/**
 * Flags that have given everybody the same variant for longer than the policy allows. One that has its day of removal
 * before it has been thought about. `lastChanges` has, by the flag's path, a moment since which its files have given the
 * same answers, in epoch milliseconds; a flag that it does not have has no known age.
 */
export function judgeFullyOn(
  { config, now }: { readonly config: ConfigFile; readonly now: number },
  { project, flags }: { readonly project: ProjectSnapshot; readonly flags: readonly Flag[] },
  lastChanges: ReadonlyMap<string, number>,
): Finding[] {
  const days = fullyOnDays(config);
  return flags.flatMap((flag) => {
    const variant = fullyOn(flag, project, now);
    const changed = lastChanges.get(flag.path);
    if (variant === undefined || changed === undefined) return [];
    const since = constantSince({ flag, variant, changed, now });
    if (now - since <= days * DAY_MS) return [];
    const day = new Date(since).toISOString().slice(0, 10);
    const sentence = `everybody in every environment has got ${variant} since ${day} at the latest, for more than ${days} days`;
    return toFindings(flag.path, [warningAt(['environments'], 'FULLY_ON', sentence)]);
  });
}

/** The variant that everybody gets, where it is not the off variant. */
function fullyOn(flag: Flag, project: ProjectSnapshot, now: number): string | undefined {
  const variant = constantVariant(flag, project, now);
  if (variant === undefined || isPlanned(flag, now)) return undefined;
  const isOff = project.environments.some(
    (environment) => offVariant(flag.file, environmentState(flag.file, environment)) === variant,
  );
  return isOff ? undefined : variant;
}

function isPlanned({ file: { expires } }: Flag, now: number): boolean {
  const end = expires === undefined ? undefined : endOfDay(expires);
  return end !== undefined && end > now;
}
