import type { Difference } from '../../changes/difference.js';
import { diffFiles, type FilePair, type FileSide } from '../../changes/difference-files.js';
import type { TextPair } from '../../changes/text-pair.js';
import type { FileReader } from '../../repository/file-reader.js';
import type { GitRepository } from '../../repository/git.js';
import type { Listing, UnreadFile } from '../../repository/listing.js';
import { readBytes } from '../../repository/reading.js';

/** A file that is not the same in two versions; undefined where it is not there. */
export interface ChangedFile {
  readonly path: string;
  readonly before: UnreadFile | undefined;
  readonly after: UnreadFile | undefined;
}

/** What is read from. */
interface Comparing {
  readonly repository: GitRepository;
  readonly reader: FileReader;
}

/** The files below one of the prefixes that differ, in order of their paths. Organizations with one version are not listed. */
export async function changedFiles(
  before: Listing,
  after: Listing,
  isWanted: (path: string) => boolean,
): Promise<readonly ChangedFile[]> {
  const changed = changedBetween(configOf(before), configOf(after));
  for (const org of new Set([...before.versions.keys(), ...after.versions.keys()])) {
    if (before.versions.get(org) === after.versions.get(org)) continue;
    changed.push(...changedBetween(await before.filesOf(org), await after.filesOf(org)));
  }
  return changed.filter(({ path }) => isWanted(path)).sort((one, other) => (one.path < other.path ? -1 : 1));
}

function configOf({ config }: Listing): readonly UnreadFile[] {
  return config === undefined ? [] : [config];
}

function changedBetween(before: readonly UnreadFile[], after: readonly UnreadFile[]): ChangedFile[] {
  const old = new Map(before.map((file) => [file.path, file]));
  const young = new Map(after.map((file) => [file.path, file]));
  const paths = [...new Set([...old.keys(), ...young.keys()])];
  return paths
    .map((path) => ({ path, before: old.get(path), after: young.get(path) }))
    .filter((file) => file.before?.blob !== file.after?.blob);
}

/** What is different in meaning. */
export async function differencesOf(
  { reader }: Comparing,
  files: readonly ChangedFile[],
): Promise<readonly Difference[]> {
  const sides = await parseSides(
    reader,
    files.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()),
  );
  const sideOf = (file: UnreadFile | undefined): FileSide | undefined => file && sides.get(file);
  const pairs = files.map(
    ({ path, before, after }): FilePair => ({ path, before: sideOf(before), after: sideOf(after) }),
  );
  return diffFiles(pairs);
}

async function parseSides(
  reader: FileReader,
  files: readonly UnreadFile[],
): Promise<ReadonlyMap<UnreadFile, FileSide>> {
  const readable = files.flatMap((file) => (file.kind === undefined ? [] : { file, kind: file.kind }));
  const read = await reader.parse(readable.map(({ file, kind }) => ({ ...file, kind })));
  const parsed = new Map(readable.map(({ file }, index) => [file, read[index]?.parsed]));
  return new Map(files.map((file) => [file, { blob: file.blob, parsed: parsed.get(file) }]));
}

/** The texts, for a line by line comparison. */
export async function textPairsOf(
  { repository }: Comparing,
  files: readonly ChangedFile[],
): Promise<readonly TextPair[]> {
  const pairs: TextPair[] = [];
  for (const { path, before, after } of files) {
    pairs.push({ path, before: await textOf(repository, before), after: await textOf(repository, after) });
  }
  return pairs;
}

/** What is no file, such as a link, has no text. */
async function textOf(repository: GitRepository, file: UnreadFile | undefined): Promise<string | null> {
  if (file === undefined || file.mode !== 'file') return null;
  const source = { workDir: repository.workDir, readBlob: (oid: string) => repository.readBlob(oid) };
  return (await readBytes(source, file)).toString('utf8');
}
