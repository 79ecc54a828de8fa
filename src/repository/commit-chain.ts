import type { OrgKey } from '../model/keys.js';
import type { AdoptedOrg } from './adoption.js';
import type { NewCommit } from './commit-object.js';
import type { GitRepository } from './git.js';
import { ObjectBatch } from './object-batch.js';
import type { OrgState } from './org-build.js';
import { withObjects } from './staged-objects.js';
import type { PlannedFile } from './work-files.js';

/** A commit in memory, with its objects and what it does to files and to its organization. */
export interface BuiltCommit {
  readonly commit: NewCommit & { readonly oid: string };
  readonly objects: ObjectBatch;
  readonly files: readonly PlannedFile[];
  readonly org: AdoptedOrg;
}

/** Commits in memory, each on top of the one before it, the first on top of the branch's head. */
export class CommitChain {
  /** The commit that all of it stands on. */
  readonly head: string;
  /** Has the objects of all of them. */
  readonly repository: GitRepository;
  readonly #objects = new ObjectBatch();
  readonly #commits: BuiltCommit['commit'][] = [];
  readonly #files = new Map<string, PlannedFile>();
  readonly #lastChange = new Map<string, BuiltCommit['commit']>();
  readonly #orgs = new Map<OrgKey, AdoptedOrg>();
  #tree: string;

  constructor(repository: GitRepository, head: { readonly oid: string; readonly tree: string }) {
    this.head = head.oid;
    this.#tree = head.tree;
    this.repository = withObjects(repository, this.#objects);
  }

  /** The commit that the next one goes on top of. */
  get tip(): { readonly commit: string; readonly tree: string } {
    return { commit: this.#commits.at(-1)?.oid ?? this.head, tree: this.#tree };
  }

  get commits(): readonly BuiltCommit['commit'][] {
    return this.#commits;
  }

  get objects(): ObjectBatch {
    return this.#objects;
  }

  /** What all of them together do to each file. One that is in the end what it was is none of them. */
  get files(): readonly PlannedFile[] {
    return [...this.#files.values()].filter(({ before, after }) => before?.oid !== after?.oid);
  }

  /** What became of the organizations that they change. */
  get orgs(): readonly AdoptedOrg[] {
    return [...this.#orgs.values()];
  }

  /** The organization as they leave it; undefined where none of them changes it. */
  stateOf(org: OrgKey): OrgState | undefined {
    return this.#orgs.get(org)?.after;
  }

  /** The one of them that last changed the file. */
  lastChange(path: string): BuiltCommit['commit'] | undefined {
    return this.#lastChange.get(path);
  }

  /** The file from the head on, with what they and one more do to it. */
  merged(file: PlannedFile): PlannedFile {
    const known = this.#files.get(file.path);
    return known === undefined ? file : { ...file, before: known.before };
  }

  add({ commit, objects, files, org }: BuiltCommit): void {
    this.#commits.push(commit);
    this.#objects.addAll(objects);
    this.#tree = commit.tree;
    for (const file of files) {
      this.#files.set(file.path, this.merged(file));
      this.#lastChange.set(file.path, commit);
    }
    const before = this.#orgs.get(org.after.org)?.before ?? org.before;
    this.#orgs.set(org.after.org, { before, after: org.after });
  }
}
