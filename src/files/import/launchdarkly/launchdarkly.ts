import type { EnvironmentStates, FlagFile } from '../../../model/flag.js';
import type { JsonObject } from '../../../model/values.js';
import { Draft, Inexact, type Note } from '../draft.js';
import { carriedDescription, carriedTags } from '../facts.js';
import type { ForeignInput, Imported, Targets } from '../imported.js';
import { isObject, textOf, textsOf } from '../read.js';
import { SegmentFiles } from '../segment-files.js';
import { eachState } from '../states.js';
import { type Export, readExport } from './export.js';
import { Segments } from './segments.js';
import { type FlagThere, stateOf } from './state.js';
import { variationsOf } from './variations.js';

/**
 * Reads what LaunchDarkly's API says of flags and segments (`GET /api/v2/flags/PROJECT?summary=0`,
 * `GET /api/v2/segments/PROJECT/ENVIRONMENT`), and what SDKs and the relay proxy are given: `{ flags, segments }`. Everything
 * but rollouts is carried exactly; these place people by another hash.
 */
export function readLaunchDarkly({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  const source = readExport(texts);
  draft.about('assumed', 'context', CONTEXT);
  const scopes = scopesOf(source, draft, targets);
  for (const scope of scopes.values()) scope.readAll();
  for (const [key, flag] of source.flags) {
    draft.flag(key, (note) => ({ value: flagOf(flag, { key, source, draft, scopes, targets, note }) }));
  }
  return draft.done();
}

const CONTEXT =
  "callers have a user's key as targetingKey with the user's attributes beside it, and another kind as an object under its name (organization.key); no attribute of the user has the name of a kind";

/** The segments of each environment that is carried; undefined is that of a source that knows none. */
function scopesOf(source: Export, draft: Draft, targets: Targets): ReadonlyMap<string | undefined, Segments> {
  const files = new SegmentFiles(draft);
  const isComplete = source.environments.length === 0;
  const names = (isComplete ? [undefined] : source.environments).filter(
    (name) => targets.of(name).length > 0,
  );
  return new Map(
    names.map((name) => {
      const known = new Map([
        ...(source.segments.get(undefined) ?? []),
        ...(source.segments.get(name) ?? []),
      ]);
      return [name, new Segments({ known, isComplete, draft, files })];
    }),
  );
}

interface FlagReading {
  readonly key: string;
  readonly source: Export;
  readonly draft: Draft;
  readonly scopes: ReadonlyMap<string | undefined, Segments>;
  readonly targets: Targets;
  readonly note: Note;
}

function flagOf(flag: JsonObject, reading: FlagReading): FlagFile {
  if (flag.archived === true) throw new Inexact('archived', 'it is archived, and no SDK is given it');
  const named = variationsOf(flag, reading.note);
  const { on, off, ...others } = named.variants;
  const isPlain = on === true && off === false && Object.keys(others).length === 0;
  return {
    ...factsOf(flag, reading),
    ...(named.type === 'boolean' ? {} : { type: named.type }),
    ...(isPlain ? {} : { variants: named.variants }),
    environments: statesOf(flag, named, reading),
  };
}

function statesOf(
  flag: JsonObject,
  named: ReturnType<typeof variationsOf>,
  reading: FlagReading,
): EnvironmentStates {
  const { key, source, draft, scopes, targets, note } = reading;
  let states: EnvironmentStates = {};
  for (const [name, segments] of scopes) {
    const setting = settingOf(flag, name);
    if (setting === undefined) continue;
    const other = (asked: string): FlagThere | undefined => {
      const there = source.flags.get(asked);
      const theirs = there && settingOf(there, name);
      return there && theirs && { flag: there, setting: theirs };
    };
    const state = inEnvironment(name, () => stateOf(setting, { key, named, segments, draft, note, other }));
    states = { ...states, ...eachState(targets.of(name), state) };
  }
  if (Object.keys(states).length === 0)
    throw new Inexact('environments', 'it has a state in none of the environments that are carried');
  return states;
}

/** What the flag does in the environment; undefined where it is not there. */
function settingOf(flag: JsonObject, environment: string | undefined): JsonObject | undefined {
  if (environment === undefined) return flag;
  if (!isObject(flag.environments) || !Object.hasOwn(flag.environments, environment)) return undefined;
  const setting = flag.environments[environment];
  if (!isObject(setting)) throw new Inexact('environments', `${environment} is no map`);
  return setting;
}

/** What stands in the way is told with the environment that it is about. */
function inEnvironment<Value>(name: string | undefined, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Inexact) || name === undefined) throw error;
    throw new Inexact(error.construct, `in ${name}: ${error.message}`);
  }
}

function factsOf(flag: JsonObject, { key, note }: FlagReading): Omit<FlagFile, 'environments'> {
  const [name, owner] = [textOf(flag.name), ownerOf(flag)];
  const client = flag.clientSideAvailability;
  const isClient =
    flag.clientSide === true ||
    (isObject(client) && (client.usingEnvironmentId === true || client.usingMobileKey === true));
  if (isObject(flag.customProperties) && Object.keys(flag.customProperties).length > 0)
    note('dropped', 'customProperties', 'links to other tools are kept there, and metadata here is flat');
  return {
    ...(name === undefined || name === key || name.length > 200 ? {} : { name }),
    ...carriedDescription(textOf(flag.description), note),
    ...(owner === undefined || owner.length > 200 ? {} : { owner }),
    ...(flag.deprecated === true ? { status: 'deprecated' } : {}),
    ...carriedTags(textsOf(flag.tags), note),
    ...(isClient ? { client: true } : {}),
  };
}

function ownerOf({ _maintainerTeam, _maintainer }: JsonObject): string | undefined {
  const team = isObject(_maintainerTeam) ? textOf(_maintainerTeam.key) : undefined;
  return team ?? (isObject(_maintainer) ? textOf(_maintainer.email) : undefined);
}
