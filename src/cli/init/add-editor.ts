import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasSchemaLine, schemaLine } from '../../files/schema-line.js';
import type { UnreadFile } from '../../repository/listing.js';
import { listWorkTree } from '../../repository/work-listing.js';
import { isSystemError, systemReason } from '../exit.js';
import { count } from '../format.js';
import { addMissing } from './add-missing.js';
import { editorFiles } from './editor-files.js';

/** What was done, or left, in a line, and the files that are others now. */
export interface EditorStep {
  readonly line: string;
  readonly files: readonly string[];
}

/** Gives a flags repository what editors need and it has not. */
export async function addEditor(folder: string): Promise<readonly EditorStep[]> {
  const steps = [...editorFiles()].flatMap(([name, text]) => addFile(folder, name, text));
  const files = addSchemaLines(folder, await flagFiles(folder));
  const line = `added the line that names the schema to ${count(files.length, 'file')}`;
  return files.length === 0 ? steps : [...steps, { line, files }];
}

/** What is in the way of one file is told, and stops no other. */
function addFile(folder: string, name: string, text: string): readonly EditorStep[] {
  try {
    return addReadable(folder, name, text);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [kept(`left out ${name}: ${systemReason(error)}`)];
  }
}

function addReadable(folder: string, name: string, text: string): readonly EditorStep[] {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    return [{ line: `wrote ${name}`, files: [name] }];
  }
  const known = readFileSync(file, 'utf8');
  if (known === text) return [];
  return name.startsWith('schemas/') ? [kept(otherVersion(name))] : addToFile({ file, name, known, text });
}

function kept(line: string): EditorStep {
  return { line, files: [] };
}

function otherVersion(name: string): string {
  return `kept ${name}, which another version of flagstaff wrote: remove it and run this again for today's`;
}

interface SettingsFile {
  readonly file: string;
  readonly name: string;
  readonly known: string;
  /** What it would be if it were not there. */
  readonly text: string;
}

/** VS Code allows comments in these files, and nobody's comments are lost: people add to such a file themselves. */
function addToFile({ file, name, known, text }: SettingsFile): readonly EditorStep[] {
  const completed = isJson(known) ? addMissing(known, JSON.parse(text)) : undefined;
  if (completed === undefined) {
    const missing = `add what is missing of\n${text.trimEnd()}`;
    return [kept(`kept ${name}, which has comments or is no object of JSON: ${missing}`)];
  }
  if (completed === known) return [];
  writeFileSync(file, completed);
  return [{ line: `added to ${name}`, files: [name] }];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function flagFiles(folder: string): Promise<readonly UnreadFile[]> {
  const listing = await listWorkTree(folder);
  const files = listing.config === undefined ? [] : [listing.config];
  for (const org of listing.versions.keys()) files.push(...(await listing.filesOf(org)));
  return files.filter(({ mode }) => mode === 'file');
}

/** Gives the files that had none. */
function addSchemaLines(folder: string, files: readonly UnreadFile[]): readonly string[] {
  const added: string[] = [];
  for (const { path: name, kind, parsed } of files) {
    // Too large to be read.
    if (parsed !== undefined) continue;
    const file = path.join(folder, name);
    const bytes = readFileSync(file);
    const text = bytes.toString('utf8');
    // What is no UTF-8 would not be the same again.
    if (kind === undefined || hasSchemaLine(text) || !Buffer.from(text).equals(bytes)) continue;
    writeFileSync(file, withFirstLine(text, schemaLine(kind)));
    added.push(name);
  }
  return added;
}

const BYTE_ORDER_MARK = '\uFEFF';

/** In the line ends of the file, behind the mark that some editors put first. */
function withFirstLine(text: string, line: string): string {
  const first = /\r?\n/.exec(text)?.[0] === '\r\n' ? line.replace('\n', '\r\n') : line;
  return text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + first + text.slice(1) : first + text;
}
