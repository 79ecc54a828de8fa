import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { answerOf, type ToolPlace } from './answer.js';

/** What a tool is asked with: fields by name, checked by its shape. */
type Asked = Readonly<Record<string, unknown>>;

/** A tool that is a command line. */
interface ReadTool {
  readonly description: string;
  readonly shape: z.ZodRawShape;
  /** The command, and options that it always has. */
  readonly command: readonly string[];
  /** The fields that stand as arguments, in this order; all others are options of their name. */
  readonly positional?: readonly string[];
}

const ORG = z.string().optional().describe('Key of the organization; the default one where it is left out.');
const PROJECT = z.string().optional().describe('Key of the project; the default one where it is left out.');
const ENVIRONMENT = z
  .string()
  .optional()
  .describe('Key of the environment; the default one where it is left out.');
const FLAG = z.string().describe('Key of the flag.');
const CONTEXT = z
  .record(z.string(), z.json())
  .describe('Who asks: attributes by name, such as targetingKey, userId, companyId, email.');
const REVISION = 'A commit, branch, tag, pull request (pull/12/head) or time.';
const BASE = z.string().describe(`What the change starts from. ${REVISION}`);
const HEAD = z
  .string()
  .optional()
  .describe(`What it leads to; the work tree where it is left out. ${REVISION}`);
const PLACE = { org: ORG, project: PROJECT };

const TOOLS: Readonly<Record<string, ReadTool>> = {
  list_flags: {
    description: 'Lists the flags of the work tree with type, owner and switches.',
    shape: { ...PLACE, environment: ENVIRONMENT },
    command: ['list', '--json'],
  },
  evaluate_flag: {
    description:
      'Tells what a flag answers to a caller, and every step that led to it; of the work tree or a revision.',
    shape: {
      flag: FLAG,
      context: CONTEXT.optional(),
      ...PLACE,
      environment: ENVIRONMENT,
      at: z.string().optional().describe(REVISION),
      now: z.string().optional().describe('The moment of the question, RFC 3339.'),
    },
    command: ['evaluate', '--explain', '--json'],
    positional: ['flag'],
  },
  validate_flags: {
    description: 'Checks every file of the work tree: problems with path, line, code and a sentence.',
    shape: { since: z.string().optional().describe(`Only what this revision does not have. ${REVISION}`) },
    command: ['validate', '--format', 'json'],
  },
  test_flags: {
    description: 'Runs the tests of the flags of the work tree.',
    shape: { since: z.string().optional().describe(`Only flags that answer otherwise since. ${REVISION}`) },
    command: ['test', '--format', 'json'],
  },
  explain_check: {
    description:
      'Tells what a code of validate_flags means and how to mend it; all codes where none is named.',
    shape: { code: z.string().optional().describe('Such as UNREACHABLE.') },
    command: ['checks', '--json'],
    positional: ['code'],
  },
  diff_flags: {
    description: 'Tells in sentences what is different between two revisions, or one and the work tree.',
    shape: { base: BASE, head: HEAD, ...PLACE },
    command: ['diff', '--json'],
    positional: ['base', 'head'],
  },
  impact_of_change: {
    description: 'Evaluates both sides of a change over generated callers and tells who moves, and why.',
    shape: {
      base: BASE,
      head: HEAD,
      generate: z.number().int().min(1).max(1_000_000).default(10_000).describe('How many callers.'),
      seed: z.number().int().min(0).optional().describe('The same seed makes the same callers.'),
      flag: z.string().optional().describe('Only this flag.'),
      ...PLACE,
      environment: ENVIRONMENT,
    },
    command: ['impact', '--json'],
    positional: ['base', 'head'],
  },
  flag_history: {
    description: 'Tells who changed what, when and why, newest first; of one flag, a project or all.',
    shape: {
      flag: z.string().optional().describe('Key of the flag.'),
      ...PLACE,
      author: z.string().optional().describe('Only commits of this e-mail address.'),
      limit: z.number().int().min(1).max(200).default(20).describe('How many commits.'),
    },
    command: ['log', '--json'],
    positional: ['flag'],
  },
  blame_flag: {
    description: 'Tells who last changed each rule, override, segment and switch of a flag, and why.',
    shape: { flag: FLAG, ...PLACE, environment: ENVIRONMENT },
    command: ['blame', '--json'],
    positional: ['flag'],
  },
  bisect_flag: {
    description: 'Finds the commit that changed the answer of a flag for one caller away from a variant.',
    shape: {
      flag: FLAG,
      context: CONTEXT,
      expect: z.string().describe('The variant that was answered before.'),
      ...PLACE,
      environment: ENVIRONMENT,
    },
    command: ['bisect', '--json'],
  },
  stale_flags: {
    description: 'Lists what can be removed and why, with the last change and the owner.',
    shape: PLACE,
    command: ['stale', '--json'],
  },
  find_references: {
    description: 'Finds where code uses flags, flags that no code uses, and names that are no flags.',
    shape: { src: z.string().describe('The folder of the code.'), ...PLACE },
    command: ['references', '--json'],
  },
};

/** Adds the tools that change nothing. */
export function addReadTools(server: McpServer, place: ToolPlace): void {
  for (const [name, tool] of Object.entries(TOOLS)) {
    const { description, shape } = tool;
    server.registerTool(
      name,
      {
        description,
        inputSchema: z.strictObject(shape),
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      (asked: Asked) => answerOf(commandLine(tool, asked, place.repo), place),
    );
  }
}

/** Values are bound to their options, and arguments stand behind `--`: none of them can become another option. */
function commandLine({ command, positional = [] }: ReadTool, asked: Asked, repo: string): readonly string[] {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const options = given.filter(([name]) => !positional.includes(name));
  const words = positional.flatMap((name) => (asked[name] === undefined ? [] : [wordOf(asked[name])]));
  return [
    ...command,
    `--repo=${repo}`,
    ...options.map(([name, value]) => `--${name}=${wordOf(value)}`),
    ...(words.length === 0 ? [] : ['--', ...words]),
  ];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
