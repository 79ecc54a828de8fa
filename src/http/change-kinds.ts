import type { AccessChange } from '../changes/access-change.js';
import type { Change, FlagRestore, OverrideName } from '../changes/change.js';
import type { ProjectChange } from '../changes/project-change.js';
import { Failure } from '../model/failure.js';
import { environmentState, type FlagFile, type Rule } from '../model/flag.js';
import {
  type EnvironmentKey,
  type FlagKey,
  type ProjectKey,
  parseEnvironmentKey,
  parseFlagKey,
  parseSegmentKey,
  type SegmentKey,
} from '../model/keys.js';
import type { OverrideEntry } from '../model/override.js';
import type { SegmentFile } from '../model/segment.js';
import type { Flag, ProjectSnapshot } from '../model/snapshot.js';
import type { TestsFile } from '../model/test-case.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import { readEdits } from './edit-body.js';
import { readTo } from './flag-restore.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readKey,
  readList,
  readObjectAt,
  readText,
  refuseUnwritable,
  required,
} from './json-fields.js';

/**
 * The kinds of change that a caller may send. What takes back a commit, copies a flag or is about projects, keys and
 * people has its own paths.
 */
export type SentKind = Exclude<
  Change['kind'],
  'commit.revert' | 'flag.copy' | ProjectChange['kind'] | AccessChange['kind']
>;

/** A change as it was sent, with the project that it is about. */
export interface AskedChange {
  readonly fields: Fields;
  readonly project: ProjectKey;
  /** As it is served; undefined where it is not there. */
  readonly snapshot: ProjectSnapshot | undefined;
  /** What makes the flag what it was at a revision. Throws as `restoreOf` does. */
  readonly restore: (about: AboutFlag, to: string) => Promise<FlagRestore>;
}

/** How one kind of change is read. */
interface KindReader {
  /** Its fields, beside those that all kinds have. */
  readonly fields: readonly string[];
  /** Throws a `Failure`: `invalid` that names the place, `not-found` for a project or a revision that is not there. */
  readonly read: (asked: AskedChange) => Change | Promise<Change>;
}

const NAME_LENGTH = { from: 1, to: 320 };
const RULE_LENGTH = { from: 1, to: 100 };
const MAX_NAMES = 1_000;
const MAX_TESTS = 1_000;

/** The shape of a change is read here; what its file would become is judged by those who judge all files. */
export const KIND_READERS: Readonly<Record<SentKind, KindReader>> = {
  'flag.create': {
    fields: ['flag', 'file'],
    read: (asked) => ({
      kind: 'flag.create',
      ...flagOf(asked),
      file: content(asked, 'file') as unknown as FlagFile,
    }),
  },
  'flag.update': {
    fields: ['flag', 'patch', 'edits'],
    read: (asked) => ({
      kind: 'flag.update',
      ...flagOf(asked),
      edits: readEdits(asked.fields, asJson(servedFlag(asked)?.file)),
    }),
  },
  'flag.delete': { fields: ['flag'], read: (asked) => ({ kind: 'flag.delete', ...flagOf(asked) }) },
  'flag.kill': {
    fields: ['flag', 'environment'],
    read: (asked) => ({ kind: 'flag.kill', ...stateOf(asked) }),
  },
  'flag.unkill': {
    fields: ['flag', 'environment'],
    read: (asked) => ({ kind: 'flag.unkill', ...stateOf(asked) }),
  },
  'flag.restore': {
    fields: ['flag', 'to'],
    read: (asked) => asked.restore(flagOf(asked), readTo(asked.fields)),
  },
  'segment.create': {
    fields: ['segment', 'file'],
    read: (asked) => ({
      kind: 'segment.create',
      ...segmentOf(asked),
      file: content(asked, 'file') as SegmentFile,
    }),
  },
  'segment.update': {
    fields: ['segment', 'patch', 'edits'],
    read: (asked) => {
      const about = segmentOf(asked);
      const file = asked.snapshot?.segments.get(about.segment)?.file;
      return { kind: 'segment.update', ...about, edits: readEdits(asked.fields, asJson(file)) };
    },
  },
  'segment.delete': {
    fields: ['segment'],
    read: (asked) => ({ kind: 'segment.delete', ...segmentOf(asked) }),
  },
  'override.create': {
    fields: ['flag', 'entry'],
    read: (asked) => ({
      kind: 'override.create',
      ...flagOf(asked),
      entry: content(asked, 'entry') as OverrideEntry,
    }),
  },
  'override.update': {
    fields: ['flag', 'name', 'patch', 'edits'],
    read: (asked) => ({
      kind: 'override.update',
      ...flagOf(asked),
      name: readName(fieldOf(asked.fields, 'name'), placeOf(asked.fields, 'name')),
      edits: readEdits(asked.fields, undefined),
    }),
  },
  'override.delete': {
    fields: ['flag', 'names'],
    read: (asked) => ({ kind: 'override.delete', ...flagOf(asked), names: readNames(asked.fields) }),
  },
  'rule.create': {
    fields: ['flag', 'environment', 'rule', 'before'],
    read: (asked) => ({
      kind: 'rule.create',
      ...stateOf(asked),
      rule: content(asked, 'rule') as unknown as Rule,
      before: readBefore(asked.fields) ?? null,
    }),
  },
  'rule.update': {
    fields: ['flag', 'environment', 'rule', 'patch', 'edits'],
    read: (asked) => ({
      kind: 'rule.update',
      ...ruleOf(asked),
      edits: readEdits(asked.fields, asJson(servedRule(asked))),
    }),
  },
  'rule.move': {
    fields: ['flag', 'environment', 'rule', 'before'],
    read: (asked) => ({
      kind: 'rule.move',
      ...ruleOf(asked),
      before: required(readBefore(asked.fields), asked.fields, 'before'),
    }),
  },
  'rule.delete': {
    fields: ['flag', 'environment', 'rule'],
    read: (asked) => ({ kind: 'rule.delete', ...ruleOf(asked) }),
  },
  'tests.replace': {
    fields: ['flag', 'tests'],
    read: (asked) => ({ kind: 'tests.replace', ...flagOf(asked), tests: readTests(asked.fields) }),
  },
};

interface AboutFlag {
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

function flagOf({ fields, project }: AskedChange): AboutFlag {
  return { project, flag: required(readKey(fields, 'flag', parseFlagKey), fields, 'flag') };
}

function segmentOf({ fields, project }: AskedChange): { project: ProjectKey; segment: SegmentKey } {
  return { project, segment: required(readKey(fields, 'segment', parseSegmentKey), fields, 'segment') };
}

function stateOf(asked: AskedChange): AboutFlag & { readonly environment: EnvironmentKey } {
  return { ...flagOf(asked), environment: environmentOf(asked) };
}

function ruleOf(asked: AskedChange): ReturnType<typeof stateOf> & { readonly rule: string } {
  const { fields } = asked;
  return { ...stateOf(asked), rule: required(readText(fields, 'rule', RULE_LENGTH), fields, 'rule') };
}

/** The project's default one where none is named. Whether one that is named is there, is asked after `If-Match`. */
function environmentOf({ fields, project, snapshot }: AskedChange): EnvironmentKey {
  const environment = readKey(fields, 'environment', parseEnvironmentKey) ?? snapshot?.defaultEnvironment;
  if (environment !== undefined) return environment;
  const sentence = `${placeOf(fields, 'project')}: there is no project ${project}`;
  throw new Failure('not-found', 'PROJECT_NOT_FOUND', sentence);
}

function content({ fields }: AskedChange, name: string): JsonObject {
  return required(readObjectAt(fields, name), fields, name);
}

function readTests(fields: Fields): TestsFile {
  const tests = required(readList(fields, 'tests', { from: 0, to: MAX_TESTS }), fields, 'tests');
  tests.forEach((test, index) => {
    const place = `${placeOf(fields, 'tests')}[${index}]`;
    refuseUnwritable(test, place);
  });
  return tests as unknown as TestsFile;
}

function readNames(fields: Fields): readonly OverrideName[] {
  const names = required(readList(fields, 'names', { from: 1, to: MAX_NAMES }), fields, 'names');
  return names.map((name, index) => readName(name, `${placeOf(fields, 'names')}[${index}]`));
}

function readName(value: JsonValue | undefined, place: string): OverrideName {
  const fields = readFields(value, place, ['user', 'company', 'environment']);
  const user = readText(fields, 'user', NAME_LENGTH);
  const company = readText(fields, 'company', NAME_LENGTH);
  const environment = readKey(fields, 'environment', parseEnvironmentKey);
  const where = environment === undefined ? {} : { environment };
  if (user !== undefined && company === undefined) return { kind: 'user', name: user, ...where };
  if (company !== undefined && user === undefined) return { kind: 'company', name: company, ...where };
  throw invalidAt(place, 'wanted either user or company');
}

/** Null is the end of the list; undefined where it is left out. */
function readBefore(fields: Fields): string | null | undefined {
  return fieldOf(fields, 'before') === null ? null : readText(fields, 'before', RULE_LENGTH);
}

function servedFlag(asked: AskedChange): Flag | undefined {
  return asked.snapshot?.flags.get(flagOf(asked).flag);
}

function servedRule(asked: AskedChange): Rule | undefined {
  const flag = servedFlag(asked);
  const { environment, rule } = ruleOf(asked);
  const rules = flag === undefined ? undefined : environmentState(flag.file, environment).rules;
  return rules?.find(({ id }) => id === rule);
}

function asJson(value: object | undefined): JsonValue | undefined {
  return value as unknown as JsonValue | undefined;
}
