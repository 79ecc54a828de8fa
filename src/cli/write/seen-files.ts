import { mainPath, pathsOf } from '../../changes/apply.js';
import type { GitRepository } from '../../repository/git.js';
import { fileInTree } from '../../repository/tree-edit.js';
import type { Precondition, Preview, WriteRequest } from '../../repository/write-request.js';
import type { ServerRequest } from './ask-server.js';
import type { CommandWrite } from './commit.js';

/** The files that a write is about, as they were when somebody saw what it would do. */
export interface SeenFiles {
  /** The blob of each by its path; undefined where it was not there. */
  readonly blobs: ReadonlyMap<string, string | undefined>;
  /** Of each change the file that it is about, in the order of the changes. */
  readonly mainPaths: readonly string[];
}

/** Looks at the files on which a preview was made: all that it would change, and all that the changes may touch. */
export async function readSeenFiles(
  repository: GitRepository,
  { org, changes }: Pick<WriteRequest, 'org' | 'changes'>,
  { base, files }: Preview,
): Promise<SeenFiles> {
  const paths = [...files.map(({ path }) => path), ...changes.flatMap((change) => pathsOf(org, change))];
  const blobs = await blobsAt(repository, base, paths);
  return { blobs, mainPaths: changes.map((change) => mainPath(org, change)) };
}

/** The same write, which is refused where one of the files is another one by now; a server is told of what it can ask for. */
export function onlyOn(seen: SeenFiles, { request, ask }: CommandWrite): CommandWrite {
  return {
    request: async (cache, repository) => {
      const wanted = await request(cache, repository);
      return { ...wanted, preconditions: [...(wanted.preconditions ?? []), ...conditionsOf(seen)] };
    },
    ask: async (repository) => askOnlyOn(seen, await ask(repository)),
  };
}

/** The files that were others than those seen when a commit was written on them: a server cannot be asked for all of them. */
export async function filesUnlike(
  repository: GitRepository,
  seen: SeenFiles,
  commit: string,
): Promise<readonly string[]> {
  const [parent] = (await repository.readCommit(commit)).parents;
  if (parent === undefined) return [];
  const blobs = await blobsAt(repository, parent, [...seen.blobs.keys()]);
  return [...seen.blobs].flatMap(([path, blob]) => (blobs.get(path) === blob ? [] : [path]));
}

async function blobsAt(
  repository: GitRepository,
  commit: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const { tree } = await repository.readCommit(commit);
  const blobs = new Map<string, string | undefined>();
  for (const path of new Set(paths)) blobs.set(path, (await fileInTree(repository, tree, path))?.oid);
  return blobs;
}

function conditionsOf({ blobs }: SeenFiles): readonly Precondition[] {
  return [...blobs].map(([path, blob]) =>
    blob === undefined ? { path, ifNoneMatch: '*' } : { path, ifMatch: [blob] },
  );
}

/** A change names the blob of its own file; a write of one file that is not there, or takes back a commit, has a header. */
function askOnlyOn({ blobs, mainPaths }: SeenFiles, asked: ServerRequest): ServerRequest {
  const { changes } = asked.body as { readonly changes?: readonly Readonly<Record<string, unknown>>[] };
  const paths = changes === undefined ? [...blobs.keys()] : mainPaths;
  const [only = '', ...others] = paths;
  const blob = blobs.get(only);
  if (others.length === 0 && (changes === undefined || blob === undefined)) {
    const header = blob === undefined ? { 'If-None-Match': '*' } : { 'If-Match': `"${blob}"` };
    return { ...asked, headers: header };
  }
  if (changes === undefined) return asked;
  const known = changes.map((change, place) => ({ ...blobOf(blobs.get(mainPaths[place] ?? '')), ...change }));
  return { ...asked, body: { ...asked.body, changes: known } };
}

function blobOf(blob: string | undefined) {
  return blob === undefined ? {} : { ifMatch: blob };
}
