import type { FlagKill } from '../../changes/change.js';
import { readObject } from '../body.js';
import { readFields, readLine, refuseChanged, required } from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { environmentOf, orgOf, projectOf } from '../scope.js';
import { findMatching } from '../stale-write.js';
import { writeChanges } from '../write-changes.js';
import { preconditionsOf } from '../write-headers.js';
import { REASON_MAX_LENGTH, readWords, WORD_FIELDS } from '../write-words.js';
import { type AdminOptions, currentProject, readWanted } from './exact-write.js';
import { findFlagFile, flagOf } from './lookup.js';
import { editsOfState, STATE_FIELDS } from './rules-state.js';
import {
  headersOfFlag,
  PLACE_FIELDS,
  type RulesNow,
  type ShownRules,
  shownRules,
  writeRules,
  writtenFlag,
} from './rules-write.js';

const FLAG = '/api/admin/projects/:projectId/environments/:environmentId/flags/:flagId';

/** The state of a flag in an environment: its switches, and what it gives besides its rules. */
export function flagStateRoutes(options: AdminOptions): readonly Route[] {
  return [
    { operation: `GET ${FLAG}`, query: [], handle: getState },
    { operation: `PUT ${FLAG}`, query: [], handle: (asked) => updateState(options, asked) },
    { operation: `POST ${FLAG}/kill`, query: [], handle: (asked) => turn(options, asked, 'flag.kill') },
    { operation: `POST ${FLAG}/unkill`, query: [], handle: (asked) => turn(options, asked, 'flag.unkill') },
  ];
}

/** What rules say has a place of its own. */
type ShownFlagState = Omit<ShownRules, 'rules'>;

function getState(asked: Asked): Reply {
  const flag = flagOf(asked);
  const body = withoutRules(shownRules(asked, projectOf(asked), flag));
  return { status: 200, headers: headersOfFlag(orgOf(asked), flag), body };
}

/** PUT: the given fields. What is sent as it was read, changes nothing. */
async function updateState(options: AdminOptions, asked: Asked): Promise<Reply> {
  const body = await readWanted(asked);
  const fields = readFields(body, '', [...PLACE_FIELDS, ...STATE_FIELDS, ...WORD_FIELDS]);
  refuseChanged(fields, PLACE_FIELDS, shownRules(asked, projectOf(asked), flagOf(asked)));
  const changesOf = ({ place: { project, flag: key, environment }, flag }: RulesNow) => {
    const edits = editsOfState(fields, flag, environment);
    return edits.length === 0 ? [] : [{ kind: 'flag.update', project, flag: key, edits } as const];
  };
  const result = await writeRules(options, asked, { changesOf, words: readWords(fields) });
  const { headers, shown } = writtenFlag(result, asked);
  return { status: 200, headers, body: withoutRules(shown) };
}

/**
 * POST: everybody in the environment gets the off variant, whatever else is said; or the end of that. It is written on
 * whatever is there: a file that is broken does not stop it.
 */
async function turn(options: AdminOptions, asked: Asked, kind: FlagKill['kind']): Promise<Reply> {
  const fields = readFields((await readObject(asked.request)) ?? {}, '', ['reason']);
  const reason = required(readLine(fields, 'reason', REASON_MAX_LENGTH), fields, 'reason');
  const { key } = flagOf(asked);
  const { served, project, flag } = await findMatching(options.cache, asked, () => {
    const current = currentProject(options.cache, asked);
    return { ...current, flag: findFlagFile(current, key) };
  });
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind, project: project.key, flag: key, environment: environmentOf(asked) }],
    reason,
    preconditions: preconditionsOf(asked, flag.path),
  });
  const { headers, shown } = writtenFlag(result, asked);
  return { status: 200, headers, body: withoutRules(shown) };
}

function withoutRules({ rules: _, ...state }: ShownRules): ShownFlagState {
  return state;
}
