import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fixText } from '../files/fix.js';
import type { LoadedFlags } from './load-flags.js';
import type { Part } from './part.js';

/** Which files are repaired. */
interface Fixing extends Pick<Part, 'has'> {
  readonly folder: string;
}

/**
 * Repairs what has one safe repair in every file of a part that was read, and returns a line for each repair. Links are never
 * followed, and bytes that are no text stay as they are.
 */
export function fixFiles({ folder, has }: Fixing, { settings, folders }: LoadedFlags): string[] {
  const files = [...(settings ? [settings] : []), ...[...folders.values()].flatMap((org) => org.files)];
  return files.flatMap(({ path: name, parsed }) => {
    const file = path.join(folder, name);
    const text = parsed && has(name) ? readText(file) : undefined;
    if (parsed === undefined || text === undefined) return [];
    const { text: repaired, fixed } = fixText(parsed.kind, text);
    if (repaired !== text) writeFileSync(file, repaired);
    return fixed.map(
      ({ line, column, code, message }) => `${name}:${line}:${column}: fixed ${code}: ${message}`,
    );
  });
}

/** The text with its byte order mark, or undefined where it is no UTF-8. */
function readText(file: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
