import { realpathSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_PATH } from '../../files/config.js';
import { FLAGS_FOLDER } from '../../files/paths.js';
import { linesAndColumns } from '../../files/text.js';
import { isFolder } from '../folder.js';
import { editorFiles } from '../init/editor-files.js';
import { workflowFiles } from '../init/workflow.js';
import type { Surroundings } from '../surroundings.js';
import { findKeys, type KeyPlace, type KeySearch } from './find-keys.js';
import { listSourceFiles } from './source-files.js';
import { readSource, type Skipped } from './source-text.js';

/** A place of a file at which a flag is named. */
export interface Reference extends Omit<KeyPlace, 'offset'> {
  /** From the current folder, with `/`. */
  readonly path: string;
  /** From 1, as the column, which is in UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/** One file of code, looked into. */
export type ScannedFile =
  | { readonly kind: 'read'; readonly path: string; readonly references: readonly Reference[] }
  | { readonly kind: 'skipped'; readonly path: string; readonly why: Skipped };

/** What is looked into. */
export interface Scan extends Omit<KeySearch, 'isProse'> {
  /** The folders and files of code, from the root of the system. */
  readonly sources: readonly string[];
  /** The flags repository: its own files are no code. */
  readonly repository: string;
}

/** Looks into one file after the other, so that no more than one is in memory. Throws as `listSourceFiles`. */
export async function* scanSources(
  { sources, repository, ...search }: Scan,
  around: Surroundings,
): AsyncGenerator<ScannedFile> {
  const isOwn = ownFiles(repository);
  const seen = new Set<string>();
  try {
    for (const source of sources) {
      for (const file of isFolder(source) ? await listSourceFiles(source) : [source]) {
        if (seen.has(file) || isOwn(file, source)) continue;
        seen.add(file);
        if (seen.size % TOLD_EVERY === 0) around.terminal.showProgress(`${seen.size} files looked into`);
        yield scanFile(file, search, around.cwd);
      }
    }
  } finally {
    around.terminal.showProgress(undefined);
  }
}

/** Whichever way a folder is named, a file of the flags repository is known: its flags, and what `init` puts beside them. */
function ownFiles(repository: string): (file: string, source: string) => boolean {
  const top = realpathSync(repository);
  const flags = path.join(top, FLAGS_FOLDER) + path.sep;
  const made = [...editorFiles(), ...workflowFiles()].map(([name]) => name);
  const beside = new Set([CONFIG_PATH, ...made].map((name) => path.join(top, name)));
  return (file, source) => {
    const real = path.join(realpathSync(source), path.relative(source, file));
    return real.startsWith(flags) || beside.has(real);
  };
}

const TOLD_EVERY = 200;
const PROSE = /\.(?:md|mdx|markdown|txt|rst|adoc)$/i;

function scanFile(file: string, search: Omit<KeySearch, 'isProse'>, cwd: string): ScannedFile {
  const shown = path.relative(cwd, file).split(path.sep).join('/');
  const source = readSource(file);
  if (source.kind === 'skipped') return { kind: 'skipped', path: shown, why: source.why };
  const found = findKeys(source.text, { ...search, isProse: PROSE.test(file) });
  const places = linesAndColumns(
    source.text,
    found.map(({ offset }) => offset),
  );
  const references = found.map(({ offset: _offset, ...place }, index) => ({
    path: shown,
    ...(places[index] ?? { line: 1, column: 1 }),
    ...place,
  }));
  return { kind: 'read', path: shown, references };
}
