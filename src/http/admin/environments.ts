import type { Change } from '../../changes/change.js';
import { pathOf } from '../../files/paths.js';
import { numericId } from '../../model/ids.js';
import { type EnvironmentKey, parseEnvironmentKey } from '../../model/keys.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { WriteResult } from '../../repository/write-request.js';
import { readFields, readKey, required } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { environmentId, environmentOf, orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS, type WriteWords } from '../write-words.js';
import { describedBy, editsOfDescribed, readCascade, refuseOtherThan } from './described.js';
import { type AdminOptions, changedMeanwhile, projectAfter, readWanted } from './exact-write.js';
import { projectHeaders } from './projects.js';

const ENVIRONMENTS = '/api/admin/projects/:projectId/environments';

/** An environment in the words of the admin API. */
export interface ShownEnvironment {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly projectId: number;
}

/** The environments of a project, in the order of promotion. */
export function environmentRoutes(options: AdminOptions): readonly Route[] {
  const one = `${ENVIRONMENTS}/:environmentId` as const;
  return [
    { operation: `GET ${ENVIRONMENTS}`, query: [], handle: listEnvironments },
    { operation: `POST ${ENVIRONMENTS}`, query: [], handle: (asked) => createEnvironment(options, asked) },
    { operation: `GET ${one}`, query: [], handle: getEnvironment },
    { operation: `PUT ${one}`, query: [], handle: (asked) => updateEnvironment(options, asked) },
    { operation: `DELETE ${one}`, query: ['cascade'], handle: (asked) => deleteEnvironment(options, asked) },
  ];
}

function listEnvironments(asked: Asked): Reply {
  const project = projectOf(asked);
  const body = project.environments.map((key) => shownEnvironment(project, key));
  return { status: 200, headers: projectHeaders({ served: orgOf(asked), project }), body };
}

function getEnvironment(asked: Asked): Reply {
  const project = projectOf(asked);
  const headers = projectHeaders({ served: orgOf(asked), project });
  return { status: 200, headers, body: shownEnvironment(project, environmentOf(asked)) };
}

async function createEnvironment(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['key', 'name', ...WORD_FIELDS]);
  const key = required(readKey(fields, 'key', parseEnvironmentKey), fields, 'key');
  const environment = { key, ...describedBy(fields, 'name') };
  const change: Change = { kind: 'environment.create', project: projectOf(asked).key, environment };
  const result = await write(options, asked, { change, words: readWords(fields) });
  const { headers, body } = replyAfter(result, asked, key);
  const location = `${ENVIRONMENTS.replace(':projectId', asked.params.projectId ?? '')}/${body.id}`;
  return { status: 201, headers: { ...headers, Location: location }, body };
}

async function updateEnvironment(options: AdminOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['id', 'key', 'projectId', 'name', ...WORD_FIELDS]);
  const project = projectOf(asked);
  const environment = environmentOf(asked);
  const { name, ...fixed } = shownEnvironment(project, environment);
  refuseOtherThan(fields, fixed);
  const edits = editsOfDescribed(fields, entryOf(project, environment), { name });
  const change: Change = { kind: 'environment.update', project: project.key, environment, edits };
  const result = await write(options, asked, { change, words: readWords(fields) });
  return replyAfter(result, asked, environment);
}

async function deleteEnvironment(options: AdminOptions, asked: Asked): Promise<Reply> {
  const change: Change = {
    kind: 'environment.delete',
    project: projectOf(asked).key,
    environment: environmentOf(asked),
    cascade: readCascade(asked),
  };
  const result = await write(options, asked, { change });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

function write(
  { writer }: AdminOptions,
  asked: Asked,
  { change, words }: { readonly change: Change; readonly words?: WriteWords },
): Promise<WriteResult> {
  const served = orgOf(asked);
  const path = pathOf({ kind: 'project', org: served.snapshot.key, project: projectOf(asked).key });
  const preconditions = preconditionsOf(asked, path);
  return writeChanges(writer, asked.caller, { served, changes: [change], preconditions, ...words });
}

function replyAfter(
  result: WriteResult,
  asked: Asked,
  environment: EnvironmentKey,
): Reply & { readonly body: ShownEnvironment } {
  const after = projectAfter(result, asked);
  if (!after.project.environments.includes(environment)) throw changedMeanwhile(result.commit);
  const headers = { ...projectHeaders(after), ...headersOfWrite(result) };
  return { status: 200, headers, body: shownEnvironment(after.project, environment) };
}

function shownEnvironment(project: ProjectSnapshot, key: EnvironmentKey): ShownEnvironment {
  return {
    id: numericId(environmentId(project, key)),
    key,
    name: entryOf(project, key).name ?? key,
    projectId: numericId(project.id),
  };
}

function entryOf({ file }: ProjectSnapshot, key: EnvironmentKey): { readonly name?: string } {
  const entry = file.environments.find((one) => typeof one !== 'string' && one.key === key);
  return typeof entry === 'object' ? entry : {};
}
