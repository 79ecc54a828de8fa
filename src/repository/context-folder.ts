import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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

const ENDING = '.jsonl';
const OLDER = '.older.jsonl';

/** The files below a folder, in order of their keys, the older file of an environment first. */
export async function listContextFiles(root: string): Promise<readonly ContextFile[]> {
  const files: ContextFile[] = [];
  for (const org of await foldersIn(root)) {
    for (const project of await foldersIn(join(root, org))) {
      for (const { environment, path } of await filesIn(join(root, org, project))) {
        const keys = { org: org as OrgKey, project: project as ProjectKey };
        files.push({ ...keys, environment: environment as EnvironmentKey, path });
      }
    }
  }
  return files;
}

/** The file that takes the lines of a place. */
export function contextPath(root: string, { org, project, environment }: ContextPlace): string {
  return join(root, org, project, `${environment}${ENDING}`);
}

/** The one that it becomes when it is full. */
export function olderPath(path: string): string {
  return path.slice(0, -ENDING.length) + OLDER;
}

/** An environment's key has no dot in it, so the endings tell the two apart. */
async function filesIn(
  folder: string,
): Promise<readonly { readonly environment: string; readonly path: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map(({ name }) => ({ environment: name.slice(0, name.indexOf('.')), path: join(folder, name) }))
    .sort((one, other) => compareTexts(orderOf(one), orderOf(other)));
}

/** `production` comes before `production-2`. */
function orderOf({ environment, path }: { readonly environment: string; readonly path: string }): string {
  return `${environment} ${path.endsWith(OLDER) ? 0 : 1}`;
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Nothing is there, or not any more. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
