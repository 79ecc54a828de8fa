import type { Difference } from '../changes/difference.js';
import { diffFilesInSteps, type FilePair, type FileSide } from '../changes/difference-files.js';
import type { ParsedFile } from '../files/parsed.js';
import { BoundedMap } from './bounded-map.js';
import type { DifferenceStore } from './difference-store.js';
import type { FileStep, FileVersion } from './file-events.js';
import type { FileReader } from './file-reader.js';
import type { HistoryIndex } from './history-index.js';
import { kindAt } from './listing.js';
import { parsedKey } from './parsed-store.js';
import type { FileRequest } from './reading-task.js';
import { drain } from './slices.js';

/** The files that one commit touched of one resource: of a flag, its overrides and tests too. */
export interface StepGroup {
  /** Commit and resource: under what its differences are kept. */
  readonly key: string;
  readonly steps: readonly FileStep[];
  /** What was at a path before the commit, newest first. It ends where the chain is cut meanwhile. */
  readonly versionsBefore: (path: string) => Iterable<FileVersion>;
}

/** A version of a file is that of the next commit's before: so many are kept parsed. */
const PARSED_KEPT = 1_000;

/** Tells what commits changed in meaning. Files are read and compared once for each commit and resource. */
export class HistoryDifferences {
  readonly #reader: FileReader;
  readonly #store: DifferenceStore;
  readonly #parsed = new BoundedMap<string, ParsedFile>(PARSED_KEPT);

  constructor(options: { readonly reader: FileReader; readonly store: DifferenceStore }) {
    this.#reader = options.reader;
    this.#store = options.store;
  }

  /** By group, in order of the resources. */
  async of(groups: readonly StepGroup[]): Promise<readonly (readonly Difference[])[]> {
    const known = groups.map((group) => this.#store.get(group.key));
    const missing = groups.filter((_, index) => known[index] === undefined);
    if (missing.length === 0) return known.map((differences) => differences ?? []);
    const found = await this.#workOut(missing);
    return groups.map((group, index) => known[index] ?? found.get(group) ?? []);
  }

  /** What a file says, or undefined where it cannot be read. */
  async parse(path: string, version: FileVersion): Promise<ParsedFile | undefined> {
    const request = requestOf(path, version);
    return request && (await this.#read([request])).get(keyOf(request));
  }

  /** The newest version before the commit that can be read. */
  async lastReadable({ versionsBefore }: StepGroup, path: string): Promise<FileSide | undefined> {
    for (const version of versionsBefore(path)) {
      const parsed = await this.parse(path, version);
      if (parsed?.value !== undefined) return { blob: version.oid, parsed };
    }
    return undefined;
  }

  async #workOut(groups: readonly StepGroup[]): Promise<ReadonlyMap<StepGroup, readonly Difference[]>> {
    const requests = groups.flatMap(({ steps }) => steps.flatMap(requestsOf));
    const parsed = await this.#read(requests);
    const found = new Map<StepGroup, readonly Difference[]>();
    for (const group of groups) {
      const pairs = await this.#pairsOf(group, parsed);
      const differences = await drain(diffFilesInSteps(pairs));
      found.set(group, differences);
      const isRead = group.steps.flatMap(requestsOf).every((request) => parsed.has(keyOf(request)));
      const isWhole = isRead && !pairs.some((pair) => isMended(pair) && pair.lastReadable === undefined);
      if (isWhole) this.#store.set(group.key, differences);
    }
    return found;
  }

  async #pairsOf(group: StepGroup, parsed: ReadonlyMap<string, ParsedFile>): Promise<readonly FilePair[]> {
    const pairs: FilePair[] = [];
    for (const step of group.steps) {
      const pair = pairOf(step, parsed);
      const lastReadable = isMended(pair) ? await this.lastReadable(group, step.path) : undefined;
      pairs.push({ ...pair, lastReadable });
    }
    return pairs;
  }

  /** Those whose objects git does not have are left out. */
  async #read(requests: readonly FileRequest[]): Promise<ReadonlyMap<string, ParsedFile>> {
    const parsed = new Map<string, ParsedFile>();
    const missing = new Map<string, FileRequest>();
    for (const request of requests) {
      const known = this.#parsed.get(keyOf(request));
      if (known === undefined) missing.set(keyOf(request), request);
      else parsed.set(keyOf(request), known);
    }
    const files = await this.#reader.parse([...missing.values()]);
    [...missing.keys()].forEach((key, index) => {
      const file = files[index];
      if (!file?.isReadable) return;
      parsed.set(key, file.parsed);
      this.#parsed.set(key, file.parsed);
    });
    return parsed;
  }
}

/** The groups of what the commit at a place did; the steps are all that it did to the resources which they are about. */
export function* groupsOf(
  index: HistoryIndex,
  place: number,
  steps: readonly FileStep[],
): Generator<StepGroup> {
  const commit = keyOfCommit(index, place);
  const { cuts } = index;
  const versionsBefore = function* (path: string) {
    for (const version of index.events.versionsBefore(path, place)) {
      if (index.cuts !== cuts) return;
      yield version;
    }
  };
  yield* groupsIn({ commit, steps, versionsBefore });
}

/** The same for a commit that is none of the chain, by a name that no other has. */
export function* groupsIn({
  commit,
  steps,
  versionsBefore,
}: Pick<StepGroup, 'steps' | 'versionsBefore'> & { readonly commit: string }): Generator<StepGroup> {
  const byPath = new Map(steps.map((step) => [step.path, step]));
  for (const { path } of steps) {
    const paths = pathsOfResource(path);
    const all = paths.flatMap((each) => byPath.get(each) ?? []);
    // Each group is told once, with its first file.
    if (all[0]?.path === path) yield { key: `${commit} ${paths[0] ?? path}`, steps: all, versionsBefore };
  }
}

/** What has all of the resources that a file belongs to, or of those in a folder: other files, or a folder above. */
export function wholeResources(under: string): readonly string[] {
  if (!under.endsWith('/')) return pathsOfResource(under);
  return [PROJECT.exec(under)?.[0] ?? under];
}

/** Where a shallow clone begins, all is new; that is no longer so once it is deepened, nor once what was lost is back. */
function keyOfCommit({ chain, lost }: HistoryIndex, place: number): string {
  const { oid = '' } = chain[place] ?? {};
  if (lost !== undefined) return `without ${lost} ${oid}`;
  return place === 0 ? `first ${oid}` : oid;
}

const PROJECT = /^flags\/[^/]+\/[^/]+\//;
const OF_FLAG = /^(flags\/[^/]+\/[^/]+\/)(?:flags|overrides|tests)(\/[^/]+)$/;

/** The files that are one with this: a flag's own, its overrides and its tests. */
function pathsOfResource(path: string): readonly string[] {
  const [, project, name] = OF_FLAG.exec(path) ?? [];
  if (project === undefined || name === undefined) return [path];
  return [`${project}flags${name}`, `${project}overrides${name}`, `${project}tests${name}`];
}

/** True where an unreadable version was made readable. */
function isMended({ before, after }: FilePair): boolean {
  return before?.parsed?.value === undefined && before !== undefined && after?.parsed?.value !== undefined;
}

function requestsOf({ path, before, after }: Omit<FileStep, 'place'>): readonly FileRequest[] {
  return [before, after].flatMap((version) => (version && requestOf(path, version)) ?? []);
}

function requestOf(path: string, { oid, isFile }: FileVersion): FileRequest | undefined {
  const kind = isFile ? kindAt(path) : undefined;
  return kind && { kind, blob: oid, path };
}

function keyOf({ kind, blob }: FileRequest): string {
  return parsedKey(kind, blob);
}

function pairOf(
  { path, before, after }: Omit<FileStep, 'place'>,
  parsed: ReadonlyMap<string, ParsedFile>,
): FilePair {
  const sideOf = (version: FileVersion | undefined): FileSide | undefined => {
    if (version === undefined) return undefined;
    const request = requestOf(path, version);
    return { blob: version.oid, parsed: request && parsed.get(keyOf(request)) };
  };
  return { path, before: sideOf(before), after: sideOf(after) };
}
