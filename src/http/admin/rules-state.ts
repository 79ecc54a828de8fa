import { isSame } from '../../changes/difference/same.js';
import type { Edit } from '../../files/edit.js';
import { Failure } from '../../model/failure.js';
import {
  type Attachment,
  attachmentEntry,
  type EnvironmentState,
  environmentState,
  type FlagFile,
  type Requirement,
  requirementEntry,
} from '../../model/flag.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { JsonValue } from '../../model/values.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readList,
  readSwitch,
  readText,
  required,
} from '../json-fields.js';
import {
  isSameServe,
  readServe,
  readVariant,
  readWholeServe,
  type ShownServe,
  shownServe,
} from './rules-serve.js';

/** What a flag does in an environment besides its rules, in the words of the admin API. */
export interface ShownState {
  readonly enabled: boolean;
  readonly killed: boolean;
  /** What those get to whom no rule applies. */
  readonly serve: ShownServe | null;
  readonly offVariant: string | null;
  readonly segments: readonly ShownAttachment[];
  readonly requires: readonly ShownRequirement[];
}

interface ShownAttachment {
  readonly segment: string;
  readonly serve: ShownServe | null;
}

interface ShownRequirement {
  readonly flag: string;
  readonly variant: string;
}

/** The fields that `editsOfState` reads. */
export const STATE_FIELDS = ['enabled', 'killed', 'serve', 'offVariant', 'segments', 'requires'] as const;

const MOST_ITEMS = 100;
const KEY_LENGTH = { from: 1, to: 100 };

/** The state of this environment. */
export function shownState(flag: FlagFile, environment: EnvironmentKey): ShownState {
  const { enabled, killed, serve, offVariant, segments, requires } = environmentState(flag, environment);
  return {
    enabled,
    killed: killed === true,
    serve: shownServe(serve, flag),
    offVariant: offVariant ?? null,
    segments: (segments ?? []).map((attachment) => shownAttachment(attachment, flag)),
    requires: (requires ?? []).map(requirementEntry),
  };
}

/**
 * The edits of a flag's file that give the environment the state that the fields ask for. What they leave out stays; null
 * is nothing. Throws a `Failure` of kind `invalid` that names the place.
 */
export function editsOfState(fields: Fields, flag: FlagFile, environment: EnvironmentKey): readonly Edit[] {
  const now = environmentState(flag, environment);
  refuseKill(fields, now);
  const enabled = readSwitch(fields, 'enabled') ?? now.enabled;
  const others = [
    ...editsOfServe(fields, flag, now),
    ...editsOfOffVariant(fields, flag, now),
    ...editsOfSegments(fields, flag, now),
    ...editsOfRequires(fields, now),
  ];
  // A block that is written says whether the flag is enabled.
  const isNew = others.length > 0 && !Object.hasOwn(flag.environments, environment);
  const edits: readonly Edit[] =
    isNew || enabled !== now.enabled ? [{ at: ['enabled'], set: enabled }, ...others] : others;
  return edits.map((edit) => ({ ...edit, at: ['environments', environment, ...edit.at] }));
}

/**
 * Who sends what he read once must not release what somebody has killed since, and who enables a flag must know that it
 * is killed: then he says so.
 */
function refuseKill(fields: Fields, now: EnvironmentState): void {
  const killed = readSwitch(fields, 'killed');
  const isKilled = now.killed === true;
  if (killed === true && !isKilled)
    throw invalidAt(placeOf(fields, 'killed'), 'cannot be set here: POST …/kill does it');
  if (killed === true || !isKilled) return;
  if (killed === undefined && readSwitch(fields, 'enabled') !== true) return;
  throw new Failure(
    'conflict',
    'FLAG_KILLED',
    'the flag is killed in this environment: POST …/unkill releases it',
  );
}

function editsOfServe(fields: Fields, flag: FlagFile, now: EnvironmentState): readonly Edit[] {
  if (fieldOf(fields, 'serve') === undefined) return [];
  const serve = readServe(fields, flag);
  if (isSameServe(serve, now.serve)) return [];
  return [serve === undefined ? { at: ['serve'], remove: true } : { at: ['serve'], set: serve }];
}

function editsOfOffVariant(fields: Fields, flag: FlagFile, now: EnvironmentState): readonly Edit[] {
  const value = fieldOf(fields, 'offVariant');
  if (value === undefined) return [];
  const variant = value === null ? undefined : readVariant(fields, 'offVariant', flag);
  if (variant === now.offVariant) return [];
  return [
    variant === undefined ? { at: ['offVariant'], remove: true } : { at: ['offVariant'], set: variant },
  ];
}

/** What stays keeps the form in which it is written. */
function editsOfSegments(fields: Fields, flag: FlagFile, now: EnvironmentState): readonly Edit[] {
  const items = readItems(fields, 'segments');
  if (items === undefined) return [];
  const current = now.segments ?? [];
  const wanted = items.map((item): Attachment => {
    const entry = readFields(item.value, item.place, ['segment', 'serve']);
    const segment = required(readText(entry, 'segment', KEY_LENGTH), entry, 'segment');
    const serve = readWholeServe(entry, flag);
    const made = serve === undefined || serve === 'on' ? segment : { segment, serve };
    return current.find((each) => isSame(attachmentEntry(each), attachmentEntry(made))) ?? made;
  });
  return editsOfList('segments', current, wanted);
}

function editsOfRequires(fields: Fields, now: EnvironmentState): readonly Edit[] {
  const items = readItems(fields, 'requires');
  if (items === undefined) return [];
  const current = now.requires ?? [];
  const wanted = items.map((item): Requirement => {
    const entry = readFields(item.value, item.place, ['flag', 'variant']);
    const flag = required(readText(entry, 'flag', KEY_LENGTH), entry, 'flag');
    const variant = readText(entry, 'variant', KEY_LENGTH);
    const made = variant === undefined || variant === 'on' ? flag : { flag, variant };
    return current.find((each) => isSame(requirementEntry(each), requirementEntry(made))) ?? made;
  });
  return editsOfList('requires', current, wanted);
}

function readItems(fields: Fields, name: string) {
  if (fieldOf(fields, name) === null) return [];
  const items = readList(fields, name, { from: 0, to: MOST_ITEMS });
  return items?.map((value, index) => ({ value, place: `${placeOf(fields, name)}[${index}]` }));
}

/** A list of nothing is not written. */
function editsOfList(
  name: string,
  current: readonly (Attachment | Requirement)[],
  wanted: readonly (Attachment | Requirement)[],
): readonly Edit[] {
  if (isSame(current, wanted)) return [];
  return [wanted.length === 0 ? { at: [name], remove: true } : { at: [name], set: wanted as JsonValue }];
}

function shownAttachment(attachment: Attachment, flag: FlagFile): ShownAttachment {
  const { segment, serve } = attachmentEntry(attachment);
  return { segment, serve: shownServe(serve, flag) };
}
