import { pathOf } from '../../files/paths.js';
import type { FlagKey } from '../../model/keys.js';
import type { Flag } from '../../model/snapshot.js';
import type { WriteResult } from '../../repository/write-request.js';
import { changedMeanwhile, projectAfter, readWanted } from '../admin/exact-write.js';
import { findFlagFile, findFlagIn, projectHere } from '../admin/lookup.js';
import { FlagPages } from '../feature-flag-pages.js';
import { readFields, refuseChanged } from '../json-fields.js';
import { type Asked, jsonContent, type Reply, type Route } from '../route.js';
import { environmentOf, orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS } from '../write-words.js';
import { type ConfigOptions, routeOf } from './default-place.js';
import { NEW_FIELDS, readNewFeature, readNewId, updateOfFeature } from './feature-body.js';
import { changesOfOverrides, OVERRIDE_FIELDS } from './feature-overrides.js';
import { type ShownFeature, shownFeature } from './feature-shape.js';
import { featureNow, headersOfFeature, writeFeature } from './feature-write.js';

const FEATURES = '/api/admin/config/features';

/** The flags of the default project, as they are in the default environment. Source: seed 002. */
export function featureRoutes(options: ConfigOptions): readonly Route[] {
  const pages = new FlagPages();
  return [
    routeOf(`GET ${FEATURES}`, options, (_, asked) => listFeatures({ ...options, pages }, asked)),
    routeOf(`POST ${FEATURES}`, options, createFeature),
    routeOf(`GET ${FEATURES}/:id`, options, getFeature),
    routeOf(`PUT ${FEATURES}/:id`, options, updateFeature),
    routeOf(`DELETE ${FEATURES}/:id`, options, deleteFeature),
  ];
}

/** What cannot be changed here. When it was changed moves on without the caller, so it is not compared. */
const READ_ONLY = ['id', 'type', 'segments', 'createdAt'] as const;
const GIVEN = ['name', 'description', 'isEnabled', 'status', ...Object.keys(OVERRIDE_FIELDS)];
const MOVING = ['updatedAt'];

/** The flag that the path names. Throws what `findFlagIn` does. */
export function featureOf(asked: Asked): Flag {
  return findFlagIn(projectHere(asked), asked.params.id ?? '');
}

function listFeatures(
  { pages, ...options }: ConfigOptions & { readonly pages: FlagPages },
  asked: Asked,
): Reply {
  const served = orgOf(asked);
  const project = projectOf(asked);
  const places = [{ served, project, environment: environmentOf(asked) }];
  const question = {
    head: options.cache.history.head,
    places,
    view: 'full',
    query: asked.query,
    now: options.now(),
  } as const;
  const json = pages.find(question, () =>
    [...project.flags.values()].map((flag) => shown(options, asked, flag)),
  );
  return { status: 200, headers: { 'Flagstaff-Revision': served.revision }, content: jsonContent(json) };
}

function getFeature(options: ConfigOptions, asked: Asked): Reply {
  const flag = featureOf(asked);
  const headers = headersOfFeature({ served: orgOf(asked), project: projectOf(asked) }, flag);
  return { status: 200, headers, body: shown(options, asked, flag) };
}

async function createFeature(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', [...NEW_FIELDS, ...WORD_FIELDS]);
  const flag = readNewId(fields);
  const served = orgOf(asked);
  const project = projectOf(asked).key;
  const file = readNewFeature(fields, flag, environmentOf(asked));
  const path = pathOf({ kind: 'flag', org: served.snapshot.key, project, key: flag });
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind: 'flag.create', project, flag, file }],
    preconditions: preconditionsOf(asked, path),
    ...readWords(fields),
  });
  const { headers, ...reply } = writtenReply(options, asked, { result, key: flag });
  return { ...reply, headers: { ...headers, Location: `${FEATURES}/${flag}` } };
}

/** The given fields, as one commit, be they of the flag's file or of its overrides. */
async function updateFeature(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const known = [...READ_ONLY, ...GIVEN, ...MOVING, ...WORD_FIELDS];
  const fields = readFields(await readWanted(asked), '', known);
  const { key } = featureOf(asked);
  const result = await writeFeature(options, asked, {
    key,
    changesOf: (current) => {
      const now = featureNow(options, asked, { current, key });
      const flag = findFlagIn(current, key);
      const place = { project: current.project, environment: now.environment };
      refuseChanged(fields, READ_ONLY, shownFeature(options, flag, place));
      const own = {
        kind: 'flag.update',
        project: now.project,
        flag: key,
        ...updateOfFeature(fields, now),
      } as const;
      return [own, ...changesOfOverrides(fields, now)];
    },
    words: readWords(fields),
  });
  return writtenReply(options, asked, { result, key });
}

/** A flag with its overrides and tests, whether its file is good or not. FLAG_IN_USE says who needs it. */
async function deleteFeature(options: ConfigOptions, asked: Asked): Promise<Reply> {
  const { key } = findFlagFile(projectHere(asked), asked.params.id ?? '');
  const result = await writeFeature(options, asked, {
    key,
    changesOf: ({ project }) => [{ kind: 'flag.delete', project: project.key, flag: key }],
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** A flag as a write left it. Throws `Failure` CHANGED_MEANWHILE where it cannot be served so. */
function writtenReply(
  options: ConfigOptions,
  asked: Asked,
  { result, key }: { readonly result: WriteResult; readonly key: FlagKey },
): Reply {
  const current = projectAfter(result, asked);
  const flag = current.project.flags.get(key);
  if (flag === undefined) throw changedMeanwhile(result.commit);
  const place = { project: current.project, environment: environmentOf(asked), asOf: result.commit };
  const headers = { ...headersOfFeature(current, flag), ...headersOfWrite(result) };
  return { status: 200, headers, body: shownFeature(options, flag, place) };
}

function shown(options: ConfigOptions, asked: Asked, flag: Flag): ShownFeature {
  return shownFeature(options, flag, { project: projectOf(asked), environment: environmentOf(asked) });
}
