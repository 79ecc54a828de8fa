import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { hashOf } from '../http/recording/recorded-context.js';
import { ContextFiles } from '../repository/context-files.js';
import type { ContextFile } from '../repository/context-folder.js';
import { type ContextLine, readContextLines, removeContextLines } from '../repository/context-lines.js';
import { openRepository } from '../repository/git.js';
import { readOrCreateSecret } from '../repository/secret.js';
import { thereAre } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { repositoryFolder } from './folder.js';
import { count } from './format.js';
import { readHeadOutline } from './past/open.js';
import type { Outline } from './past/outline.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly org?: string;
  readonly project?: string;
  readonly environment?: string;
  readonly subject?: string;
  readonly delete?: boolean;
  readonly json?: boolean;
}

/** `flagstaff contexts`: who asked, as the server recorded it. */
export function addContexts({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'contexts',
    summary: 'print the contexts that the server recorded, as JSON lines, for flagstaff impact',
    examples: [
      'contexts > contexts.jsonl',
      'contexts --environment production | flagstaff impact main..HEAD --contexts -',
      'contexts --project web-app --delete',
      'contexts --subject u-123 --delete   # what is recorded of one person',
    ],
  })
    .option('--org <key>', 'only this organization')
    .option('--project <key>', 'only this project')
    .option('--environment <key>', 'only this environment')
    .option('--subject <value>', 'only of whom this targetingKey, userId, email or companyId names')
    .option('--delete', 'delete them instead')
    .option('--json', 'print JSON: the same lines, and with --delete how much is gone')
    .action((options: Options) => contexts(options, around));
}

async function contexts(options: Options, around: Surroundings): Promise<void> {
  const repository = await openRepository(repositoryFolder(options.repo, around));
  const files = new ContextFiles(repository);
  const recorded = await files.list();
  const wanted = recorded.filter((file) => isWanted(file, options));
  if (wanted.length === 0) {
    refuseUnknown([...recorded, ...placesOf(await readHeadOutline(repository, around))], options);
    around.warn(NOTHING);
    if (options.json && options.delete) tellDeleted(0, 'file', { options, around });
  } else if (options.subject !== undefined) {
    const isOf = subjectTest(options.subject, await readOrCreateSecret(repository));
    if (options.delete) await deleteLines(files, { options, isOf }, around);
    else if ((await printLines(wanted, around.streams.output, isOf)) === 0) around.warn(NOTHING_OF_SUBJECT);
  } else if (options.delete) {
    for (const file of wanted) await files.remove(file);
    tellDeleted(wanted.length, 'file', { options, around });
  } else await printLines(wanted, around.streams.output);
}

const NOTHING =
  'flagstaff: nothing is recorded there: `recording` in project.yaml says what a server records';
const NOTHING_OF_SUBJECT = 'flagstaff: nothing is recorded there of that subject';
const NAMES = { org: 'organization', project: 'project', environment: 'environment' } as const;
const PARTS = ['org', 'project', 'environment'] as const;

type Place = Readonly<Record<(typeof PARTS)[number], string>>;

function isWanted(file: Place, options: Options): boolean {
  return PARTS.every((part) => options[part] === undefined || file[part] === options[part]);
}

/** Who deletes what is recorded of people must hear of a name that was mistyped. */
function refuseUnknown(places: readonly Place[], options: Options): void {
  let left = places;
  for (const part of PARTS) {
    const wanted = options[part];
    const names = [...new Set(left.map((place) => place[part]))].sort();
    if (wanted !== undefined && !names.includes(wanted)) {
      throw new WrongUse(`no ${NAMES[part]} is called ${wanted}: ${thereAre(names)}`);
    }
    left = left.filter((place) => wanted === undefined || place[part] === wanted);
  }
}

function placesOf({ orgs }: Outline): readonly Place[] {
  const projects = orgs.flatMap((org) => [...org.projects.values()]);
  return projects.flatMap(({ org, key, environments }) =>
    environments.map((environment) => ({ org, project: key, environment })),
  );
}

/** True for a line of a file that is of somebody. */
type SubjectTest = (file: ContextFile, line: ContextLine) => boolean;

function subjectTest(subject: string, secret: string): SubjectTest {
  return ({ org }, { context }) => Object.values(context).includes(hashOf(subject, { secret, org }));
}

/** As fast as they are read, and no faster: nothing piles up before a slow reader. Returns how many there were. */
async function printLines(
  files: readonly ContextFile[],
  output: Writable,
  isOf: SubjectTest = () => true,
): Promise<number> {
  let printed = 0;
  for (const file of files) {
    for await (const line of readContextLines(file)) {
      if (!isOf(file, line)) continue;
      printed += 1;
      if (!output.write(`${line.text}\n`)) await once(output, 'drain');
    }
  }
  return printed;
}

/** Until none is found: a server that records may have renamed a file meanwhile. */
async function deleteLines(
  files: ContextFiles,
  { options, isOf }: { readonly options: Options; readonly isOf: SubjectTest },
  around: Surroundings,
): Promise<void> {
  let deleted = 0;
  let found: number;
  do {
    found = 0;
    for (const file of (await files.list()).filter((one) => isWanted(one, options))) {
      found += await removeContextLines(file, (line) => isOf(file, line));
    }
    deleted += found;
  } while (found > 0);
  tellDeleted(deleted, 'line', { options, around });
}

/** As JSON `{ "files": 2 }` or `{ "lines": 5 }`: those that are gone. */
function tellDeleted(
  deleted: number,
  what: 'file' | 'line',
  { options, around }: { readonly options: Options; readonly around: Surroundings },
): void {
  if (options.json) around.print(JSON.stringify({ [`${what}s`]: deleted }));
  else around.print(`${count(deleted, what)} of recorded contexts deleted`);
}
