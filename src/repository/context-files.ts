import { existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EnvironmentKey, OrgKey, ProjectKey } from '../model/keys.js';

/** Whose contexts a file holds. */
export interface ContextPlace {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly environment: EnvironmentKey;
}

/** A file of recorded contexts, as JSON lines. */
export interface ContextFile extends ContextPlace {
  readonly path: string;
}

/** How large the files may become, in bytes. */
export interface ContextBounds {
  /** A file of this size becomes the older one of its environment, and the one that was older goes. */
  readonly file: number;
  /** All of them together; more is not recorded. */
  readonly all: number;
}

export const CONTEXT_BOUNDS: ContextBounds = { file: 8 * 1_048_576, all: 512 * 1_048_576 };

const FOLDER = 'contexts';
const ENDING = '.jsonl';
const OLDER = '.older.jsonl';
/** Contexts are of people, hashed or not. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Where contexts are recorded: two files for each environment below the git folder, outside git. They may be deleted at any
 * time.
 */
export class ContextFiles {
  readonly #root: string;
  readonly #bounds: ContextBounds;

  constructor({ stateDir }: { readonly stateDir: string }, bounds: ContextBounds = CONTEXT_BOUNDS) {
    this.#root = join(stateDir, FOLDER);
    this.#bounds = bounds;
  }

  /** In order of their keys, the older file of an environment first. */
  list(): readonly ContextFile[] {
    return foldersIn(this.#root).flatMap((org) =>
      foldersIn(join(this.#root, org)).flatMap((project) =>
        filesIn(join(this.#root, org, project)).map(({ environment, path }) => ({
          ...{ org: org as OrgKey, project: project as ProjectKey },
          ...{ environment: environment as EnvironmentKey, path },
        })),
      ),
    );
  }

  /** Adds whole lines, each with its end; false where there is no room left for them. Throws node's own errors of the disk. */
  async append(place: ContextPlace, lines: string): Promise<boolean> {
    const path = this.#pathOf(place);
    const size = await sizeOf(path);
    const bytes = Buffer.byteLength(lines);
    if (size > 0 && size + bytes > this.#bounds.file) await rename(path, olderOf(path));
    if ((await this.#sizeOfAll()) + bytes > this.#bounds.all) return false;
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    await appendFile(path, lines, { mode: FILE_MODE });
    return true;
  }

  async remove({ path }: ContextFile): Promise<void> {
    await rm(path, { force: true });
  }

  #pathOf({ org, project, environment }: ContextPlace): string {
    return join(this.#root, org, project, `${environment}${ENDING}`);
  }

  async #sizeOfAll(): Promise<number> {
    let all = 0;
    for (const { path } of this.list()) all += await sizeOf(path);
    return all;
  }
}

function olderOf(path: string): string {
  return path.slice(0, -ENDING.length) + OLDER;
}

/** An environment's key has no dot in it, so the endings tell the two apart. */
function filesIn(folder: string): readonly { readonly environment: string; readonly path: string }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
  return names
    .map((name) => ({ environment: name.slice(0, name.indexOf('.')), path: join(folder, name) }))
    .sort((one, other) => compareTexts(orderOf(one), orderOf(other)));
}

/** `production` comes before `production-2`. */
function orderOf({ environment, path }: { readonly environment: string; readonly path: string }): string {
  return `${environment} ${path.endsWith(OLDER) ? 0 : 1}`;
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
