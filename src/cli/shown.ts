import { PAINT } from './paint.js';
import type { Surroundings } from './surroundings.js';

/** The same surroundings, in which a terminal shows what is printed and obeys nothing of it but colours. */
export function withShownText(around: Surroundings): Surroundings {
  const { hasColors, hasErrorColors } = around.terminal;
  const show = hasColors ? paintedText : shownText;
  const showError = hasErrorColors ? paintedText : shownText;
  return {
    ...around,
    print: (text) => around.print(show(text)),
    warn: (text) => around.warn(showError(text)),
  };
}

/**
 * One line, whatever it is made of: names of files and people's words may hold line ends, which would forge another
 * line. What controls a terminal is written as JSON writes it, so that JSON means the same after it.
 */
export function shownLine(text: string): string {
  return shownDirections(text).replace(/\p{Cc}/gu, escaped);
}

/** What turns the direction of text is written out: a reader would see another text than is there. */
export function shownDirections(text: string): string {
  return text.replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, escaped);
}

/** Every second part is a colour, for that is what the text is split by. */
function paintedText(text: string): string {
  return text
    .split(PAINT)
    .map((part, place) => (place % 2 === 0 ? shownText(part) : part))
    .join('');
}

/** Text of lines: their ends, and tabs, stay. */
function shownText(text: string): string {
  return shownDirections(text).replace(/[^\P{Cc}\n\t\r]|\r(?!\n)/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
