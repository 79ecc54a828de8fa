import { Failure } from '../../model/failure.js';
import type { Flag } from '../../model/snapshot.js';
import type { JsonValue } from '../../model/values.js';
import { previewReply, writtenReply } from '../change-answers.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readList,
  readSwitch,
} from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { environmentOf, findEnvironment } from '../scope.js';
import { previewChanges, writeChanges } from '../write-changes.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import {
  type AdminOptions,
  type CurrentProject,
  currentProject,
  readWanted,
  untilFirst,
} from './exact-write.js';
import { findFlagIn } from './lookup.js';
import { MOST_PROMOTED, planOf, type Way } from './promote-plan.js';

/** What flags do in one environment, brought to another. */
export function promoteRoutes(options: AdminOptions): readonly Route[] {
  return [
    {
      operation: 'POST /api/admin/projects/:projectId/environments/:environmentId/promote',
      query: [],
      handle: (asked) => promote(options, asked),
    },
  ];
}

/**
 * POST: one commit, or what it would be, by those who may change the other environment. Flags that do the same already
 * are not touched.
 */
async function promote(options: AdminOptions, asked: Asked): Promise<Reply> {
  const { cache, writer } = options;
  const body = await readWanted(asked);
  const fields = readFields(body, '', ['to', 'flags', 'dryRun', ...WORD_FIELDS]);
  const isDryRun = readSwitch(fields, 'dryRun') ?? false;
  return untilFirst(cache, asked, async () => {
    const current = currentProject(cache, asked);
    const way = readWay(fields, asked, current);
    const { write, summary } = await planOf({
      asked,
      current,
      way,
      flags: readFlags(fields, current),
    });
    const words = readWords(fields);
    const message = words.message ?? `Brings what flags do in ${way.from} to ${way.to}.`;
    const request = { ...write, ...words, message, promotion: way };
    const reply = isDryRun
      ? await previewReply(await previewChanges(writer, asked.caller, request))
      : writtenReply(await writeChanges(writer, asked.caller, request));
    return { ...reply, body: { ...reply.body, ...summary } };
  });
}

function readWay(fields: Fields, asked: Asked, { project }: CurrentProject): Way {
  const from = environmentOf(asked);
  const place = placeOf(fields, 'to');
  const to = findEnvironment(project, nameOf(fieldOf(fields, 'to'), place));
  if (to === from) throw invalidAt(place, 'wanted another environment than that of the path');
  return { from, to };
}

/** Those that are named, once each; else all of the project. */
function readFlags(fields: Fields, current: CurrentProject): readonly Flag[] {
  const { project } = current;
  const named = readList(fields, 'flags', { from: 1, to: MOST_PROMOTED });
  const flags = named?.map((item, index) =>
    findFlagIn(current, nameOf(item, `${placeOf(fields, 'flags')}[${index}]`)),
  );
  const wanted = flags ?? [...project.flags.values()];
  if (wanted.length > 0) return [...new Set(wanted)];
  throw new Failure('conflict', 'NO_FLAGS', `project ${project.key}: has no flags`);
}

function nameOf(value: JsonValue | undefined, place: string): string {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  throw invalidAt(place, value === undefined ? 'is missing' : 'wanted a number or a key');
}
