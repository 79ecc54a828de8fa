import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const IS_COMPILED = import.meta.url.endsWith('.js');

/** What Node needs before a file of this project: its compiler, or nothing where the tests run compiled themselves. */
export const LOADER: readonly string[] = IS_COMPILED ? [] : ['--import', import.meta.resolve('tsx')];

/** The file to give to Node for a source such as `src/cli.ts`. */
export function programOf(source: string): string {
  return fileURLToPath(new URL(IS_COMPILED ? source.replace(/\.ts$/, '.js') : source, ROOT));
}

/** The same as what a program imports. */
export function moduleOf(source: string): string {
  return pathToFileURL(programOf(source)).href;
}
