import type { Edit } from '../../files/edit.js';
import { pathOf } from '../../files/paths.js';
import { numericId } from '../../model/ids.js';
import { type OrgKey, parseEnvironmentKey, parseProjectKey } from '../../model/keys.js';
import type { EnvironmentEntry } from '../../model/project.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { ServedOrg } from '../../repository/served.js';
import { personOf } from '../access.js';
import { mayIn, orgNotFound, orgsOf } from '../authorize.js';
import { readOne } from '../feature-flag-list.js';
import {
  type Fields,
  fieldOf,
  placeOf,
  readFields,
  readKey,
  readList,
  readText,
  required,
} from '../json-fields.js';
import { findOrg } from '../org-lookup.js';
import type { Asked, Reply, Route } from '../route.js';
import { findScope, orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { describedBy, editsOfDescribed, readCascade, refuseOtherThan } from './described.js';
import {
  type AdminOptions,
  type CurrentProject,
  changedMeanwhile,
  projectAfter,
  readWanted,
} from './exact-write.js';
import { fileAt } from './lookup.js';

const PROJECTS = '/api/admin/projects';
const ORGANIZATION = ['organizationId'];
/** Where a new project names none. */
const ENVIRONMENTS = ['development', 'production'];
const MOST_ENVIRONMENTS = 100;

/** A project in the words of the admin API. */
export interface ShownProject {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly organizationId: string;
}

/** The projects of the caller's organizations. */
export function projectRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${PROJECTS}`, query: ORGANIZATION, handle: (asked) => listProjects(options, asked) },
    { operation: `POST ${PROJECTS}`, query: ORGANIZATION, handle: (asked) => createProject(options, asked) },
    { operation: `GET ${PROJECTS}/:projectId`, query: [], handle: getProject },
    { operation: `PUT ${PROJECTS}/:projectId`, query: [], handle: (asked) => updateProject(options, asked) },
    {
      operation: `DELETE ${PROJECTS}/:projectId`,
      query: ['cascade'],
      handle: (asked) => deleteProject(options, asked),
    },
  ];
}

/** Those which the caller may see, of all organizations or the one that is named. */
function listProjects({ cache }: AdminOptions, asked: Asked): Reply {
  const person = personOf(asked.caller);
  const named = readOne(asked.query, 'organizationId');
  const mine = orgsOf(cache, person);
  const orgs = named === undefined ? mine : [findOrg(cache, named)];
  if (orgs.some((org) => !mine.includes(org))) throw orgNotFound(named ?? '');
  const body = orgs.flatMap((served) =>
    [...served.snapshot.projects.values()]
      .filter(({ key }) => mayIn(person, served.snapshot, { may: 'see-project', project: key }))
      .map((project) => shownProject(served, project)),
  );
  return { status: 200, body };
}

function getProject(asked: Asked): Reply {
  return replyWith({ served: orgOf(asked), project: projectOf(asked) });
}

async function createProject(options: AdminOptions, asked: Asked): Promise<Reply> {
  const known = ['key', 'name', 'description', 'environments', 'organizationId', ...WORD_FIELDS];
  const fields = readFields(await readWanted(asked), '', known);
  const key = required(readKey(fields, 'key', parseProjectKey), fields, 'key');
  const served = namedOrg(options, asked, fields);
  const file = { ...describedBy(fields, 'name', 'description'), environments: readEnvironments(fields) };
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind: 'project.create', project: key, file }],
    preconditions: preconditionsOf(asked, fileOf(served.snapshot.key, key)),
    ...readWords(fields),
  });
  const project = result.served?.snapshot.projects.get(key);
  if (result.served === undefined || project === undefined) throw changedMeanwhile(result.commit);
  const { body, headers } = replyWith({ served: result.served, project });
  const location = `${PROJECTS}/${numericId(project.id)}`;
  return { status: 201, headers: { ...headers, ...headersOfWrite(result), Location: location }, body };
}

async function updateProject(options: AdminOptions, asked: Asked): Promise<Reply> {
  const texts = ['name', 'description'];
  const known = ['id', 'key', 'organizationId', ...texts, 'defaultEnvironment', ...WORD_FIELDS];
  const fields = readFields(await readWanted(asked), '', known);
  const served = orgOf(asked);
  const project = projectOf(asked);
  const { name, description, ...fixed } = shownProject(served, project);
  refuseOtherThan(fields, fixed);
  const edits = [
    ...editsOfDescribed(fields, project.file, { name, description }),
    ...editsOfDefault(fields, project),
  ];
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind: 'project.update', project: project.key, edits }],
    preconditions: preconditionsOf(asked, fileOf(served.snapshot.key, project.key)),
    ...readWords(fields),
  });
  const { status, headers, body } = replyWith(projectAfter(result, asked));
  return { status, headers: { ...headers, ...headersOfWrite(result) }, body };
}

/**
 * The environment of callers who name none; null leaves it to the order of the file. Answers do not show it: their shape
 * is the seed's. One that the project has not is refused by the judge of the files.
 */
function editsOfDefault(fields: Fields, { file }: ProjectSnapshot): readonly Edit[] {
  const at = ['defaultEnvironment'];
  if (fieldOf(fields, 'defaultEnvironment') !== null) {
    const key = readKey(fields, 'defaultEnvironment', parseEnvironmentKey);
    return key === undefined ? [] : [{ at, set: key }];
  }
  return file.defaultEnvironment === undefined ? [] : [{ at, remove: true }];
}

async function deleteProject({ writer }: AdminOptions, asked: Asked): Promise<Reply> {
  const served = orgOf(asked);
  const { key } = projectOf(asked);
  const result = await writeChanges(writer, asked.caller, {
    served,
    changes: [{ kind: 'project.delete', project: key, cascade: readCascade(asked) }],
    preconditions: preconditionsOf(asked, fileOf(served.snapshot.key, key)),
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** Where a new project belongs: to the organization that body or query names, else the caller's own. */
function namedOrg({ cache }: AdminOptions, { caller, query }: Asked, fields: Fields): ServedOrg {
  const named = readText(fields, 'organizationId', { from: 1, to: 100 }) ?? readOne(query, 'organizationId');
  const wanted = new URLSearchParams(named === undefined ? {} : { organizationId: named });
  return findScope(cache, { caller: personOf(caller), may: 'manage-org', params: {}, query: wanted }).served;
}

function readEnvironments(fields: Fields): readonly (string | EnvironmentEntry)[] {
  const list = readList(fields, 'environments', { from: 1, to: MOST_ENVIRONMENTS });
  return (list ?? ENVIRONMENTS).map((item, index) => {
    const place = `${placeOf(fields, 'environments')}[${index}]`;
    const entry = readFields(typeof item === 'string' ? { key: item } : item, place, ['key', 'name']);
    const key = required(readKey(entry, 'key', parseEnvironmentKey), entry, 'key');
    const name = fieldOf(entry, 'name') === undefined ? {} : describedBy(entry, 'name');
    return name.name === undefined ? key : { key, ...name };
  });
}

function shownProject({ snapshot }: ServedOrg, { id, key, file }: ProjectSnapshot): ShownProject {
  return {
    id: numericId(id),
    key,
    name: file.name ?? key,
    description: file.description ?? '',
    organizationId: snapshot.id,
  };
}

function replyWith({ served, project }: CurrentProject): Reply & { readonly body: ShownProject } {
  return { status: 200, headers: projectHeaders({ served, project }), body: shownProject(served, project) };
}

/** The tag of the project's file, which a write of it or of its environments can name. */
export function projectHeaders({ served, project }: CurrentProject): Readonly<Record<string, string>> {
  const blob = fileAt(served, fileOf(served.snapshot.key, project.key))?.blob;
  return {
    'Flagstaff-Revision': served.revision,
    ...(blob === undefined ? {} : { ETag: `"${blob}"` }),
  };
}

function fileOf(org: OrgKey, project: ProjectSnapshot['key']): string {
  return pathOf({ kind: 'project', org, project });
}
