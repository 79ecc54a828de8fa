/** Text that Markdown shows as it is, in one line; a cell of a table takes it too. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** Text as a span of code, in one line: a span ends at as many backticks as it began with, and none can be escaped. */
export function markdownCode(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
