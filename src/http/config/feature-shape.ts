import { parseMoment } from '../../evaluation/moment.js';
import { pathOf } from '../../files/paths.js';
import { environmentState, type FlagStatus, type FlagType } from '../../model/flag.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import { timeOf } from '../../repository/commit-time.js';
import { shownFacts } from '../admin/flags-shape.js';
import { type ShownAttachment, shownAttachments } from './attachments.js';
import type { ConfigOptions } from './default-place.js';
import { allowedNames } from './names.js';

/** A flag in the words of seed 002. */
export interface ShownFeature {
  /** The flag's key. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: FlagType;
  /** Enabled in the default environment and not killed there. */
  readonly isEnabled: boolean;
  readonly status: FlagStatus;
  readonly companyOverrides: readonly string[];
  readonly userOverrides: readonly string[];
  readonly segments: readonly ShownAttachment[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Where a flag is, and the commit as of which its times are told; the one that is served where it is left out. */
export interface FeaturePlace {
  readonly project: ProjectSnapshot;
  readonly environment: EnvironmentKey;
  readonly asOf?: string;
}

/** A flag of this project in this environment. */
export function shownFeature(options: ConfigOptions, flag: Flag, place: FeaturePlace): ShownFeature {
  const { key, file, overrides } = flag;
  const { environment } = place;
  const { name, description, type, status } = shownFacts(key, file);
  const { enabled, killed } = environmentState(file, environment);
  const exceptions = { file, overrides, environment, now: options.now() };
  return {
    id: key,
    name,
    description,
    type,
    isEnabled: enabled && killed !== true,
    status,
    companyOverrides: allowedNames('company', exceptions),
    userOverrides: allowedNames('user', exceptions),
    segments: shownAttachments(flag, place),
    ...shownTimes(options, flag, place),
  };
}

/** A moment as seed 002 prints it: UTC, with milliseconds. */
export function inMilliseconds(moment: string): string {
  const time = parseMoment(moment);
  return time === undefined ? moment : new Date(time).toISOString();
}

/** A change of the overrides is one of what is shown, be it their end. */
function shownTimes(
  { cache }: ConfigOptions,
  { key, path, file }: Flag,
  { project, asOf }: FeaturePlace,
): Pick<ShownFeature, 'createdAt' | 'updatedAt'> {
  const times = cache.history.timesOf(path, asOf);
  const others = pathOf({ kind: 'overrides', org: project.org, project: project.key, key });
  const change = cache.history.lastChange(others);
  const own = inMilliseconds(file.updatedAt ?? times?.updatedAt ?? '');
  const later = change === undefined ? '' : inMilliseconds(timeOf(change.seconds));
  return {
    createdAt: inMilliseconds(file.createdAt ?? times?.createdAt ?? ''),
    updatedAt: own < later ? later : own,
  };
}
