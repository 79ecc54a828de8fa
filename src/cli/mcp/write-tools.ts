import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { JsonValue } from '../../model/values.js';
import { switchWrite } from '../kill.js';
import { readFlagKey } from '../read-key.js';
import { readRevert } from '../revert.js';
import type { CommandWrite } from '../write/commit.js';
import { refusable, type ToolPlace } from './answer.js';
import { changesWrite } from './changes-write.js';
import { tryOrWrite } from './confirm.js';

/** A tool that writes, once it is confirmed. */
interface WriteTool<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly shape: Shape;
  readonly write: (asked: z.infer<z.ZodObject<Shape>>) => CommandWrite | Promise<CommandWrite>;
}

const CONFIRM = z
  .string()
  .exactOptional()
  .describe('The word that the same call without it answered; left out, nothing is changed.');
const REASON = z.string().min(1).describe('Why, in a line: the commit keeps it.');
const SCOPE = {
  org: z.string().exactOptional().describe('Key of the organization; the default one where it is left out.'),
  project: z.string().exactOptional().describe('Key of the project; the default one where it is left out.'),
};
const ENVIRONMENT = z
  .string()
  .exactOptional()
  .describe('Key of the environment; the default one where it is left out.');
const SWITCH = {
  flag: z.string().describe('Key of the flag.'),
  ...SCOPE,
  environment: ENVIRONMENT,
  reason: REASON,
};

/** Adds the tools that make commits. */
export function addWriteTools(server: McpServer, place: ToolPlace): void {
  const { repo, around } = place;
  const add = <Shape extends z.ZodRawShape>(tool: WriteTool<Shape>): void => addTool(server, tool, place);
  add({
    name: 'kill_flag',
    description: 'Stops a flag for everyone: they get the off variant, overrides too. For emergencies.',
    shape: SWITCH,
    write: ({ flag, ...options }) =>
      switchWrite({ kind: 'flag.kill', flag: readFlagKey(flag), options: { ...options, repo }, around }),
  });
  add({
    name: 'unkill_flag',
    description: 'Lets a flag that was killed answer again what its file says.',
    shape: SWITCH,
    write: ({ flag, ...options }) =>
      switchWrite({ kind: 'flag.unkill', flag: readFlagKey(flag), options: { ...options, repo }, around }),
  });
  add({
    name: 'revert_change',
    description: 'Takes back what a commit did, or with `to` one flag to what it was at a revision.',
    shape: {
      what: z.string().describe('The commit; with `to`, the key of the flag.'),
      to: z.string().exactOptional().describe('The revision whose version the flag gets.'),
      ...SCOPE,
      reason: REASON,
    },
    write: ({ what, ...options }) => readRevert(what, { ...options, repo }, around),
  });
  add({
    name: 'change_flags',
    description: CHANGES,
    shape: {
      org: SCOPE.org,
      changes: z
        .array(z.record(z.string(), z.json()))
        .min(1)
        .max(200)
        .describe('In order; one commit, or none.'),
      reason: REASON,
    },
    write: ({ org, changes, reason }) =>
      changesWrite({ org, changes: changes as readonly JsonValue[], reason }),
  });
}

const CHANGES = `Changes flags, segments, overrides, rules and tests: the change set of POST /api/v1/changes. Each change
has a kind and, but for the default project, a project. Examples:
{"kind":"flag.create","flag":"dark-mode","file":{"description":"Dark theme","environments":{"production":{"enabled":false}}}}
{"kind":"flag.update","flag":"dark-mode","patch":{"environments":{"production":{"enabled":true}}}}
{"kind":"rule.create","flag":"dark-mode","environment":"production","rule":{"id":"canary","percentage":5}}
{"kind":"rule.update","flag":"dark-mode","environment":"production","rule":"canary","patch":{"percentage":20}}
{"kind":"override.create","flag":"dark-mode","entry":{"users":["u-123"],"serve":"on"}}
{"kind":"segment.update","segment":"beta-testers","patch":{"include":{"users":["u-7"]}}}
Null in a patch removes a field. A wrong change is answered with its place and what was wanted.`;

function addTool<Shape extends z.ZodRawShape>(
  server: McpServer,
  tool: WriteTool<Shape>,
  place: ToolPlace,
): void {
  const { name, description, shape } = tool;
  const annotations = {
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  };
  const inputSchema = z.strictObject({ ...shape, confirm: CONFIRM });
  server.registerTool(name, { description, inputSchema, annotations }, async (asked) => {
    const { confirm, ...fields } = asked as { readonly confirm?: string };
    return refusable(async () => {
      const write = await tool.write(fields as z.infer<z.ZodObject<Shape>>);
      return tryOrWrite({ write, confirm, asked: { name, ...fields } }, place);
    });
  });
}
