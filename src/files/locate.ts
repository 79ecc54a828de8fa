import type { Pointer } from '../model/problem.js';
import type { Finding } from './parsed.js';
import { pointerOffset } from './pointer.js';
import { type LineAndColumn, linesAndColumns } from './text.js';
import { readYaml, type YamlText } from './yaml-text.js';

/**
 * The lines and columns, from 1, of places in a document: of the key where a map or list hangs on it, else of the value.
 * The document is read once for all of them; in one that is no YAML every place is the start.
 */
export function locateAll(text: string, places: readonly Pointer[]): readonly LineAndColumn[] {
  return locateRead(readYaml(text), places);
}

/** The same in a text that has been read already. */
export function locateRead(
  { text, reading }: YamlText,
  places: readonly Pointer[],
): readonly LineAndColumn[] {
  if (reading.kind === 'unreadable') return places.map(() => ({ line: 1, column: 1 }));
  return linesAndColumns(
    text,
    places.map((at) => pointerOffset(reading.root, at, 'auto')),
  );
}

/** The same for one place. */
export function locate(text: string, at: Pointer): LineAndColumn {
  return locateAll(text, [at])[0] ?? { line: 1, column: 1 };
}

/** Findings with their lines; each file's text is asked for once. A file without text (gone, or no file) is at 1:1. */
export function locateFindings<Placed extends Pick<Finding, 'path' | 'at'>>(
  findings: readonly Placed[],
  readText: (path: string) => string | undefined,
): (Omit<Placed, 'at'> & LineAndColumn)[] {
  const lines = new Map<Placed, LineAndColumn>();
  for (const [path, ofPath] of byPath(findings)) {
    const places = ofPath.map(({ at }) => at);
    locateAll(readText(path) ?? '', places).forEach((place, index) => {
      const finding = ofPath[index];
      if (finding !== undefined) lines.set(finding, place);
    });
  }
  return findings.map((finding) => {
    const { at: _at, ...rest } = finding;
    return { ...rest, ...(lines.get(finding) ?? { line: 1, column: 1 }) };
  });
}

function byPath<Placed extends Pick<Finding, 'path'>>(
  findings: readonly Placed[],
): ReadonlyMap<string, readonly Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}
