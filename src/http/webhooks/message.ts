import type { Difference } from '../../changes/difference.js';
import { sentencesOf } from '../../changes/difference-files.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { Webhook } from '../../model/webhook.js';
import type { HistoryEntry } from '../../repository/commit-history.js';
import { timeOf } from '../../repository/commit-time.js';
import { withoutWords } from '../../repository/version-texts.js';
import type { Signed } from './signature.js';
import { digestOf } from './subscriber.js';

/** So many changes are told, and with their values so many characters; the commit has the rest. */
const MOST_CHANGES = 100;
const MOST_CHARACTERS = 256 * 1024;

/**
 * What a webhook is told of a commit; undefined where nothing of it is for that webhook. It follows from the commit, the
 * project and the address alone, its id too, so that receivers take the copies of several servers for one message.
 */
export function messageOf(
  entry: HistoryEntry,
  project: ProjectSnapshot,
  webhook: Webhook,
): Signed | undefined {
  const told = entry.differences.filter((difference) => isFor(difference, project, webhook));
  if (told.length === 0) return undefined;
  const { oid } = entry.commit;
  const id = `msg_${digestOf({ org: project.org, project: project.key, url: webhook.url }, oid)}`;
  return { id, body: bodyOf(entry, project, told) };
}

/** Layout means nothing, and what is about no environment is not for those who chose some. */
function isFor(difference: Difference, project: ProjectSnapshot, { events, environments }: Webhook): boolean {
  const { part, resource } = difference;
  if (part.kind === 'layout' || !('project' in resource)) return false;
  if (events !== undefined && !events.includes(resource.type)) return false;
  if (environments === undefined) return true;
  return environmentsOf(difference, project).some((environment) => environments.includes(environment));
}

/** The environments that a change may concern: one of a flag as a whole, or of a segment, concerns all. */
function environmentsOf({ environment, resource }: Difference, project: ProjectSnapshot): readonly string[] {
  if (environment !== undefined) return [environment];
  const { type } = resource;
  return type === 'flag' || type === 'overrides' || type === 'segment' ? project.environments : [];
}

function bodyOf(entry: HistoryEntry, project: ProjectSnapshot, told: readonly Difference[]): string {
  const shown = told.slice(0, MOST_CHANGES);
  const isCut = entry.isCut || shown.length < told.length;
  const whole = bodyWith(entry, project, { shown, changes: shown, isCut });
  if (whole.length <= MOST_CHARACTERS) return whole;
  const changes = shown.map(({ before: _, after: __, ...difference }) => difference);
  return bodyWith(entry, project, { shown, changes, isCut: true });
}

function bodyWith(
  { commit }: HistoryEntry,
  project: ProjectSnapshot,
  { shown, changes, isCut }: Shown,
): string {
  // What a message says of a commit in several organizations may be about the others.
  const { oid, author, subject, seconds } = commit.orgs.length > 1 ? withoutWords(commit) : commit;
  const concerned = new Set(shown.flatMap((difference) => environmentsOf(difference, project)));
  return JSON.stringify({
    type: 'project.changed',
    timestamp: timeOf(seconds),
    data: {
      org: project.org,
      project: project.key,
      environments: [...concerned].sort(),
      commit: oid,
      author,
      subject,
      sentences: sentencesOf(shown),
      changes,
      isCut,
    },
  });
}

interface Shown {
  readonly shown: readonly Difference[];
  /** The same, as they are told. */
  readonly changes: readonly object[];
  readonly isCut: boolean;
}
