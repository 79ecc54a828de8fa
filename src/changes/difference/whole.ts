import type { FileKind, FileValues } from '../../files/parsed.js';
import type { Place } from '../../files/paths.js';
import type { FlagFile } from '../../model/flag.js';
import type { OverridesFile } from '../../model/override.js';
import type { ProjectFile } from '../../model/project.js';
import type { TestsFile } from '../../model/test-case.js';
import { unreachable } from '../../model/unreachable.js';
import { shownWebhook } from '../../model/webhook.js';
import { type PartDifference, tell } from './part-difference.js';
import { joinWords, someOf, wordOf } from './words.js';

/** A file that is there in one of the two versions only. */
export interface CameOrWent {
  readonly action: 'added' | 'removed';
  readonly place: Place;
  /** What it holds; undefined where it cannot be read. */
  readonly value: FileValues[FileKind] | undefined;
}

/** One difference for all that came or went with a file. */
export function tellWhole({ action, place, value }: CameOrWent): PartDifference {
  const subject = SUBJECTS[place.kind];
  const sentence =
    value === undefined ? `${subject}${action}, not readable` : wholeSentence({ action, place, value });
  const content = contentOf({ place, value });
  const versions = action === 'added' ? { after: content } : { before: content };
  return tell({ part: { kind: 'whole' }, at: [], ...versions, action, sentence });
}

/** What of a whole file may be told: of API keys nothing, since their hashes stand in it, and of webhooks no whole address. */
export function contentOf({ place, value }: Omit<CameOrWent, 'action'>): CameOrWent['value'] {
  if (place.kind === 'api-keys') return undefined;
  return place.kind === 'project' && value !== undefined ? shownProject(value as ProjectFile) : value;
}

function shownProject(project: ProjectFile): ProjectFile {
  const { webhooks } = project;
  return webhooks === undefined ? project : { ...project, webhooks: webhooks.map(shownWebhook) };
}

/** What stands in front of `added`, where it is not the thing that the resource is named for. */
const SUBJECTS: Readonly<Record<FileKind, string>> = {
  config: '',
  org: '',
  project: '',
  flag: '',
  segment: '',
  overrides: 'overrides ',
  tests: 'tests ',
  'api-keys': 'API keys ',
};

/** The compiler does not see that the kind of a place is that of its value. */
function wholeSentence({ action, place, value }: CameOrWent): string {
  switch (place.kind) {
    case 'flag':
      return flagSentence(action, value as FlagFile);
    case 'overrides':
      return `overrides ${action}: ${someOf(overrideNames(value as OverridesFile))}`;
    case 'tests':
      return `tests ${action}: ${someOf((value as TestsFile).map(({ name }) => wordOf(name)))}`;
    case 'config':
    case 'org':
    case 'project':
    case 'segment':
    case 'api-keys':
      return `${SUBJECTS[place.kind]}${action}`;
    default:
      return unreachable(place);
  }
}

function flagSentence(action: CameOrWent['action'], { environments }: FlagFile): string {
  const enabled = Object.entries(environments).filter(([, state]) => state.enabled && state.killed !== true);
  const where = enabled.length === 0 ? 'nowhere' : `in ${joinWords(enabled.map(([key]) => key))}`;
  return action === 'added' ? `added, enabled ${where}` : `removed, was enabled ${where}`;
}

function overrideNames(overrides: OverridesFile): readonly string[] {
  return overrides.flatMap(({ users = [], companies = [] }) => [...users, ...companies].map(wordOf));
}
