import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Command, isAsSaid, readCommands } from './readme/blocks.js';
import { freePort, openShell, type Shell } from './readme/shell.js';
import { gitEnvironment, temporaryFolder } from './support/git.js';

interface Terminal {
  shell: Shell;
  port: number;
}

/** How long a read may be behind the commit before it. */
const BEHIND_MS = 5000;

const readme = suite<Terminal>('README.md');
const commands = readCommands(readFileSync('README.md', 'utf8'));

readme.before(async (terminal) => {
  terminal.port = await freePort();
  const environment = { ...gitEnvironment(), FLAGSTAFF_PORT: String(terminal.port) };
  terminal.shell = openShell(temporaryFolder(), environment);
});

readme.after(async ({ shell }) => {
  await shell.close();
});

readme('has commands to try', () => {
  assert.ok(commands.length >= 10);
  assert.ok(commands.some((command) => command.isServer));
});

for (const command of commands) {
  readme(`line ${command.line}: ${command.text}`, async (terminal) => {
    const text = await printed(command, terminal);
    if (!isAsSaid(text, command.expected)) assert.is(text, command.expected.join('\n'));
  });
}

/** What a command prints, with the README's port for the one that was free. */
async function printed(command: Command, { shell, port }: Terminal): Promise<string> {
  const text = command.text.replaceAll('8080', String(port));
  const asSaid = (output: string): string => output.replaceAll(String(port), '8080');
  if (command.isServer) return asSaid(await shell.serve(text));
  const giveUp = performance.now() + (isRead(text) ? BEHIND_MS : 0);
  for (;;) {
    const output = asSaid(await shell.run(text));
    if (isAsSaid(output, command.expected) || performance.now() >= giveUp) return output;
  }
}

/** A commit is served a moment after git has made it, so a read may be asked again. */
function isRead(text: string): boolean {
  return text.startsWith('curl') && !/-X (POST|PUT|DELETE)/.test(text);
}

readme.run();
