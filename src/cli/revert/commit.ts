import { refuseAccess } from '../../changes/apply-revert.js';
import { FLAGS_FOLDER, placeOf } from '../../files/paths.js';
import { Failure } from '../../model/failure.js';
import type { OrgKey } from '../../model/keys.js';
import type { HistoryEntry } from '../../repository/commit-history.js';
import { revertOf } from '../../repository/version-texts.js';
import { chooseOrg } from '../choose.js';
import { WrongUse } from '../exit.js';
import { shortCommit } from '../past/entry.js';
import { type OpenPast, withPast } from '../past/open.js';
import type { Outline } from '../past/outline.js';
import type { Surroundings } from '../surroundings.js';
import type { CommandWrite } from '../write/commit.js';
import { type RevertWords, serverWords, writerWords } from './words.js';

/** What to write to take back what a commit did to one organization. Throws `Failure` where there is no such commit. */
export function revertOfCommit(
  revision: string,
  options: RevertWords,
  around: Surroundings,
): Promise<CommandWrite> {
  return withPast(options.repo, around, async (opened) => {
    const commit = await commitOf(opened, revision);
    const org = await orgOf(opened, commit, options);
    const entry = await entryOf(opened, commit, org);
    const history = await opened.history();
    const change = await revertOf({ repository: opened.repository, history }, entry);
    // An organization that the commit removed has no writer to say so.
    refuseAccess(change);
    return {
      request: () => ({ org, changes: [change], ...writerWords(options) }),
      ask: async () => ({
        path: `/api/v1/changes/${commit}/revert`,
        body: { org_id: org, ...serverWords(options) },
      }),
    };
  });
}

/** Throws `WrongUse` where it is a flag that was named, without a revision to go back to. */
async function commitOf({ resolve, outline }: OpenPast, revision: string): Promise<string> {
  try {
    return await resolve(revision);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'REVISION_NOT_FOUND') throw error;
    if (!flagsOfAll(outline).some((flag) => flag === revision)) throw error;
    throw new WrongUse(`${revision} is no commit but a flag: say with --to which revision's version it gets`);
  }
}

function flagsOfAll({ orgs, flagsOf }: Outline): readonly string[] {
  return orgs.flatMap(({ projects }) => [...projects.values()].flatMap((project) => flagsOf(project)));
}

/** The organization that is named, else the only one that the commit changed. */
async function orgOf(opened: OpenPast, commit: string, { org }: RevertWords): Promise<OrgKey> {
  if (org !== undefined) return chooseOrg(opened.outline, { org }).key;
  const { files } = await entryOf(opened, commit, undefined);
  const changed = [...new Set(files.flatMap(({ path }) => orgAt(path) ?? []))];
  const [only, ...others] = changed;
  if (only === undefined) throw new WrongUse(`commit ${shortCommit(commit)} changed no flags`);
  if (others.length === 0) return only;
  const sentence = `changed several organizations, ${changed.join(', ')}: name one with --org`;
  throw new WrongUse(`commit ${shortCommit(commit)} ${sentence}`);
}

function orgAt(path: string): OrgKey | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' && meaning.place.kind !== 'config' ? meaning.place.org : undefined;
}

/** What the commit did to an organization, or below `flags/`. */
async function entryOf(
  { history }: OpenPast,
  commit: string,
  org: OrgKey | undefined,
): Promise<HistoryEntry> {
  const known = await history();
  const entry = await known.entryOf(commit, org && [`${FLAGS_FOLDER}/${org}/`]);
  if (entry !== undefined) return entry;
  const isThere = (await known.entryOf(commit)) !== undefined;
  const found = isThere ? `changed nothing of ${org}` : 'is not in the history of HEAD';
  throw new WrongUse(`commit ${shortCommit(commit)} ${found}`);
}

/** The commits that stand in the way of a revert, as lines: those after it that changed the same files. */
export function conflictLines(
  revision: string,
  failure: Failure,
  { repo, around }: { readonly repo: string | undefined; readonly around: Surroundings },
): Promise<readonly string[]> {
  return withPast(repo, around, async ({ resolve, history }) => {
    const commit = await resolve(revision);
    const known = await history();
    return conflictPaths(failure).flatMap((path) => [
      `${path} was changed after ${shortCommit(commit)} by`,
      ...known.laterThan(commit, path).map((later) => `  ${shortCommit(later.oid)} ${later.subject}`),
    ]);
  });
}

/** A server tells more of each. */
function conflictPaths({ data }: Failure): readonly string[] {
  const { paths, conflicts } = (data.details ?? {}) as ConflictDetails;
  return paths ?? conflicts?.map(({ path }) => path) ?? [];
}

interface ConflictDetails {
  readonly paths?: readonly string[];
  readonly conflicts?: readonly { readonly path: string }[];
}
