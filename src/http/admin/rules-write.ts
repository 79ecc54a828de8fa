import type { Change } from '../../changes/change.js';
import { Failure } from '../../model/failure.js';
import { environmentState, type FlagFile, type Rule } from '../../model/flag.js';
import { numericId } from '../../model/ids.js';
import { parseFlagKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import type { ServedOrg } from '../../repository/served.js';
import type { WriteResult } from '../../repository/write-request.js';
import type { Asked } from '../route.js';
import { environmentId, environmentOf } from '../scope.js';
import { headersOfWrite } from '../write-headers.js';
import type { WriteWords } from '../write-words.js';
import { type AdminOptions, changedMeanwhile, fileNow, projectAfter, writeExactly } from './exact-write.js';
import { findFlagFile, flagOf, headBlob } from './lookup.js';
import type { RulesPlace } from './rules-changes.js';
import { type ShownRule, shownRule } from './rules-rule.js';
import { type ShownState, shownState } from './rules-state.js';

/** A flag in one environment, in the words of the admin API: all that decides what it gives there. */
export interface ShownRules extends ShownState {
  readonly flagId: number;
  readonly flagKey: string;
  readonly environmentId: number;
  readonly environmentKey: string;
  /** The first that applies decides. */
  readonly rules: readonly ShownRule[];
}

/** Which flag and environment it is, the path says; a body may say it again. */
export const PLACE_FIELDS = ['flagId', 'flagKey', 'environmentId', 'environmentKey'] as const;

/** The rules of an environment as its file has them, where that is to be written. */
export interface RulesNow {
  readonly place: RulesPlace;
  readonly flag: FlagFile;
  readonly rules: readonly Rule[];
}

/** The flag in the environment of the path. */
export function shownRules(asked: Asked, project: ProjectSnapshot, flag: Flag): ShownRules {
  const environment = environmentOf(asked);
  const { file } = flag;
  return {
    flagId: numericId(flag.id),
    flagKey: flag.key,
    environmentId: numericId(environmentId(project, environment)),
    environmentKey: environment,
    ...shownState(file, environment),
    rules: (environmentState(file, environment).rules ?? []).map((rule) => shownRule(rule, file)),
  };
}

/** The headers of an answer about a flag: the tag is its file's, so the next write of it can name it. */
export function headersOfFlag(served: ServedOrg, flag: Flag): Readonly<Record<string, string>> {
  return { ETag: `"${headBlob(served, flag)}"`, 'Flagstaff-Revision': served.revision };
}

/**
 * Writes what is worked out from the rules as the flag's file has them. Throws what `writeExactly` does, and FILE_BROKEN.
 */
export async function writeRules(
  options: AdminOptions,
  asked: Asked,
  {
    changesOf,
    words,
  }: { readonly changesOf: (now: RulesNow) => readonly Change[]; readonly words?: WriteWords },
): Promise<WriteResult> {
  const { key } = flagOf(asked);
  const environment = environmentOf(asked);
  return writeExactly(options, asked, {
    find: (current) => findFlagFile(current, key),
    changesOf: (current) => {
      const parsed = fileNow(current.served, findFlagFile(current, key).path);
      const flag = parsed.value as FlagFile;
      const place = { project: current.project.key, flag: key, environment };
      const changes = changesOf({ place, flag, rules: environmentState(flag, environment).rules ?? [] });
      return changes.length === 0 ? [stateAsItIs(place, flag)] : changes;
    },
    ...(words && { words }),
  });
}

/** A flag as a write left it, whatever others have written since. */
export interface WrittenFlag {
  readonly shown: ShownRules;
  readonly headers: Readonly<Record<string, string>>;
}

/** What to answer to a write. Throws `Failure` CHANGED_MEANWHILE where the flag cannot be served as it was written. */
export function writtenFlag(result: WriteResult, asked: Asked): WrittenFlag {
  const { served, project } = projectAfter(result, asked);
  const flag = project.flags.get(flagOf(asked).key);
  if (flag === undefined) throw changedMeanwhile(result.commit);
  const headers = { ...headersOfFlag(served, flag), ...headersOfWrite(result) };
  return { shown: shownRules(asked, project, flag), headers };
}

/** The rule of this id. Throws a `Failure`: `invalid` for what can be no id, else `not-found`. */
export function findRule<Named extends { readonly id: string }>(rules: readonly Named[], id: string): Named {
  const rule = rules.find((each) => each.id === id);
  if (rule !== undefined) return rule;
  if (parseFlagKey(id) === undefined) {
    throw new Failure('invalid', 'INVALID_KEY', 'the rule: not in the grammar of ids');
  }
  throw new Failure('not-found', 'RULE_NOT_FOUND', `rule ${id}: not found`);
}

/** A write that finds the file as it is wanted goes the way of all writes: what it expects is asked, and there is no commit. */
export function stateAsItIs({ project, flag: key, environment }: RulesPlace, flag: FlagFile): Change {
  const at = ['environments', environment];
  const isNamed = Object.hasOwn(flag.environments, environment);
  const { enabled } = environmentState(flag, environment);
  const edit = isNamed ? { at: [...at, 'enabled'], set: enabled } : { at, remove: true as const };
  return { kind: 'flag.update', project, flag: key, edits: [edit] };
}
