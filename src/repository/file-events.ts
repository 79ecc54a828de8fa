/** What one commit left at one path. */
export interface FileChange {
  readonly path: string;
  /** The id of what is there: a blob, or the commit of a submodule; undefined where nothing is there any more. */
  readonly oid: string | undefined;
  /** False for a symlink or a submodule, which is no file to read. */
  readonly isFile: boolean;
}

/** What is, or was, at a path. */
export interface FileVersion {
  readonly oid: string;
  readonly isFile: boolean;
}

/** What a commit did to one path; undefined where nothing was, or is, there. */
export interface FileStep {
  readonly path: string;
  /** The commit's place in the chain, from 0. */
  readonly place: number;
  readonly before: FileVersion | undefined;
  readonly after: FileVersion | undefined;
}

const OID_BYTES = 20;
/** An event is 21 bytes: what is there now, and its id. */
const EVENT_BYTES = OID_BYTES + 1;
const GONE = 0;
const FILE = 1;
const OTHER = 2;

/**
 * What happened at each path below `flags/` along one chain of commits. Events are numbered in the order of the chain,
 * and kept in columns, so that a million of them fit and the chain can be cut anywhere and grow again.
 */
export class FileEvents {
  readonly #paths: string[] = [];
  readonly #idOfPath = new Map<string, number>();
  /** By path id, its events. */
  readonly #eventsOfPath: number[][] = [];
  /** By folder with its `/`, the places of the commits that touched something in it. */
  readonly #placesOfFolder = new Map<string, number[]>();
  /** By event. */
  readonly #pathOfEvent: number[] = [];
  readonly #placeOfEvent: number[] = [];
  #states = Buffer.alloc(1024 * EVENT_BYTES);
  /** By place. */
  readonly #firstEvent: number[] = [];

  /** How many commits there are. */
  get length(): number {
    return this.#firstEvent.length;
  }

  get paths(): readonly string[] {
    return this.#paths;
  }

  /** One more commit at the end of the chain. What leaves a path as it was, but for the file's mode, is no event. */
  append(changes: readonly FileChange[]): void {
    const place = this.#firstEvent.push(this.#pathOfEvent.length) - 1;
    for (const change of [...changes].sort(byPath))
      if (!this.#isThere(change)) this.#add(place, this.#pathId(change.path), change);
  }

  /** The chain is so long from now on. */
  cut(length: number): void {
    const end = this.#firstEvent[length];
    if (end === undefined) return;
    for (let event = this.#pathOfEvent.length - 1; event >= end; event -= 1) {
      const path = this.#pathOfEvent[event] ?? 0;
      this.#eventsOfPath[path]?.pop();
      for (const folder of foldersOf(this.#paths[path] ?? ''))
        dropFrom(this.#placesOfFolder.get(folder), length);
    }
    this.#pathOfEvent.length = end;
    this.#placeOfEvent.length = end;
    this.#firstEvent.length = length;
  }

  /** What a commit did, in order of the paths. */
  at(place: number): readonly FileStep[] {
    const steps: FileStep[] = [];
    const end = this.#firstEvent[place + 1] ?? this.#pathOfEvent.length;
    for (let event = this.#firstEvent[place] ?? end; event < end; event += 1) steps.push(this.#stepOf(event));
    return steps;
  }

  /** How many paths a commit touched. */
  countAt(place: number): number {
    const end = this.#firstEvent[place + 1] ?? this.#pathOfEvent.length;
    return end - (this.#firstEvent[place] ?? end);
  }

  /** The place of the commit that left at a path what this one found there. */
  placeBefore(path: string, place: number): number | undefined {
    const events = this.#eventsAt(path);
    const before = events[indexFrom(events, (event) => this.#placeOf(event) < place) - 1];
    return before === undefined ? undefined : this.#placeOf(before);
  }

  /** What a commit did at one path. */
  atPath(place: number, path: string): FileStep | undefined {
    const events = this.#eventsAt(path);
    const index = indexFrom(events, (event) => this.#placeOf(event) < place);
    const event = events[index];
    return event === undefined || this.#placeOf(event) !== place ? undefined : this.#stepOf(event);
  }

  /** All that happened at a path, oldest first. */
  of(path: string): readonly FileStep[] {
    return this.#eventsAt(path).map((event) => this.#stepOf(event));
  }

  /** What was at a path before this commit, newest first, back to where it was made. */
  *versionsBefore(path: string, place: number): Generator<FileVersion> {
    const events = this.#eventsAt(path);
    for (let at = indexFrom(events, (event) => this.#placeOf(event) < place) - 1; at >= 0; at -= 1) {
      const version = this.#versionAfter(events[at] ?? 0);
      if (version === undefined) return;
      yield version;
    }
  }

  /** The last thing that happened at a path. */
  lastOf(path: string): FileStep | undefined {
    const event = this.#eventsAt(path).at(-1);
    return event === undefined ? undefined : this.#stepOf(event);
  }

  /**
   * The places of the commits, up to this one, that made and last changed what was at a path then; undefined where nothing
   * was there. What came back is new.
   */
  lifeOf(path: string, upTo: number): { readonly created: number; readonly updated: number } | undefined {
    const all = this.#eventsAt(path);
    const events = all.slice(0, all.findLastIndex((event) => this.#placeOf(event) <= upTo) + 1);
    const last = events.at(-1);
    if (last === undefined || this.#isGoneAfter(last)) return undefined;
    const removal = events.findLastIndex((event) => this.#isGoneAfter(event));
    return { created: this.#placeOf(events[removal + 1] ?? last), updated: this.#placeOf(last) };
  }

  /** The places of the commits that touched a path, or something in a folder (`flags/acme/`), oldest first. */
  placesUnder(path: string): readonly number[] {
    if (path.endsWith('/')) return this.#placesOfFolder.get(path) ?? [];
    return this.#eventsAt(path).map((event) => this.#placeOf(event));
  }

  /** The columns of one commit, for the disk: ids of paths, and the bytes of `appendColumns`. */
  columnsAt(place: number): { readonly paths: readonly number[]; readonly states: Buffer } {
    const start = this.#firstEvent[place] ?? this.#pathOfEvent.length;
    const end = this.#firstEvent[place + 1] ?? this.#pathOfEvent.length;
    const states = this.#states.subarray(start * EVENT_BYTES, end * EVENT_BYTES);
    return { paths: this.#pathOfEvent.slice(start, end), states };
  }

  /** One more commit, as `columnsAt` gave it; its ids are places in `names`. Gives the bytes it has taken of `states`. */
  appendColumns(names: readonly string[], paths: readonly number[], states: Buffer): number {
    const place = this.#firstEvent.push(this.#pathOfEvent.length) - 1;
    paths.forEach((path, index) => {
      const id = this.#pathId(names[path] ?? '');
      states.copy(this.#roomForNext(), 0, index * EVENT_BYTES, (index + 1) * EVENT_BYTES);
      this.#note(place, id);
    });
    return paths.length * EVENT_BYTES;
  }

  #isThere({ path, oid, isFile }: FileChange): boolean {
    const last = this.#eventsAt(path).at(-1);
    const version = last === undefined ? undefined : this.#versionAfter(last);
    return version !== undefined && version.oid === oid && version.isFile === isFile;
  }

  #add(place: number, path: number, { oid, isFile }: FileChange): void {
    const room = this.#roomForNext();
    room[0] = oid === undefined ? GONE : isFile ? FILE : OTHER;
    if (oid !== undefined) room.write(oid, 1, 'hex');
    this.#note(place, path);
  }

  #roomForNext(): Buffer {
    const start = this.#pathOfEvent.length * EVENT_BYTES;
    if (start + EVENT_BYTES > this.#states.length) {
      this.#states = Buffer.concat([this.#states], this.#states.length * 2);
    }
    return this.#states.subarray(start, start + EVENT_BYTES);
  }

  #note(place: number, path: number): void {
    const event = this.#pathOfEvent.push(path) - 1;
    this.#placeOfEvent.push(place);
    this.#eventsOfPath[path]?.push(event);
    for (const folder of foldersOf(this.#paths[path] ?? '')) {
      const places = this.#placesOfFolder.get(folder);
      if (places === undefined) this.#placesOfFolder.set(folder, [place]);
      else if (places.at(-1) !== place) places.push(place);
    }
  }

  #pathId(path: string): number {
    const known = this.#idOfPath.get(path);
    if (known !== undefined) return known;
    const id = this.#paths.push(path) - 1;
    this.#idOfPath.set(path, id);
    this.#eventsOfPath.push([]);
    return id;
  }

  #eventsAt(path: string): readonly number[] {
    const id = this.#idOfPath.get(path);
    return id === undefined ? [] : (this.#eventsOfPath[id] ?? []);
  }

  #placeOf(event: number): number {
    return this.#placeOfEvent[event] ?? 0;
  }

  #stepOf(event: number): FileStep {
    const path = this.#pathOfEvent[event] ?? 0;
    const events = this.#eventsOfPath[path] ?? [];
    const previous = events[indexFrom(events, (other) => other < event) - 1];
    return {
      path: this.#paths[path] ?? '',
      place: this.#placeOf(event),
      before: previous === undefined ? undefined : this.#versionAfter(previous),
      after: this.#versionAfter(event),
    };
  }

  #versionAfter(event: number): FileVersion | undefined {
    if (this.#isGoneAfter(event)) return undefined;
    const start = event * EVENT_BYTES;
    const oid = this.#states.toString('hex', start + 1, start + EVENT_BYTES);
    return { oid, isFile: this.#states[start] === FILE };
  }

  #isGoneAfter(event: number): boolean {
    return this.#states[event * EVENT_BYTES] === GONE;
  }
}

/** `flags/`, `flags/acme/` and so on. */
function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    folders.push(path.slice(0, at + 1));
  return folders;
}

function dropFrom(places: number[] | undefined, length: number): void {
  while (places !== undefined && (places.at(-1) ?? -1) >= length) places.pop();
}

/** The index of the first item of a sorted list for which it does not hold. */
function indexFrom(items: readonly number[], holds: (item: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two names that are no UTF-8 may read the same; then their ids decide. */
function byPath(one: FileChange, other: FileChange): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return (one.oid ?? '') < (other.oid ?? '') ? -1 : 1;
}
