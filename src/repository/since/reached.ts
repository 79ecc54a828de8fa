import { pathOf, placeOf } from '../../files/paths.js';
import type { OrgKey } from '../../model/keys.js';
import { idMentions } from './ids.js';
import { Mentions } from './mentions.js';
import { askedBy, asksIn, nameOf, type Thing, thingAt } from './project-files.js';
import type { TreeVersions } from './tree-versions.js';

/** More changed files of one organization than this, and it is judged whole: looking for who names them would take longer. */
const MOST_CHANGED = 100;

/** Which files of an organization a change reaches. */
export interface Reached {
  /** The paths of which something else may be said now. Of all others the same is said. */
  readonly judged: ReadonlySet<string>;
  /** Those whose content that depends on; of all others it is enough that they are there. */
  readonly read: ReadonlySet<string>;
}

/**
 * Finds what a change of an organization's files reaches: who asks what changed, however far away, and what all of them
 * ask. Texts tell who may name a changed file; only those are parsed. More may be reached than is, never less.
 */
export function reachedIn(versions: TreeVersions, org: OrgKey): Reached {
  const paths = pathsBelow(versions, `flags/${org}/`);
  const changed = paths.filter((path) => versions.changed.has(path));
  if (changed.length > MOST_CHANGED) return { judged: new Set(paths), read: new Set(paths) };
  const reach = new Reach(versions, paths);
  for (const path of changed) reach.change(path);
  for (const path of idMentions(versions, paths, changed)) reach.judge(path);
  return reach.end();
}

/** Everything of an organization. */
export function allOf(versions: TreeVersions, org: OrgKey): Reached {
  const paths = new Set(pathsBelow(versions, `flags/${org}/`));
  return { judged: paths, read: paths };
}

/** All below a folder, and the files of projects that have none: that is told under their paths. */
function pathsBelow({ before, after }: TreeVersions, folder: string): readonly string[] {
  const paths = [...after.files.keys(), ...before.files.keys()].filter((path) => path.startsWith(folder));
  return [...new Set([...paths, ...paths.flatMap(projectFileOf)])];
}

class Reach {
  readonly #versions: TreeVersions;
  readonly #paths: readonly string[];
  readonly #judged = new Set<string>();
  readonly #read = new Set<string>();
  readonly #mentions = new Map<string, Mentions>();
  /** Whose askers are known, as paths. */
  readonly #asked = new Set<string>();

  constructor(versions: TreeVersions, paths: readonly string[]) {
    this.#versions = versions;
    this.#paths = paths;
  }

  judge(path: string): void {
    this.#judged.add(path);
  }

  /** One file that is another, came or went. */
  change(path: string): void {
    const meaning = placeOf(path);
    for (const own of [path, ...projectFileOf(path)]) this.judge(own);
    if (meaning.kind !== 'file' || meaning.place.kind === 'config') return;
    const { place } = meaning;
    if (!('key' in place)) {
      if (place.kind === 'api-keys') return;
      this.judge(pathOf({ kind: 'org', org: place.org }));
      if (place.kind === 'project') this.#judgeBelow(folderOf(path));
      return;
    }
    const { kind, key } = place;
    if (kind === 'flag' || kind === 'segment') this.#changeThing({ kind, key, path });
    else this.#changeFlag({ kind: 'flag', key, path: pathOf({ ...place, kind: 'flag' }) });
  }

  /** What is judged needs what it asks, exceptions and all, and a chain needs all of its members. */
  end(): Reached {
    const read = new Set<string>();
    // A set gives what is added to it meanwhile, too.
    const wanted = new Set([...this.#judged, ...this.#read, ...this.#frame()]);
    for (const path of wanted) {
      read.add(path);
      const folder = folderOf(folderOf(path));
      if (thingAt(path)?.kind === 'flag') wanted.add(overridesOf(path));
      for (const name of askedBy(this.#versions, path)) wanted.add(pathOfName(folder, name));
    }
    return { judged: this.#judged, read };
  }

  /** The few files that name projects, environments and attributes. */
  #frame(): readonly string[] {
    return this.#paths.filter((path) => /^flags\/[^/]+\/(?:[^/]+\/project|org)\.yaml$/.test(path));
  }

  #judgeBelow(folder: string): void {
    for (const path of this.#paths) if (path.startsWith(`${folder}/`)) this.judge(path);
  }

  #judgeFlag(path: string): void {
    this.judge(path);
    this.judge(overridesOf(path));
    this.judge(testsOf(path));
  }

  /** Exceptions or tests of it: what a flag answers, and what of it is tested, is told in its own file. */
  #changeFlag(flag: Thing): void {
    this.#judgeFlag(flag.path);
    this.#reachAskers(flag);
  }

  #changeThing(thing: Thing): void {
    if (thing.kind === 'flag') this.#judgeFlag(thing.path);
    this.#judgeLikeNamed(thing);
    if (this.#isNewOrGone(thing.path) && thing.kind === 'segment') this.#judgeTestsNaming(thing);
    this.#reachAskers(thing);
    const [before, after] = [this.#versions.before, this.#versions.after].map(
      (version) => new Set(asksIn(version, thing.path)),
    );
    const folder = folderOf(folderOf(thing.path));
    for (const name of new Set([...(before ?? []), ...(after ?? [])])) {
      if (before?.has(name) !== after?.has(name) && name.startsWith('segment ')) {
        this.#judgeUse(pathOfName(folder, name));
      }
    }
  }

  /** Names that differ only in case cannot be side by side. */
  #judgeLikeNamed({ path }: Thing): void {
    const name = path.toLowerCase();
    for (const other of this.#paths) if (other.toLowerCase() === name) this.judge(other);
  }

  #isNewOrGone(path: string): boolean {
    return this.#versions.before.files.has(path) !== this.#versions.after.files.has(path);
  }

  #judgeTestsNaming({ key, path }: Thing): void {
    for (const other of this.#mentionsOf(folderOf(folderOf(path))).of(key)) {
      if (placeKind(other) === 'tests') this.judge(other);
    }
  }

  /** Who asks it, who asks those, and so on: flags answer otherwise, and chains are longer. */
  #reachAskers(start: Thing): void {
    const things = [start];
    for (let thing = things.pop(); thing !== undefined; thing = things.pop()) {
      if (this.#asked.has(thing.path)) continue;
      this.#asked.add(thing.path);
      for (const asker of this.#askersOf(thing)) {
        if (asker.kind === 'flag') this.#judgeFlag(asker.path);
        else this.judge(asker.path);
        things.push(asker);
      }
    }
  }

  *#askersOf(thing: Thing): Generator<Thing> {
    const name = nameOf(thing);
    for (const path of this.#mentionsOf(folderOf(folderOf(thing.path))).of(thing.key)) {
      const asker = thingAt(path);
      if (asker !== undefined && askedBy(this.#versions, path).has(name)) yield asker;
    }
  }

  /** A segment that somebody uses now, or uses no more: one other user is enough to know. */
  #judgeUse(path: string): void {
    const segment = thingAt(path);
    if (segment === undefined) return;
    this.judge(path);
    for (const asker of this.#askersOf(segment)) {
      this.#read.add(asker.path);
      if (!this.#versions.changed.has(asker.path)) return;
    }
  }

  /** The flags, segments and tests of a project, the changed ones in both versions. */
  #mentionsOf(folder: string): Mentions {
    const known = this.#mentions.get(folder);
    if (known !== undefined) return known;
    const { after, changed } = this.#versions;
    const paths = this.#paths.filter((path) => path.startsWith(`${folder}/`));
    const own = paths.filter((path) => changed.has(path));
    const made = new Mentions(
      after,
      paths.filter((path) => !changed.has(path)),
      own,
    );
    this.#mentions.set(folder, made);
    return made;
  }
}

function pathOfName(folder: string, name: string): string {
  const [kind = '', key = ''] = name.split(' ');
  return `${folder}/${kind}s/${key}.yaml`;
}

/** The file of the project that a file belongs to. */
function projectFileOf(path: string): readonly string[] {
  const meaning = placeOf(path);
  return meaning.kind === 'file' && 'project' in meaning.place
    ? [pathOf({ ...meaning.place, kind: 'project' })]
    : [];
}

/** Of a flag's file. */
function overridesOf(path: string): string {
  return path.replace(/\/flags\/([^/]+)$/, '/overrides/$1');
}

/** Of a flag's file. */
function testsOf(path: string): string {
  return path.replace(/\/flags\/([^/]+)$/, '/tests/$1');
}

function placeKind(path: string): string | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' ? meaning.place.kind : undefined;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
