import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkFile } from './imports/check.js';

/**
 * `npm run imports`: fails where a file of `src/` imports from a folder below its own, or a package outside the folder
 * that owns it, and where a barrel or an empty name has crept in.
 */
function main(): void {
  const files = findSources('src');
  const breaches = files.flatMap((file) => checkFile(file, readFileSync(file, 'utf8')));
  for (const { file, line, message } of breaches) console.log(`${file}:${line}: ${message}`);
  console.log(`${files.length} files checked, ${breaches.length} breaches`);
  process.exitCode = breaches.length > 0 || files.length === 0 ? 1 : 0;
}

function findSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name).split(path.sep).join('/'))
    .sort();
}

main();
