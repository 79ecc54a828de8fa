import { type StructuredPatch, structuredPatch } from 'diff';
import { quotedPath } from './quoted-path.js';
import type { TextPair } from './text-pair.js';

/** Lines around each difference. */
const CONTEXT_LINES = 3;
/** Texts that differ in more lines are told as one text gone and another come: the search would hold up everybody else. */
const MOST_CHANGED_LINES = 600;
/** Two versions of so many characters together are searched in a few milliseconds. */
const LONG_TEXT = 64 * 1024;
/** Of more characters not even the lines are made where others wait: that alone would hold them for a tenth of a second. */
const TOO_LONG_TEXT = 512 * 1024;

/** What changed between the versions, as `git diff` prints it and `git apply` takes it. Equal versions are left out. */
export function unifiedDiff(pairs: readonly TextPair[]): string {
  return pairs
    .filter(({ before, after }) => before !== after)
    .map(fileDiff)
    .join('');
}

/** True where `unifiedDiffInTurns` only says how long both versions are. */
export function isTooLongToCompare({ before, after }: TextPair): boolean {
  return before !== after && (before?.length ?? 0) + (after?.length ?? 0) > TOO_LONG_TEXT;
}

/**
 * The same, where others wait: between two steps of the search in long texts they have a turn. The longest are not
 * searched: a line says how long they are, and `git apply` leaves that file as it is.
 */
export async function unifiedDiffInTurns(pairs: readonly TextPair[]): Promise<string> {
  const diffs: string[] = [];
  for (const pair of pairs) {
    const { before, after } = pair;
    if (before === after) continue;
    if (isTooLongToCompare(pair)) {
      diffs.push(tooLongNote(pair));
      continue;
    }
    const isLong = (before?.length ?? 0) + (after?.length ?? 0) > LONG_TEXT;
    diffs.push(isLong ? fileText(pair, await hunksInTurns(before ?? '', after ?? '')) : fileDiff(pair));
  }
  return diffs.join('');
}

function fileDiff(pair: TextPair): string {
  return fileText(pair, hunksOf(pair.before ?? '', pair.after ?? ''));
}

function fileText({ path, before, after }: TextPair, hunks: readonly Hunk[]): string {
  const lines = [
    `diff --git ${quotedPath(`a/${path}`)} ${quotedPath(`b/${path}`)}`,
    ...(before === null ? ['new file mode 100644'] : []),
    ...(after === null ? ['deleted file mode 100644'] : []),
    ...(hunks.length === 0
      ? []
      : [
          `--- ${before === null ? '/dev/null' : nameOf(`a/${path}`)}`,
          `+++ ${after === null ? '/dev/null' : nameOf(`b/${path}`)}`,
        ]),
    ...hunks.flatMap((hunk) => [headOf(hunk), ...hunk.lines]),
  ];
  return `${lines.join('\n')}\n`;
}

/** No header stands above it: `git apply` would make an empty file of one that comes, and refuse the others for one that goes. */
function tooLongNote({ path, before, after }: TextPair): string {
  const sizes = `${before?.length ?? 0} characters before, ${after?.length ?? 0} after`;
  return `# ${quotedPath(path)}: ${sizes}: too long to be compared here\n`;
}

/** A tab tells those who read the line where a name with blanks ends. */
function nameOf(path: string): string {
  return quotedPath(path) + (path.includes(' ') ? '\t' : '');
}

type Hunk = StructuredPatch['hunks'][number];

function headOf({ oldStart, oldLines, newStart, newLines }: Hunk): string {
  return `@@ -${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)} @@`;
}

/** Git leaves out the number of lines where it is one, and counts no line from the one before. */
function rangeOf(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? `${start}` : `${start},${lines}`;
}

const SEARCH = { context: CONTEXT_LINES, maxEditLength: MOST_CHANGED_LINES };

function hunksOf(before: string, after: string): readonly Hunk[] {
  const patch = structuredPatch('', '', before, after, undefined, undefined, SEARCH);
  return patch?.hunks ?? [wholeHunk(before, after)];
}

function hunksInTurns(before: string, after: string): Promise<readonly Hunk[]> {
  return new Promise((fulfil) => {
    const callback = (patch: StructuredPatch | undefined) =>
      fulfil(patch?.hunks ?? [wholeHunk(before, after)]);
    structuredPatch('', '', before, after, undefined, undefined, { ...SEARCH, callback });
  });
}

function wholeHunk(before: string, after: string): Hunk {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  return {
    oldStart: 1,
    oldLines: old.length,
    newStart: 1,
    newLines: fresh.length,
    lines: [...marked('-', old, before), ...marked('+', fresh, after)],
  };
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function marked(sign: string, lines: readonly string[], text: string): readonly string[] {
  const end = text === '' || text.endsWith('\n') ? [] : ['\\ No newline at end of file'];
  return [...lines.map((line) => sign + line), ...end];
}
