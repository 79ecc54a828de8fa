import { judgeText } from './parse.js';
import type { FileKind, LocatedProblem } from './parsed.js';
import { BYTE_ORDER_MARK, locateInText, type TextProblem } from './text.js';
import { readYaml } from './yaml-text.js';

/** A text repaired, and the problems of the old text that are gone. */
export interface FixedText {
  readonly text: string;
  readonly fixed: readonly LocatedProblem[];
}

/** Replaces `length` characters from `offset` on. */
interface Repair {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * Repairs the problems of a text that have one safe repair, none of which changes what the file says: blanks at the
 * ends of lines, a missing last line break, a byte order mark, and words in need of quotes. All else stays as it is,
 * byte for byte. A text that is no YAML stays as it is.
 */
export function fixText(kind: FileKind, text: string): FixedText {
  const repairs: Repair[] = [];
  const fixed: TextProblem[] = [];
  const yaml = readYaml(text);
  for (const problem of judgeText(kind, yaml).problems) {
    const repair = repairOf(text, { ...problem, offset: yaml.mark.length + problem.offset });
    if (repair === undefined) continue;
    repairs.push(repair);
    fixed.push(problem);
  }
  return { text: repaired(text, repairs), fixed: locateInText(yaml.text, fixed) };
}

function repairOf(text: string, { code, offset }: TextProblem): Repair | undefined {
  const rest = text.slice(offset);
  if (code === 'YAML_1_1_WORD') return quoted(offset, /^[A-Za-z]+/.exec(rest)?.[0] ?? '');
  if (code !== 'STYLE') return undefined;
  if (rest === '') return { offset, length: 0, text: text.includes('\r\n') ? '\r\n' : '\n' };
  if (rest.startsWith(BYTE_ORDER_MARK)) return { offset, length: 1, text: '' };
  return { offset, length: /^[ \t]*/.exec(rest)?.[0].length ?? 0, text: '' };
}

function quoted(offset: number, word: string): Repair {
  return { offset, length: word.length, text: `"${word}"` };
}

function repaired(text: string, repairs: readonly Repair[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { offset, length, text: put } of [...repairs].sort((one, other) => one.offset - other.offset)) {
    parts.push(text.slice(done, offset), put);
    done = offset + length;
  }
  return parts.join('') + text.slice(done);
}
