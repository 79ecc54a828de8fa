import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { answerOf, refusable, type ToolPlace } from './answer.js';
import { fileBelow } from './file-below.js';
import { type Select, selectCases, selectFlags, selectProblems, withoutDifferences } from './select.js';

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
  /** The fields that say what of the answer is told: the command does not have them. */
  readonly own?: readonly string[];
  readonly select?: Select;
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
const SRC = z.string().describe('The folder of the code; a relative one starts at the flags repository.');
const FILTER = {
  org: z.string().optional().describe('Only files of this organization.'),
  project: z.string().optional().describe('Only files of projects of this key.'),
  path: z.string().optional().describe('Only files whose path begins so, such as flags/acme/web-app/flags/.'),
};

const TOOLS: Readonly<Record<string, ReadTool>> = {
  list_flags: {
    description: `Lists flags of the work tree with type, owner and switches, of all organizations and projects where
none is named; \`total\` counts all that match, and with \`truncated\` there are more of them.`,
    shape: {
      org: z.string().optional().describe('Only this organization.'),
      project: z.string().optional().describe('Only this project.'),
      environment: z.string().optional().describe('Only the switches of this environment.'),
      query: z
        .string()
        .optional()
        .describe('Only flags with this in key, name, description, owner or a tag.'),
      limit: z.number().int().min(1).max(1_000).default(100).describe('How many flags.'),
      after: z
        .string()
        .optional()
        .describe('Only what comes behind this flag: org/project/key of the last one that was told.'),
    },
    command: ['list', '--json'],
    own: ['query', 'limit', 'after'],
    select: selectFlags,
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
    shape: {
      since: z.string().optional().describe(`Only what this revision does not have. ${REVISION}`),
      ...FILTER,
    },
    command: ['validate', '--format', 'json'],
    own: Object.keys(FILTER),
    select: selectProblems,
  },
  test_flags: {
    description:
      'Runs the tests of the flags of the work tree; `passed` and `failed` count all, cases that fail come first.',
    shape: {
      since: z.string().optional().describe(`Only flags that answer otherwise since. ${REVISION}`),
      ...FILTER,
    },
    command: ['test', '--format', 'json'],
    own: Object.keys(FILTER),
    select: selectCases,
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
    description:
      'Evaluates both sides of a change over recorded or made up callers and tells who moves, and why.',
    shape: {
      base: BASE,
      head: HEAD,
      contexts: z
        .string()
        .optional()
        .describe('A file of recorded callers, JSON lines, below the flags repository.'),
      generate: z.number().int().min(1).max(1_000_000).optional().describe('How many callers are made up.'),
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
    select: withoutDifferences,
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
      from: z.string().optional().describe('The oldest commit that counts; the first where it is left out.'),
      to: z.string().optional().describe('The newest commit that counts; HEAD where it is left out.'),
    },
    command: ['bisect', '--json'],
  },
  stale_flags: {
    description: 'Lists what can be removed and why, with the last change and the owner.',
    shape: { ...PLACE, src: SRC.optional() },
    command: ['stale', '--json'],
  },
  find_references: {
    description: 'Finds where code uses flags, flags that no code uses, and names that are no flags.',
    shape: { src: SRC, ...PLACE },
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
      (asked: Asked) => refusable(async () => ask(tool, asked, place)),
    );
  }
}

function ask(tool: ReadTool, asked: Asked, place: ToolPlace): Promise<CallToolResult> {
  const { own = [], select = (answer) => answer } = tool;
  const options = Object.entries(asked).filter(([name]) => !own.includes(name));
  const words = commandLine(tool, Object.fromEntries(options), place.repo);
  return answerOf(words, place, (answer) => select(answer, asked));
}

/** Values are bound to their options, and arguments stand behind `--`: none of them can become another option. */
function commandLine({ command, positional = [] }: ReadTool, asked: Asked, repo: string): readonly string[] {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const options = given.filter(([name]) => !positional.includes(name));
  const words = positional.flatMap((name) => (asked[name] === undefined ? [] : [wordOf(asked[name])]));
  return [
    ...command,
    `--repo=${repo}`,
    ...options.map(
      ([name, value]) => `--${name}=${name === 'contexts' ? fileBelow(repo, value) : wordOf(value)}`,
    ),
    ...(words.length === 0 ? [] : ['--', ...words]),
  ];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
