import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TransformOptions, transform, version } from 'esbuild';
import { isFresh, MIRROR, makeFile, openMirror } from './mirror.js';
import { mirrorSurroundings } from './surroundings.js';

/** What has TypeScript in it. Names by which the project's files are imported go on as they are. */
export const COMPILED_FOLDERS: readonly string[] = ['src', 'test', 'scripts'];

const OPTIONS: TransformOptions = {
  loader: 'ts',
  format: 'esm',
  target: 'node20',
  sourcemap: 'external',
  sourcesContent: false,
  tsconfigRaw: { compilerOptions: { target: 'ES2023', verbatimModuleSyntax: true } },
};

/**
 * Compiles what changed since the last time, so that no test's process has to: to bring up a compiler in each takes
 * longer than most tests do.
 */
export async function compileProject(): Promise<void> {
  openMirror(JSON.stringify({ version, ...OPTIONS }));
  await mirrorSurroundings(COMPILED_FOLDERS);
  await Promise.all(COMPILED_FOLDERS.map(mirrorFolder));
}

/** The JavaScript of a TypeScript file, or undefined where it is none of those compiled. */
export function compiledOf(file: string): string | undefined {
  const made = path.join(MIRROR, scriptName(path.relative('', path.resolve(file))));
  return file.endsWith('.ts') && existsSync(file) && isFresh(made, file) ? made : undefined;
}

async function mirrorFolder(folder: string): Promise<void> {
  const names = new Set(filesIn(folder));
  await Promise.all([...names].map(mirrorFile));
  const wanted = new Set([...names].flatMap((name) => madeOf(name)));
  for (const name of filesIn(path.join(MIRROR, folder))) {
    if (!wanted.has(name) && !name.endsWith('.part')) rmSync(name, { force: true });
  }
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function madeOf(name: string): readonly string[] {
  const made = path.join(MIRROR, scriptName(name));
  return name.endsWith('.ts') ? [made, `${made}.map`] : [made];
}

async function mirrorFile(name: string): Promise<void> {
  const made = path.join(MIRROR, scriptName(name));
  await makeFile(made, name, () => (name.endsWith('.ts') ? compile(name, made) : readFile(name)));
}

/** One that cannot be compiled says so when it is imported: it is the mistake of nobody else. */
async function compile(name: string, made: string): Promise<string> {
  const sourcefile = pathToFileURL(name).href;
  try {
    const { code, map } = await transform(readFileSync(name, 'utf8'), { ...OPTIONS, sourcefile });
    await makeFile(`${made}.map`, name, async () => map);
    return `${code}//# sourceMappingURL=${path.basename(made)}.map\n`;
  } catch (error) {
    return `throw new SyntaxError(${JSON.stringify(String(error))});\n`;
  }
}

function scriptName(name: string): string {
  return name.replace(/\.ts$/, '.js');
}
