import { endOfDay } from '../../evaluation/check.js';
import type { ConfigFile } from '../../model/config.js';
import { environmentState, offVariant } from '../../model/flag.js';
import type { Flag, OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import { warningAt } from '../issue.js';
import type { Finding } from '../parsed.js';
import { pathOf } from '../paths.js';
import { toFindings } from '../settle.js';
import { constantVariant } from './constant-flag.js';

/** So long a flag may give everybody the same before it is reported, in days, where the policy does not say. */
const FULLY_ON_DAYS = 30;
const DAY_MS = 86_400_000;

/** The files whose last change tells since when a flag has been fully on; their ages are what `judgeFullyOn` needs. */
export function filesFullyOn(orgs: readonly OrgSnapshot[], now: number): readonly string[] {
  const projects = orgs.flatMap((org) => [...org.projects.values()]);
  return projects.flatMap((project) =>
    [...project.flags.values()]
      .filter((flag) => fullyOn(flag, project, now) !== undefined)
      .flatMap((flag) => filesOf(project, flag)),
  );
}

/**
 * Flags that have given everybody the same variant for longer than the policy allows. One that has its day of removal
 * before it has been thought about. `lastChanges` has epoch milliseconds by path; what it does not have has no known age.
 */
export function judgeFullyOn(
  { config, now }: { readonly config: ConfigFile; readonly now: number },
  { project, flags }: { readonly project: ProjectSnapshot; readonly flags: readonly Flag[] },
  lastChanges: ReadonlyMap<string, number>,
): Finding[] {
  const days = config.policy?.fullyOnDays ?? FULLY_ON_DAYS;
  return flags.flatMap((flag) => {
    const variant = fullyOn(flag, project, now);
    const since = variant === undefined ? undefined : lastChange(project, flag, lastChanges);
    if (since === undefined || now - since <= days * DAY_MS) return [];
    const day = new Date(since).toISOString().slice(0, 10);
    const sentence = `everybody in every environment has got ${variant} since ${day}, for more than ${days} days`;
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

function lastChange(
  project: ProjectSnapshot,
  flag: Flag,
  lastChanges: ReadonlyMap<string, number>,
): number | undefined {
  const times = filesOf(project, flag).map((path) => lastChanges.get(path));
  const known = times.filter((time) => time !== undefined);
  return known.length < times.length ? undefined : Math.max(...known);
}

function filesOf({ org, key: project }: ProjectSnapshot, { key, path, overrides }: Flag): readonly string[] {
  return overrides.length === 0 ? [path] : [path, pathOf({ kind: 'overrides', org, project, key })];
}
