import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { EMPTY_NAME, LAYERS, PUBLIC_FACE, packagesOf, rankName, rankOf } from './rules.js';

/** What breaks the order of the folders. */
interface Breach {
  /** With `/`, from the top of the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** A sentence. */
  readonly message: string;
}

/** Judges one file of `src/` by its path (with `/`, from the top of the repository) and its text. */
export function checkFile(file: string, text: string): Breach[] {
  const rank = rankOf(file);
  if (rank === undefined) {
    const known = LAYERS.map((layer) => layer.folder).join(', ');
    return [{ file, line: 1, message: `src/ has no folder of this name: it has ${known}` }];
  }
  return [...checkName(file), ...checkBarrel(file, text), ...checkImports({ file, rank, text })];
}

function checkName(file: string): Breach[] {
  const bad = file.split('/').find((part) => EMPTY_NAME.test(path.posix.basename(part, '.ts')));
  if (bad === undefined) return [];
  return [{ file, line: 1, message: `${bad} says nothing about what is in it: name it for its one idea` }];
}

/** A barrel only passes on what other files export, so an import of it says nothing about what is needed. */
function checkBarrel(file: string, text: string): Breach[] {
  if (file === PUBLIC_FACE) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const { statements } = source;
  const isBarrel =
    statements.length > 0 && statements.every((statement) => ts.isExportDeclaration(statement));
  if (!isBarrel && path.posix.basename(file) !== 'index.ts') return [];
  return [{ file, line: 1, message: `barrels are for ${PUBLIC_FACE} alone: import from the file itself` }];
}

interface RankedFile {
  readonly file: string;
  readonly rank: number;
  readonly text: string;
}

function checkImports({ file, rank, text }: RankedFile): Breach[] {
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos }) => {
    const message = fileName.startsWith('.')
      ? relativeBreach({ file, rank, imported: fileName })
      : packageBreach(rank, fileName);
    return message === undefined ? [] : [{ file, line: lineAt(text, pos), message }];
  });
}

interface RelativeImport {
  readonly file: string;
  readonly rank: number;
  readonly imported: string;
}

function relativeBreach({ file, rank, imported }: RelativeImport): string | undefined {
  const target = path.posix.join(path.posix.dirname(file), imported);
  const targetRank = rankOf(target);
  if (targetRank === undefined) return `${imported} is outside the folders of src/`;
  if (targetRank <= rank) return undefined;
  return `${rankName(rank)} must not import from ${rankName(targetRank)}, which stands below it`;
}

function packageBreach(rank: number, imported: string): string | undefined {
  if (isBuiltin(imported)) {
    return imported.startsWith('node:') ? undefined : `write node:${imported}, so that it is no package`;
  }
  const name = packageName(imported);
  if (packagesOf(rank).includes(name)) return undefined;
  const home = LAYERS.find((layer) => layer.packages.includes(name));
  if (home === undefined) return `the package ${name} has no folder that may import it`;
  return `the package ${name} is imported in ${home.folder}/ only, not in ${rankName(rank)}`;
}

function packageName(imported: string): string {
  const parts = imported.split('/');
  return parts.slice(0, imported.startsWith('@') ? 2 : 1).join('/');
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
