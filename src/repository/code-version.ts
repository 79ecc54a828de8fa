import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * A hash of this package's manifest, its schemas and the code in these folders of `src` (`files`): it changes whenever
 * the same bytes could come to mean something else.
 */
export function codeVersion(folders: readonly string[]): string {
  const root = new URL('../../', import.meta.url).href;
  const hash = createHash('sha1').update(readFileSync(new URL('../../package.json', import.meta.url)));
  for (const folder of ['../../schemas/', ...folders.map((name) => `../${name}/`)])
    for (const file of codeIn(new URL(folder, import.meta.url)))
      hash.update(file.href.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function codeIn(folder: URL): readonly URL[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return codeIn(new URL(`${entry.name}/`, folder));
    return /\.(?:json|js|ts)$/.test(entry.name) ? [new URL(entry.name, folder)] : [];
  });
}
