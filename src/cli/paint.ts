import type { Surroundings } from './surroundings.js';

/** How a terminal may show a word. */
export type Color = keyof typeof CODES;

/** What begins and what ends each, as terminals know them (ECMA-48, "select graphic rendition"). */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

/** Where something is printed, as far as colours matter. */
export type PaintPlace = Pick<Surroundings, 'terminal'>;

/** What goes into files and into other programs has no colours. */
export const PLAIN: PaintPlace = {
  terminal: { hasColors: false, hasErrorColors: false, showProgress: () => undefined },
};

/** The text in a colour, where standard output is a terminal that shows colours; else as it is. */
export function paint(text: string, color: Color, { terminal }: PaintPlace): string {
  return terminal.hasColors ? painted(text, color) : text;
}

/** The same for what goes to standard error. */
export function paintError(text: string, color: Color, { terminal }: PaintPlace): string {
  return terminal.hasErrorColors ? painted(text, color) : text;
}

function painted(text: string, color: Color): string {
  const [begin, end] = CODES[color];
  return `${sequence(begin)}${text}${sequence(end)}`;
}

/** Every sequence that `paint` writes: none of them moves the cursor or hides anything. */
export const PAINT = new RegExp(
  `(${Object.values(CODES)
    .flat()
    .map((code) => sequence(code).replace('[', '\\['))
    .join('|')})`,
  'u',
);

function sequence(code: number): string {
  return `\u001b[${code}m`;
}
