import type { JsonValue } from '../model/values.js';

/**
 * How a scalar is written: plain where its reader cannot mistake it, else in the quotes that are named. A moment may be
 * plain too, where its author writes them so: YAML 1.2 reads text, YAML 1.1 a time of its own.
 */
export type Quoting = 'plain' | 'plain moment' | 'single' | 'double';

/**
 * Writes a scalar on one line. Text is plain only where YAML 1.2, YAML 1.1 and the place agree on what it is; `flow`
 * is true between brackets, where commas and brackets end a plain text.
 */
export function scalarText(value: JsonValue, options: { flow: boolean; quoting?: Quoting }): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'string') return String(value);
  if (options.quoting === 'single' && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  if (options.quoting === 'plain moment' && isMoment(value)) return value;
  if (options.quoting === 'double' || !isPlain(value, options.flow)) return doubleQuoted(value);
  return value;
}

/** The lines of `|` for a text of several lines, header first; undefined where only quotes can hold it. */
export function literalLines(text: string): readonly string[] | undefined {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n');
  if (lines.length < 2 || !lines.every(isPrintable)) return undefined;
  if (lines.at(-1) === '' || /^\s|^$/.test(body)) return undefined;
  return [body === text ? '|-' : '|', ...lines];
}

/** The lines of `>` for a long text of one line, wrapped at blanks, header first; undefined where folding would change it. */
export function foldedLines(text: string): readonly string[] | undefined {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const words = body.split(' ');
  if (body.length <= FOLD_WIDTH || words.includes('') || !isPrintable(body)) return undefined;
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= FOLD_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return [body === text ? '>-' : '>', ...lines];
}

/** How long the lines of a folded text become. */
const FOLD_WIDTH = 80;

/** What YAML 1.1 reads as null, true or false, besides what YAML 1.2 does. */
const WORD = /^(?:~|null|true|false|yes|no|on|off|y|n)$/i;
/** Numbers in any of YAML's notations, times of base 60, days and moments; more than needed, to be safe. */
const NUMERIC = /^[-+.]*(?:[0-9][-+.:,_0-9a-fxoTtZz ]*|inf|nan)?$/i;
const INDICATOR = /^[-?:,[\]{}#&*!|>'"%@`=<]/;
const AMBIGUOUS = /: |:$| #/;
/** A colon within a word, as in `org:admin`, is of the word there too. */
const FLOW_INDICATOR = /[,[\]{}]|:(?![\p{L}\p{N}])/u;

function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || text.trim() !== text || !isPrintable(text)) return false;
  if (WORD.test(text) || NUMERIC.test(text) || INDICATOR.test(text) || AMBIGUOUS.test(text)) return false;
  return !(flow && FLOW_INDICATOR.test(text)) && text !== '...';
}

/** A day, or a day and a time of it, as RFC 3339 writes them: no reader of YAML takes a number for it. */
export function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:\d\d))?$/.test(text);
}

/** One line of characters that YAML takes as they are. */
function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\u2028\u2029\uFEFF\uFFFE\uFFFF]/u.test(text);
}

/** JSON's escapes are among YAML's; what JSON leaves as it is and YAML takes for a line end or refuses is escaped too. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`no JSON number: ${value}`);
  return String(value);
}
