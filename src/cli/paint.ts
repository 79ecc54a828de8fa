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

/** The text in a colour, where a terminal shows colours; else as it is. */
export function paint(text: string, color: Color, { terminal }: Pick<Surroundings, 'terminal'>): string {
  if (!terminal.hasColors) return text;
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
