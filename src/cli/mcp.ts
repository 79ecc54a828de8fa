import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { flagsFolder } from './folder.js';
import { addReadTools } from './mcp/read-tools.js';
import { AnsweringTransport } from './mcp/transport.js';
import { addWriteTools } from './mcp/write-tools.js';
import { readVersion } from './version.js';

interface Options extends CommonOptions {
  readonly readOnly?: boolean;
}

const INSTRUCTIONS = `Feature flags as YAML files in a git repository. Flags belong to a project of an organization and have a
state for each environment. What is left out is the default organization, project or environment. Tools that change flags
answer what would change, with a word to confirm it; show that to the person, and only then call the same tool again with
the word. Each change is one git commit in the name of the person whom git knows.`;

/** `flagstaff mcp`: the commands as tools for agents, over standard input and output (Model Context Protocol). */
export function addMcp({ program, around, run }: CommandPlace): void {
  addCommand(program, {
    usage: 'mcp',
    summary: 'offer the commands to agents as tools, over standard input and output (Model Context Protocol)',
    examples: ['mcp', 'mcp --repo /srv/flags --read-only', 'mcp --help'],
  })
    .option('--read-only', 'offer only tools that change nothing')
    .action(async (options: Options) => {
      const place = { repo: flagsFolder(options.repo, around), around, run };
      const makeServer = (): McpServer => {
        const server = new McpServer(
          { name: 'flagstaff', version: readVersion() },
          { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
        );
        addReadTools(server, place);
        if (!options.readOnly) addWriteTools(server, place);
        return server;
      };
      const transport = new AnsweringTransport(around.streams.input, around.streams.output);
      const handle = serveStdio(makeServer, {
        transport,
        onerror: (error) => around.warn(`flagstaff: ${error.message}`),
      });
      await Promise.race([transport.closed, around.stopped().then(() => transport.close())]);
      await handle.close();
    });
}
