/**
 * What makes a git host link a word: a person that is told, an address, an issue. Hosts look for these in what Markdown
 * leaves, so no escape stops them; they leave code alone.
 */
const LIVE = /@|:\/\/|www\.|[#!]\d|\bGH-\d/i;
const WORD_OR_REST = /[^\s|`"'()<>[\],;]+|[\s|`"'()<>[\],;]+/g;

/** Text that Markdown shows as it is, in one line, and that links nowhere; a cell of a table takes it too. */
export function markdownText(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.replaceAll(WORD_OR_REST, (part) => (LIVE.test(part) ? markdownCode(part) : escaped(part)));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');
}

/** Text as a span of code, in one line: a span ends at as many backticks as it began with, and none can be escaped. */
export function markdownCode(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
