import type { FlagUpdate } from '../changes/change.js';
import type { Edit } from '../files/edit.js';
import { Failure } from '../model/failure.js';
import type { FlagFile } from '../model/flag.js';
import { type FlagKey, parseFlagKey } from '../model/keys.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { FoundFlag } from './flag-lookup.js';
import { readFields } from './json-fields.js';

/** The words of this dialect for one flag. */
export interface FeatureFlag {
  readonly flag_id: string;
  readonly feature_key: string;
  readonly is_enabled: boolean;
  readonly org_id: string;
  readonly description: string;
  readonly updated_at: string;
}

/** The same with the field that only a new flag's answer shows. */
export interface CreatedFeatureFlag extends FeatureFlag {
  readonly created_at: string;
}

/** A body that asks for a new flag. */
export interface CreateBody {
  readonly key: FlagKey;
  readonly isEnabled: boolean;
  readonly org: string | undefined;
  readonly description: string;
}

const CREATE_FIELDS = ['feature_key', 'is_enabled', 'org_id', 'description'];
const UPDATE_FIELDS = ['is_enabled', 'description'];
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Reads the body of a POST. Throws a `Failure` of kind `invalid` that names the field. */
export function readCreate(body: JsonObject): CreateBody {
  readFields(body, '', CREATE_FIELDS);
  const key = parseFlagKey(readText(body, 'feature_key') ?? '');
  if (key === undefined)
    throw new Failure('invalid', 'INVALID_KEY', 'feature_key: not in the grammar of flag keys');
  return {
    key,
    isEnabled: readSwitch(body, 'is_enabled') ?? false,
    org: readText(body, 'org_id'),
    description: readText(body, 'description') ?? '',
  };
}

/** The file of a new flag: no more than was said. Environments that it does not name are off. */
export function newFile(body: CreateBody, environment: string): FlagFile {
  return {
    ...(body.description === '' ? {} : { description: body.description }),
    environments: { [environment]: { enabled: body.isEnabled } },
  };
}

/** What a PUT asks for; which of it changes anything, the file tells. */
export type UpdateBody = Pick<FlagUpdate, 'edits' | 'unlessKilledIn'>;

/** Reads the body of a PUT. Throws a `Failure` of kind `invalid` for unknown fields and for read-only ones that differ. */
export function readUpdate(body: JsonObject, found: FoundFlag, shown: CreatedFeatureFlag): UpdateBody {
  readFields(body, '', Object.keys(shown));
  refuseChanged(body, { ...shown });
  if (body.is_enabled === null) throw invalid('is_enabled: wanted true or false');
  const isEnabled = readSwitch(body, 'is_enabled');
  const edits = [...switchEdits(isEnabled, found), ...descriptionEdits(body)];
  return isEnabled === true ? { edits, unlessKilledIn: found.environment } : { edits };
}

/** An environment that the file does not name is off already. */
function switchEdits(isEnabled: boolean | undefined, { flag, environment }: FoundFlag): readonly Edit[] {
  const isNamed = Object.hasOwn(flag.file.environments, environment);
  if (isEnabled === undefined || !(isEnabled || isNamed)) return [];
  return [{ at: ['environments', environment, 'enabled'], set: isEnabled }];
}

/** A description that is empty is shown as one that is not there, so it is none. */
function descriptionEdits(body: JsonObject): readonly Edit[] {
  if (!Object.hasOwn(body, 'description')) return [];
  const description = readText(body, 'description') ?? '';
  return [
    description === '' ? { at: ['description'], remove: true } : { at: ['description'], set: description },
  ];
}

function refuseChanged(body: JsonObject, shown: Readonly<Record<string, JsonValue | undefined>>): void {
  for (const name of Object.keys(body)) {
    if (!UPDATE_FIELDS.includes(name) && body[name] !== shown[name])
      throw invalid(`${name}: cannot be changed`);
  }
}

function readText(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || LONE_SURROGATE.test(value)) throw invalid(`${name}: wanted text`);
  return value;
}

function readSwitch(body: JsonObject, name: string): boolean | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalid(`${name}: wanted true or false`);
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'INVALID_REQUEST', message);
}
