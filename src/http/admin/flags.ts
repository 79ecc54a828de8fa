import { pathOf } from '../../files/paths.js';
import type { FlagFile } from '../../model/flag.js';
import type { Flag } from '../../model/snapshot.js';
import { fits, readFilter, readNumber, readOne } from '../feature-flag-list.js';
import { invalidAt, readFields, refuseChanged } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type AdminOptions, currentProject, fileNow, readWanted, writeExactly } from './exact-write.js';
import { createdReply, shownIn, writtenReply } from './flags-answer.js';
import { editsOfFlag, FLAG_FIELDS, FLAG_TYPES, readFlag } from './flags-body.js';
import { readNewFlag, readNewKey } from './flags-new.js';
import { findFlagFile, findFlagIn, flagOf, projectHere } from './lookup.js';
import { headersOfFlag } from './rules-write.js';

const FLAGS = '/api/admin/projects/:projectId/flags';

/** The flags of a project, whatever the environment. */
export function flagRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${FLAGS}`, query: LIST_PARAMETERS, handle: (asked) => listFlags(options, asked) },
    { operation: `POST ${FLAGS}`, query: [], handle: (asked) => createFlag(options, asked) },
    { operation: `GET ${FLAGS}/:flagId`, query: [], handle: (asked) => getFlag(options, asked) },
    { operation: `PUT ${FLAGS}/:flagId`, query: [], handle: (asked) => updateFlag(options, asked) },
    { operation: `DELETE ${FLAGS}/:flagId`, query: [], handle: (asked) => deleteFlag(options, asked) },
  ];
}

const LIST_PARAMETERS = ['q', 'tag', 'owner', 'status', 'type', 'limit', 'offset'];
const MOST_LISTED = 1_000;
const MOST_OFFSET = 9_999_999;

/** What cannot be changed here. When it was changed moves on without the caller, so it is not compared. */
const READ_ONLY = ['id', 'key', 'projectId', 'environments', 'createdAt'] as const;
const MOVING = ['updatedAt'];

/** GET: those that are asked for, all of them where nothing is said of how many. */
function listFlags(options: AdminOptions, asked: Asked): Reply {
  const { query } = asked;
  const filter = readFilter(query);
  const type = readOne(query, 'type');
  if (type !== undefined && !FLAG_TYPES.some((one) => one === type)) {
    throw invalidAt('type', `wanted ${FLAG_TYPES.join(', ')}`);
  }
  const limit = readNumber(query, 'limit', { from: 1, to: MOST_LISTED });
  const offset = readNumber(query, 'offset', { from: 0, to: MOST_OFFSET }) ?? 0;
  const project = projectOf(asked);
  const isWanted = (flag: Flag) => fits(flag, filter, 'full') && (type ?? typeOf(flag)) === typeOf(flag);
  const flags = [...project.flags.values()].filter(isWanted);
  const body = flags
    .slice(offset, limit === undefined ? undefined : offset + limit)
    .map((flag) => shownIn(options, { project, flag }));
  return { status: 200, headers: { 'Flagstaff-Revision': orgOf(asked).revision }, body };
}

/** GET: one flag. */
function getFlag(options: AdminOptions, asked: Asked): Reply {
  const flag = flagOf(asked);
  const body = shownIn(options, { project: projectOf(asked), flag });
  return { status: 200, headers: headersOfFlag(orgOf(asked), flag), body };
}

/** POST: a new flag, which is off everywhere. */
async function createFlag(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', [
    'key',
    ...FLAG_FIELDS,
    'defaultValue',
    ...WORD_FIELDS,
  ]);
  const flag = readNewKey(fields);
  const { served, project } = currentProject(options.cache, asked);
  const file = readNewFlag(fields, flag, project.environments);
  const path = pathOf({ kind: 'flag', org: served.snapshot.key, project: project.key, key: flag });
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind: 'flag.create', project: project.key, flag, file }],
    preconditions: preconditionsOf(asked, path),
    ...readWords(fields),
  });
  return createdReply(options, result, { project: project.key, flag });
}

/** PUT: the given fields of a flag. */
async function updateFlag(options: AdminOptions, asked: Asked): Promise<Reply> {
  const known = [...READ_ONLY, ...MOVING, ...FLAG_FIELDS, ...WORD_FIELDS];
  const fields = readFields(await readWanted(asked), '', known);
  const { key } = flagOf(asked);
  const result = await writeExactly(options, asked, {
    find: (current) => findFlagFile(current, key),
    changesOf: (current) => {
      const { served, project } = current;
      const flag = findFlagIn(current, key);
      refuseChanged(fields, READ_ONLY, shownIn(options, { project, flag }));
      const file = fileNow(served, flag.path).value as FlagFile;
      const edits = editsOfFlag(file, readFlag(fields, key, file));
      return [{ kind: 'flag.update', project: project.key, flag: key, edits }];
    },
    words: readWords(fields),
  });
  return writtenReply(options, result, { project: projectOf(asked).key, flag: key });
}

/** DELETE: a flag with its overrides and tests, whether its file is good or not. FLAG_IN_USE says who needs it. */
async function deleteFlag(options: AdminOptions, asked: Asked): Promise<Reply> {
  const { key } = findFlagFile(projectHere(asked), asked.params.flagId ?? '');
  const result = await writeExactly(options, asked, {
    find: (current) => findFlagFile(current, key),
    changesOf: ({ project }) => [{ kind: 'flag.delete', project: project.key, flag: key }],
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

function typeOf({ file }: Flag): string {
  return file.type ?? 'boolean';
}
