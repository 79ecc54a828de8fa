import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * The project once more, with JavaScript in the place of TypeScript. Whatever a file finds by `import.meta.url`, it finds
 * there too, at the same distance.
 */
export const MIRROR = '.compiled';

/** Makes the folder; one that other settings made goes first. */
export function openMirror(settings: string): void {
  const note = path.join(MIRROR, 'settings');
  if (existsSync(note) && readFileSync(note, 'utf8') === settings) return;
  rmSync(MIRROR, { recursive: true, force: true });
  mkdirSync(MIRROR);
  writeFileSync(note, settings);
}

/** True where a file of the mirror was made of the source as it is now. */
export function isFresh(made: string, source: string): boolean {
  const was = statSync(made, { throwIfNoEntry: false });
  return was !== undefined && Math.abs(was.mtimeMs - statSync(source).mtimeMs) < 1;
}

/**
 * Makes a file of the mirror that is not fresh. It appears whole, since tests of another run may read it, and with the
 * time of its source, which is how it is known to be fresh.
 */
export async function makeFile(
  made: string,
  source: string,
  contentOf: () => Promise<string | Buffer>,
): Promise<void> {
  if (isFresh(made, source)) return;
  const { atime, mtime } = statSync(source);
  const content = await contentOf();
  mkdirSync(path.dirname(made), { recursive: true });
  const part = `${made}.${process.pid}.part`;
  writeFileSync(part, content);
  utimesSync(part, atime, mtime);
  renameSync(part, made);
}
