import { CONFIG_PATH, chooseDefaultOrg } from '../../files/config.js';
import { loadNow } from '../../files/load.js';
import type { SourceFile } from '../../files/loaded.js';
import type { FileKind } from '../../files/parsed.js';
import { placeOf } from '../../files/paths.js';
import type { ConfigFile } from '../../model/config.js';
import type { FlagKey, OrgKey, ProjectKey } from '../../model/keys.js';
import type { OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import type { FileReader } from '../../repository/file-reader.js';
import type { GitRepository } from '../../repository/git.js';
import { type Listing, listCommit, type UnreadFile } from '../../repository/listing.js';
import type { OrgChoice } from '../choose.js';

/** The organizations and projects of a commit with their defaults, without any flag read: names are all that is known of those. */
export interface Outline extends OrgChoice<OrgSnapshot> {
  /** The projects that an organization has folders of, in order; those whose own file is broken too. */
  readonly projectsOf: (org: OrgKey) => readonly ProjectKey[];
  /** The flags that a project has files of. */
  flagsOf: (project: Pick<ProjectSnapshot, 'org' | 'key'>) => readonly FlagKey[];
}

/** What there is in a repository without a commit. */
export const EMPTY_OUTLINE: Outline = {
  orgs: [],
  defaultOrg: undefined,
  projectsOf: () => [],
  flagsOf: () => [],
};

interface OutlineInput {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly commit: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Reads the outline of a commit: its trees, and the few files that name projects and defaults. */
export async function readOutline({ repository, reader, commit, now }: OutlineInput): Promise<Outline> {
  const listing = await listCommit(repository, commit);
  const keys = [...listing.versions.keys()];
  const files = new Map<OrgKey, readonly UnreadFile[]>();
  for (const org of keys) files.set(org, await listing.filesOf(org));
  const orgs: OrgSnapshot[] = [];
  for (const [org, unread] of files) {
    const { snapshot } = loadNow({ org, files: await readFrame(reader, unread), previous: undefined, now });
    if (snapshot !== undefined) orgs.push(snapshot);
  }
  return {
    orgs,
    defaultOrg: chooseDefaultOrg(await readConfig(reader, listing), keys),
    projectsOf: (org) => [...new Set((files.get(org) ?? []).flatMap(({ path }) => projectAt(path) ?? []))],
    flagsOf: ({ org, key }) => (files.get(org) ?? []).flatMap(({ path }) => flagAt(path, key) ?? []),
  };
}

const FRAME: readonly (FileKind | undefined)[] = ['org', 'project'];

async function readFrame(reader: FileReader, unread: readonly UnreadFile[]): Promise<readonly SourceFile[]> {
  const frame = unread.flatMap((file) =>
    file.kind !== undefined && FRAME.includes(file.kind) ? { ...file, kind: file.kind } : [],
  );
  const read = await reader.parse(frame);
  return frame.map(({ path, blob, mode }, index) => ({ path, blob, mode, parsed: read[index]?.parsed }));
}

async function readConfig(reader: FileReader, { config }: Listing): Promise<ConfigFile | undefined> {
  if (config?.kind !== 'config') return undefined;
  const [read] = await reader.parse([{ kind: 'config', path: CONFIG_PATH, blob: config.blob }]);
  return read?.parsed.kind === 'config' ? read.parsed.value : undefined;
}

function projectAt(path: string): ProjectKey | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' && 'project' in meaning.place ? meaning.place.project : undefined;
}

function flagAt(path: string, project: string): FlagKey | undefined {
  const meaning = placeOf(path);
  const isIts = meaning.kind === 'file' && meaning.place.kind === 'flag' && meaning.place.project === project;
  return isIts ? (meaning.place.key as FlagKey) : undefined;
}
