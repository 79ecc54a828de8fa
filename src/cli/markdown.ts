/** Text that Markdown shows as it is, in one line; a cell of a table takes it too. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
