/** One command of the README and what it says the command prints. */
export interface Command {
  /** The line of the README, from 1. */
  readonly line: number;
  readonly text: string;
  /** The lines below it; `…` stands for any text in a line, and alone in a line for any lines. */
  readonly expected: readonly string[];
  /** True where the command runs on while the following ones do their work. */
  readonly isServer: boolean;
}

/** The commands of every block that begins with three backticks and `console`; `console server` holds what keeps running. */
export function readCommands(markdown: string): Command[] {
  const commands: { line: number; text: string; expected: string[]; isServer: boolean }[] = [];
  let block: 'none' | 'console' | 'server' = 'none';
  for (const [index, line] of markdown.split('\n').entries()) {
    if (line.startsWith('```')) {
      block = block === 'none' ? blockKind(line) : 'none';
    } else if (block !== 'none' && line.startsWith('$ ')) {
      commands.push({ line: index + 1, text: line.slice(2), expected: [], isServer: block === 'server' });
    } else if (block !== 'none' && line.startsWith('> ')) {
      const last = commands.at(-1);
      if (last !== undefined) last.text += `\n${line.slice(2)}`;
    } else if (block !== 'none') {
      commands.at(-1)?.expected.push(line);
    }
  }
  return commands;
}

function blockKind(fence: string): 'none' | 'console' | 'server' {
  if (fence === '```console') return 'console';
  return fence === '```console server' ? 'server' : 'none';
}

/** True where the text is what the README says. */
export function isAsSaid(text: string, expected: readonly string[]): boolean {
  const pattern = expected.map((line) => (line === '…' ? '[^]*' : linePattern(line))).join('\n');
  return new RegExp(`^${pattern}$`).test(text);
}

function linePattern(line: string): string {
  return line.split('…').map(escapePattern).join('.*');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
