import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import { BoundedMap } from './bounded-map.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { orgVersions } from './org-folders.js';
import { buildPast, isFlawless } from './past-build.js';
import { textSize } from './past-size.js';
import { resolveId, resolveRevision, type Timeline } from './revision.js';
import type { ServedOrg } from './served.js';

/** A moment of the repository that somebody named. */
export interface Moment {
  /** The commit, 40 hexadecimal digits. */
  readonly commit: string;
  /** What time it was, in epoch milliseconds, where a time was named; undefined asks with the time of the question. */
  readonly now: number | undefined;
}

/** Other commits than the one that is served: snapshots from the object store, a bounded number of them kept. */
export interface Past {
  /**
   * What is meant by a commit's id (whole, or at least 7 digits of it), a branch, a tag, a remote branch, a pull
   * request's ref (`pull/12/head`), each also with `~2` or `^` behind it, an RFC 3339 time (the commit that was served
   * then) or a day (its end, UTC). Throws `Failure` INVALID_REVISION for what can be none of them, REVISION_NOT_FOUND for
   * what is not there or is ambiguous, REPOSITORY_DAMAGED where git has lost what it names.
   */
  resolve(at: string): Promise<Moment>;
  /** The commit of this id (whole, or at least 7 digits of it), whatever refs are called so. Throws as `resolve` does. */
  resolveId(id: string): Promise<string>;
  /**
   * One organization as that commit had it, broken files as they were served then; undefined where it had none. Only its
   * files are read. Throws `Failure` REPOSITORY_DAMAGED where git has lost one of them, TOO_MANY_REVISIONS where so many
   * others are being read that this one would wait long.
   */
  orgAt(commit: string, org: OrgKey): Promise<ServedOrg | undefined>;
}

/** What the past is read with. */
export interface PastOptions {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  /** What is served now, by organization: what it shares with the past is not read again. Nothing where it is left out. */
  readonly orgs?: () => ReadonlyMap<string, ServedOrg>;
  /** Tells which commit was served at a time. */
  readonly history: Timeline;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** How large the files of the snapshots that are kept may be together, as `textSize` counts; about 16 MB where it is left out. */
  readonly mostText?: number;
}

/** In memory it takes three to five times as much. */
const MOST_TEXT = 16_000_000;
/** Of so many commits it is remembered which version of an organization they hold. */
const MOST_COMMITS = 1_000;
/** So many builds wait for their turn; more would wait for minutes. */
const MOST_WAITING = 32;

/** Opens the past of a repository. It holds nothing that must be closed. */
export function openPast(options: PastOptions): Past {
  return new ObjectStorePast(options);
}

/** What is asked for. */
interface Wanted {
  readonly commit: string;
  readonly org: OrgKey;
  /** The id of the organization's folder in that commit. */
  readonly version: string;
}

/** A snapshot that is kept, and how large its files are. */
interface Kept {
  readonly served: ServedOrg;
  readonly text: number;
}

class ObjectStorePast implements Past {
  readonly #options: PastOptions;
  readonly #versions = new BoundedMap<string, { readonly version: string | undefined }>(MOST_COMMITS);
  readonly #kept: BoundedMap<string, Kept>;
  readonly #building = new Map<string, Promise<ServedOrg | undefined>>();
  /** One build after the other: ten side by side would take ten times the memory, and each as long as all. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PastOptions) {
    this.#options = options;
    const { mostText = MOST_TEXT } = options;
    // One that is larger than all the room is kept too, alone.
    this.#kept = new BoundedMap(mostText, ({ text }) => Math.min(text, mostText));
  }

  resolve(at: string): Promise<Moment> {
    return resolveRevision(this.#options.repository, this.#options.history, at);
  }

  resolveId(id: string): Promise<string> {
    return resolveId(this.#options.repository, id);
  }

  async orgAt(commit: string, org: OrgKey): Promise<ServedOrg | undefined> {
    const version = await this.#versionOf(commit, org);
    if (version === undefined) return undefined;
    const wanted = { commit, org, version };
    const found = this.#find(wanted) ?? (await this.#buildInTurn(wanted));
    return found === undefined || found.revision === commit ? found : { ...found, revision: commit };
  }

  async #versionOf(commit: string, org: OrgKey): Promise<string | undefined> {
    const key = `${org} ${commit}`;
    const known = this.#versions.get(key);
    if (known !== undefined) return known.version;
    const { repository } = this.#options;
    const versions = await orgVersions(repository, await repository.readCommit(commit), undefined);
    const version = versions.get(org);
    this.#versions.set(key, { version });
    return version;
  }

  /** The same version from any commit, but where something of it is broken: that depends on what came before. */
  #find({ commit, org, version }: Wanted): ServedOrg | undefined {
    const served = this.#options.orgs?.().get(org);
    if (served?.version === version && isFlawless(served)) return served;
    const kept = this.#kept.get(`${org} ${version}`) ?? this.#kept.get(`${org} ${version} ${commit}`);
    return kept?.served;
  }

  /** Those who ask for the same at the same time wait for the same build. */
  #buildInTurn(wanted: Wanted): Promise<ServedOrg | undefined> {
    const key = `${wanted.org} ${wanted.commit}`;
    const running = this.#building.get(key);
    if (running !== undefined) return running;
    if (this.#building.size >= MOST_WAITING) throw tooMany();
    const build = this.#turn.then(() => this.#find(wanted) ?? this.#build(wanted));
    const done = () => this.#building.delete(key);
    this.#building.set(key, build);
    this.#turn = build.then(done, done);
    return build;
  }

  async #build({ commit, org, version }: Wanted): Promise<ServedOrg | undefined> {
    const { repository, reader, orgs, now } = this.#options;
    const kept = [...this.#kept.entries()].map(([, { served }]) => served);
    const newest = kept.findLast(({ snapshot }) => snapshot.key === org);
    const others = [orgs?.().get(org), newest].filter((other) => other !== undefined);
    const built = await buildPast({ repository, reader, commit, org, version, others, now: now() });
    if (built === undefined) return undefined;
    const key = isFlawless(built) ? `${org} ${version}` : `${org} ${version} ${commit}`;
    this.#kept.set(key, { served: built, text: await textSize(built) });
    return built;
  }
}

function tooMany(): Failure {
  const message = 'too many other commits are asked for at the same time; try again';
  return new Failure('busy', 'TOO_MANY_REVISIONS', message);
}
