import type { OrgKey } from '../model/keys.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { AdoptedOrg } from './adoption.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import type { Listing, UnreadFile } from './listing.js';
import type { OrgState } from './org-build.js';
import type { ServedOrgs } from './served-orgs.js';
import { type ReadSettings, readSettings } from './settings.js';

/** What the settings are read with. */
interface ServedSettingsOptions {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly orgs: ServedOrgs;
}

/** The settings of what is served, judged against its organizations. */
export class ServedSettings {
  readonly #options: ServedSettingsOptions;
  #current: ReadSettings | undefined;

  constructor(options: ServedSettingsOptions) {
    this.#options = options;
  }

  /** Undefined before they were read. */
  get current(): ReadSettings | undefined {
    return this.#current;
  }

  /** Reads those of a listing, once its organizations are served. */
  async read(listing: Listing, history: string | undefined): Promise<void> {
    await this.#read(listing.config, [...listing.versions.keys()], history);
  }

  /** A write leaves the settings as they are, but it may make or take away an environment that a policy names. */
  async adopt(adopted: readonly AdoptedOrg[], history: string): Promise<void> {
    if (adopted.every(({ before, after }) => hasSameProjects(before, after))) return;
    await this.#read(this.#current?.file, [...this.#options.orgs.states.keys()], history);
  }

  async #read(
    file: UnreadFile | undefined,
    keys: readonly OrgKey[],
    history: string | undefined,
  ): Promise<void> {
    const { repository, reader, orgs } = this.#options;
    const snapshots = [...orgs.states.values()].flatMap((state) => snapshotOf(state) ?? []);
    const previous = this.#current;
    this.#current = await readSettings({
      repository,
      reader,
      file,
      orgs: keys,
      snapshots,
      previous,
      history,
    });
    orgs.configure(this.#current.config);
  }
}

function hasSameProjects(before: OrgState, after: OrgState): boolean {
  const [old, young] = [snapshotOf(before)?.projects, snapshotOf(after)?.projects];
  if (old?.size !== young?.size) return false;
  return [...(young ?? [])].every(([key, { file }]) => old?.get(key)?.file === file);
}

function snapshotOf({ served }: OrgState): OrgSnapshot | undefined {
  return served?.snapshot;
}
