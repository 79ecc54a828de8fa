import type { Change } from '../../changes/change.js';
import { Failure } from '../../model/failure.js';
import { isGranted } from '../../model/permission.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import { type Fields, fieldOf, invalidAt, placeOf, readFields, readText } from '../json-fields.js';
import { findNumbered } from '../numbered.js';
import type { Asked, Reply, Route } from '../route.js';
import { grantsOfScope } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type AdminOptions, type CurrentProject, currentProject, readWanted } from './exact-write.js';
import { createdReply } from './flags-answer.js';
import { readNewKey } from './flags-new.js';
import { findFlagIn } from './lookup.js';

/** Another flag that says the same. */
export function flagCopyRoutes(options: AdminOptions): readonly Route[] {
  return [
    {
      operation: 'POST /api/admin/projects/:projectId/flags/:flagId/copy',
      query: [],
      handle: (asked) => copyFlag(options, asked),
    },
  ];
}

const NAME_LENGTH = { to: 200 };

/** POST: a new flag with the file of this one, its tests along, in this project or in another one of the organization. */
async function copyFlag(options: AdminOptions, asked: Asked): Promise<Reply> {
  const body = await readWanted(asked);
  const fields = readFields(body, '', ['key', 'name', 'projectId', ...WORD_FIELDS]);
  const to = readNewKey(fields);
  const current = currentProject(options.cache, asked);
  const { key: flag, path } = findFlagIn(current, asked.params.flagId ?? '');
  const { key: project } = current.project;
  const { key: toProject } = targetOf(asked, current, fields);
  const copy: Change = { kind: 'flag.copy', project, flag, to, toProject };
  const result = await writeChanges(options.writer, asked.caller, {
    served: current.served,
    changes: [copy, ...renamings(fields, { kind: 'flag.update', project: toProject, flag: to })],
    preconditions: preconditionsOf(asked, path),
    ...readWords(fields),
  });
  return createdReply(options, result, { project: toProject, flag: to });
}

/** Left out, the copy has the name that the other one has; null is its key. */
function renamings(
  fields: Fields,
  place: Omit<Extract<Change, { kind: 'flag.update' }>, 'edits'>,
): readonly Change[] {
  if (fieldOf(fields, 'name') === undefined) return [];
  const name = fieldOf(fields, 'name') === null ? '' : readText(fields, 'name', NAME_LENGTH);
  const at = ['name'];
  return [
    { ...place, edits: [name === undefined || name === '' ? { at, remove: true } : { at, set: name }] },
  ];
}

/** Projects that the caller may not even see are not there. */
function targetOf(asked: Asked, { served, project }: CurrentProject, fields: Fields): ProjectSnapshot {
  const named = fieldOf(fields, 'projectId') ?? undefined;
  if (named === undefined) return project;
  if (typeof named !== 'number' && typeof named !== 'string') {
    throw invalidAt(placeOf(fields, 'projectId'), 'wanted a number or a key');
  }
  const found = findNumbered(served.snapshot.projects, String(named));
  const isSeen =
    found !== undefined && isGranted(grantsOfScope(asked), { may: 'see-project', project: found.key });
  if (isSeen) return found;
  throw new Failure(
    'not-found',
    'PROJECT_NOT_FOUND',
    `${placeOf(fields, 'projectId')}: there is no such project`,
  );
}
