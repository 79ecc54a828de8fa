/**
 * Writes schemas/*.json from the types in src/model/. With `--check` it writes nothing and fails where a committed
 * file is stale. A property without a description fails both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generateSchemas, type SchemaText, undescribed } from './schemas/generate.js';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv.includes('--check'));
}

function main(isCheck: boolean): number {
  const schemas = generateSchemas();
  const bare = schemas.flatMap(({ path, schema }) => undescribed(schema).map((at) => `${path}: ${at}`));
  for (const line of bare) console.error(`${line} has no description`);
  if (bare.length > 0) return 1;
  const stale = schemas.filter((schema) => textAt(schema.path) !== schema.text);
  if (isCheck) return reportStale(stale);
  for (const { path, text } of stale) writeFileSync(resolve(path), text);
  console.log(`${schemas.length} schemas, ${stale.length} written`);
  return 0;
}

function reportStale(stale: readonly SchemaText[]): number {
  for (const { path } of stale) console.error(`${path} is stale; run npm run schemas`);
  return stale.length > 0 ? 1 : 0;
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
