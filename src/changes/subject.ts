import { placeOf } from '../files/paths.js';
import type { EnvironmentKey, OrgKey } from '../model/keys.js';
import type { Change, CommitRevert, FlagCopy, FlagRestore, OverrideName } from './change.js';
import { describeEdits } from './describe-edits.js';
import { COUNTED_IN_ORGANIZATION, describeOrganization } from './subject-organization.js';

/** From here on the subject counts instead of listing. */
const LISTED_CHANGES = 3;
/** Stands for the files of an organization that belong to no project. */
const ORG_ITSELF = '';
/** How much of a commit's id is enough to know it. */
const SHORT_ID = 10;

/** The environments of a change set that brings what flags do in the one to the other. */
export interface Promotion {
  readonly from: EnvironmentKey;
  readonly to: EnvironmentKey;
}

/** The subject of a commit: `acme/web-app: enable new-checkout in production`. */
export function subjectOf({
  org,
  changes,
  promotion,
}: {
  readonly org: OrgKey;
  readonly changes: readonly Change[];
  readonly promotion?: Promotion | undefined;
}): string {
  const projects = [...new Set(changes.flatMap(projectsOf))];
  const [project] = projects;
  const scope = projects.length === 1 && project !== ORG_ITSELF ? `${org}/${project}` : org;
  if (promotion !== undefined) return `${scope}: ${describePromotion(changes, promotion)}`;
  const isList = changes.length <= LISTED_CHANGES;
  return `${scope}: ${isList ? changes.map((change) => describe(change, scope)).join(', ') : summary(changes)}`;
}

/** `promote new-checkout from staging to production`, `promote 2 flags from staging to production` */
function describePromotion(changes: readonly Change[], { from, to }: Promotion): string {
  const flags = new Set(changes.flatMap((change) => ('flag' in change ? [change.flag] : [])));
  const [flag] = flags;
  return `promote ${flags.size === 1 ? flag : `${flags.size} flags`} from ${from} to ${to}`;
}

function projectsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'commit.revert':
      return projectsOfRevert(change);
    case 'project.create':
    case 'project.delete':
    case 'access.create':
    case 'access.update':
    case 'access.delete':
      return [ORG_ITSELF];
    case 'flag.copy':
      return [change.toProject ?? change.project];
    default:
      return [change.project];
  }
}

function projectsOfRevert({ files }: CommitRevert): readonly string[] {
  return files.flatMap(({ path }) => {
    const meaning = placeOf(path);
    return meaning.kind === 'file' && 'project' in meaning.place ? [meaning.place.project] : [ORG_ITSELF];
  });
}

function describe(change: Change, scope: string): string {
  switch (change.kind) {
    case 'flag.create':
      return `create ${change.flag}`;
    case 'flag.update':
      return describeEdits(change.edits, change.flag);
    case 'flag.delete':
      return `delete ${change.flag}`;
    case 'flag.kill':
    case 'flag.unkill':
      return `${change.kind === 'flag.kill' ? 'kill' : 'unkill'} ${change.flag} in ${change.environment}`;
    case 'flag.restore':
      return describeRestore(change);
    case 'segment.create':
      return `create segment ${change.segment}`;
    case 'segment.update':
      return `change segment ${change.segment}`;
    case 'segment.delete':
      return `delete segment ${change.segment}`;
    case 'override.create':
      return `add override to ${change.flag} for ${namesOf(change.entry)}`;
    case 'override.update':
      return `change override of ${change.flag} for ${nameOf(change.name)}`;
    case 'override.delete':
      return `remove override of ${change.flag} for ${shortList(change.names.map(nameOf))}`;
    case 'rule.create':
      return `add rule ${change.rule.id} to ${change.flag} in ${change.environment}`;
    case 'rule.update':
      return `change rule ${change.rule} of ${change.flag} in ${change.environment}`;
    case 'rule.move':
      return `move rule ${change.rule} of ${change.flag} in ${change.environment}`;
    case 'rule.delete':
      return `remove rule ${change.rule} of ${change.flag} in ${change.environment}`;
    case 'tests.replace':
      return `${change.tests.length === 0 ? 'remove' : 'change'} the tests of ${change.flag}`;
    case 'flag.copy':
      return describeCopy(change);
    case 'commit.revert':
      return `revert "${withoutScope(change.subject, scope)}"`;
    default:
      return describeOrganization(change);
  }
}

function describeCopy({ project, flag, to, toProject = project }: FlagCopy): string {
  return `copy ${flag} ${toProject === project ? '' : `of ${project} `}to ${to}`;
}

/** Where the older commit did not have the flag, it goes. */
function describeRestore({ flag, commit, texts }: FlagRestore): string {
  const id = commit.slice(0, SHORT_ID);
  return texts.flag === null ? `delete ${flag}, which ${id} did not have` : `restore ${flag} to ${id}`;
}

/** The message is made before the files are judged, so an entry may hold anything yet. */
function namesOf({ users, companies }: { readonly users?: unknown; readonly companies?: unknown }): string {
  return shortList([users, companies].flatMap((names) => (Array.isArray(names) ? names.map(String) : [])));
}

function nameOf({ name, environment }: OverrideName): string {
  return environment === undefined ? name : `${name} in ${environment}`;
}

function shortList(names: readonly string[]): string {
  return names.length > LISTED_CHANGES ? `${names.length} names` : names.join(', ');
}

/** The subject of what is taken back, without the scope that stands before it already. */
function withoutScope(subject: string, scope: string): string {
  return subject.startsWith(`${scope}: `) ? subject.slice(scope.length + 2) : subject;
}

/** What is counted: the verb, and the noun for one and for many. */
const COUNTED: ReadonlyMap<Change['kind'], readonly [string, string, string]> = new Map([
  ['flag.create', ['create', 'flag', 'flags']],
  ['flag.update', ['change', 'flag', 'flags']],
  ['flag.delete', ['delete', 'flag', 'flags']],
  ['flag.kill', ['kill', 'flag', 'flags']],
  ['flag.unkill', ['unkill', 'flag', 'flags']],
  ['flag.restore', ['restore', 'flag', 'flags']],
  ['flag.copy', ['copy', 'flag', 'flags']],
  ['segment.create', ['create', 'segment', 'segments']],
  ['segment.update', ['change', 'segment', 'segments']],
  ['segment.delete', ['delete', 'segment', 'segments']],
  ['override.create', ['add', 'override', 'overrides']],
  ['override.update', ['change', 'override', 'overrides']],
  ['override.delete', ['remove', 'override', 'overrides']],
  ['rule.create', ['add', 'rule', 'rules']],
  ['rule.update', ['change', 'rule', 'rules']],
  ['rule.move', ['move', 'rule', 'rules']],
  ['rule.delete', ['remove', 'rule', 'rules']],
  ['tests.replace', ['change the tests of', 'flag', 'flags']],
  ['commit.revert', ['revert', 'commit', 'commits']],
  ...COUNTED_IN_ORGANIZATION,
]);

/** `create 2 flags, add 3 rules` */
function summary(changes: readonly Change[]): string {
  return [...COUNTED]
    .map(([kind, words]) => ({ words, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ words: [verb, one, many], count }) => `${verb} ${count} ${count === 1 ? one : many}`)
    .join(', ');
}
