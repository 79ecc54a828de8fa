import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { MIRROR, makeFile } from './mirror.js';

/** Where tests find the description of the API parsed: see `test/support/openapi.ts`. */
const DESCRIPTION = path.join(MIRROR, 'openapi.json');

/** What is found by going up as it is without the mirror. */
const NOT_MIRRORED: ReadonlySet<string> = new Set([MIRROR, '.git', 'node_modules']);

/** Puts beside the compiled folders what stands beside their sources: folders as links, files as copies. */
export async function mirrorSurroundings(compiled: readonly string[]): Promise<void> {
  for (const entry of readdirSync('.', { withFileTypes: true })) {
    if (NOT_MIRRORED.has(entry.name) || compiled.includes(entry.name)) continue;
    if (entry.isDirectory()) linkFolder(entry.name);
    if (entry.isFile()) await makeFile(path.join(MIRROR, entry.name), entry.name, () => readFile(entry.name));
  }
  declareModules();
  await parseDescription();
}

/** A junction needs no rights on Windows; elsewhere it is a link like any. */
function linkFolder(name: string): void {
  const link = path.join(MIRROR, name);
  if (!existsSync(link)) symlinkSync(path.join('..', name), link, 'junction');
}

/** Without a manifest Node would have to guess what the mirror's files are. */
function declareModules(): void {
  if (!existsSync('package.json')) writeFileSync(path.join(MIRROR, 'package.json'), '{ "type": "module" }\n');
}

/** Parsing it takes a third of a second: once is enough. */
async function parseDescription(): Promise<void> {
  const source = 'schemas/openapi.yaml';
  if (!existsSync(source)) return;
  await makeFile(DESCRIPTION, source, async () => JSON.stringify(parse(readFileSync(source, 'utf8'))));
}
