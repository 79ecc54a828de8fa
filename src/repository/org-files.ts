import type { SourceFile } from '../files/loaded.js';
import type { ParsedFile } from '../files/parsed.js';
import type { FileChange } from './file-events.js';
import type { FileReader } from './file-reader.js';
import { kindAt, type UnreadFile } from './listing.js';
import { parsedKey } from './parsed-store.js';
import type { FileRequest } from './reading-task.js';

/** Parsed forms that need no parsing again, by `parsedKey`. */
export type KnownFiles = ReadonlyMap<string, ParsedFile>;

/** The files of one organization, all parsed. */
export interface OrgFiles {
  readonly files: readonly SourceFile[];
  /** How many of them were parsed now. */
  readonly parsedNow: number;
  /** Those whose objects git does not have, to be tried again. */
  readonly unreadable: readonly FileRequest[];
}

/** Parses those files that are not known. */
export async function readOrgFiles(
  reader: FileReader,
  unread: readonly UnreadFile[],
  known: KnownFiles,
): Promise<OrgFiles> {
  const requests = unread.flatMap((file) => requestOf(file, known));
  const results = await reader.parse(requests);
  const fresh = new Map<string, ParsedFile>();
  requests.forEach((request, index) => {
    const result = results[index];
    if (result !== undefined) fresh.set(parsedKey(request.kind, request.blob), result.parsed);
  });
  return {
    files: unread.map((file) => sourceFile(file, known, fresh)),
    parsedNow: requests.length,
    unreadable: requests.filter((_, index) => results[index]?.isReadable === false),
  };
}

/**
 * The files as these changes leave them: only what changed is looked at. Undefined where something is no plain file, of
 * which a change does not say what it is.
 */
export async function readChangedFiles(
  reader: FileReader,
  before: OrgFiles,
  changes: readonly FileChange[],
): Promise<OrgFiles | undefined> {
  if (changes.some(({ oid, isFile }) => oid !== undefined && !isFile)) return undefined;
  const left = new Set(changes.map(({ path }) => path));
  const old = before.files.filter(({ path }) => left.has(path));
  const unreadable = before.unreadable.filter(({ path }) => !left.has(path));
  const unread = changes.flatMap(({ path, oid }): UnreadFile[] =>
    oid === undefined ? [] : [{ path, blob: oid, mode: 'file', kind: kindAt(path) }],
  );
  const fresh = await readOrgFiles(reader, unread, knownFiles({ ...before, files: old }));
  const files = withChanges(before.files, { left, fresh: fresh.files });
  return { ...fresh, files, unreadable: [...unreadable, ...fresh.unreadable] };
}

/** Each in the place of its old version, and new ones behind: who compares the lists finds most where it was. */
function withChanges(
  before: readonly SourceFile[],
  { left, fresh }: { readonly left: ReadonlySet<string>; readonly fresh: readonly SourceFile[] },
): readonly SourceFile[] {
  const added = new Map(fresh.map((file) => [file.path, file]));
  const files: SourceFile[] = [];
  for (const file of before) {
    const now = left.has(file.path) ? added.get(file.path) : file;
    if (now !== undefined) files.push(now);
    added.delete(file.path);
  }
  return [...files, ...added.values()];
}

/** The parsed forms of these files, for the next time. Those that could not be read are not known. */
export function knownFiles({ files, unreadable }: OrgFiles): KnownFiles {
  const known = new Map<string, ParsedFile>();
  for (const { blob, parsed } of files)
    if (parsed !== undefined) known.set(parsedKey(parsed.kind, blob), parsed);
  for (const { kind, blob } of unreadable) known.delete(parsedKey(kind, blob));
  return known;
}

function requestOf({ kind, blob, path, parsed }: UnreadFile, known: KnownFiles): readonly FileRequest[] {
  return kind === undefined || parsed !== undefined || known.has(parsedKey(kind, blob))
    ? []
    : [{ kind, blob, path }];
}

function sourceFile(
  { path, blob, mode, kind, parsed }: UnreadFile,
  known: KnownFiles,
  fresh: KnownFiles,
): SourceFile {
  const key = kind === undefined ? '' : parsedKey(kind, blob);
  return { path, blob, mode, parsed: parsed ?? known.get(key) ?? fresh.get(key) };
}
