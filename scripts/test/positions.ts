import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MIRROR } from './mirror.js';

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/**
 * The output with positions in compiled files replaced by those in their sources. Node would do so itself with
 * `--enable-source-maps`, which reads the map of every module in every process: only what failed is worth that.
 */
export function withSources(output: string): string {
  const root = pathToFileURL(path.resolve(MIRROR)).href.replace(SPECIAL, '\\$&');
  const position = new RegExp(`(${root}/[^\\s:)]+\\.js):(\\d+)(?::(\\d+))?`, 'g');
  return output.replace(position, (whole: string, href: string, line: string, column?: string) => {
    const found = sourceOf(fileURLToPath(href), Number(line), Number(column ?? 1));
    return found ?? whole;
  });
}

function sourceOf(file: string, line: number, column: number): string | undefined {
  if (!existsSync(`${file}.map`)) return undefined;
  const entry = mapOf(file).findEntry(line - 1, column - 1);
  if (!('originalSource' in entry)) return undefined;
  return `${fileURLToPath(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

const maps = new Map<string, SourceMap>();

function mapOf(file: string): SourceMap {
  const known = maps.get(file) ?? new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  maps.set(file, known);
  return known;
}
