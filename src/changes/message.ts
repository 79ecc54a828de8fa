import type { Edit } from '../files/edit.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import { unreachable } from '../model/unreachable.js';
import type { Change } from './change.js';

/** What a commit message is made from. */
export interface MessageInput {
  readonly org: OrgKey;
  /** What really changes. */
  readonly changes: readonly Change[];
  /** The caller's own words. */
  readonly message?: string | undefined;
  /** More trailers, by name. */
  readonly trailers?: Readonly<Record<string, string>> | undefined;
}

/** Longer subjects are cut; the trailers say everything. */
const SUBJECT_LENGTH = 100;
/** From here on the subject counts instead of listing. */
const LISTED_CHANGES = 3;

/**
 * The message of a commit: a subject in plain words, the caller's words, and trailers for machines. Nothing of the
 * caller's can become a trailer: ours are always the last paragraph, and a line of theirs that looks like one is
 * indented. Throws `Failure` INVALID_MESSAGE for control characters and for trailers that are none.
 */
export function commitMessage(input: MessageInput): string {
  const paragraphs = [cut(subjectOf(input)), bodyOf(input.message), trailersOf(input)];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

/** The subject: `acme/web-app: enable new-checkout in production`. */
export function subjectOf({ org, changes }: Pick<MessageInput, 'org' | 'changes'>): string {
  const projects = [...new Set(changes.map((change) => change.project))];
  const [project] = projects;
  const scope = projects.length === 1 ? `${org}/${project}` : org;
  return `${scope}: ${changes.length > LISTED_CHANGES ? summary(changes) : changes.map(describe).join(', ')}`;
}

/** `create 2 flags, change 3 flags` */
function summary(changes: readonly Change[]): string {
  const count = (kind: Change['kind'], verb: string): readonly string[] => {
    const { length } = changes.filter((change) => change.kind === kind);
    return length === 0 ? [] : [`${verb} ${length} ${length === 1 ? 'flag' : 'flags'}`];
  };
  return [
    ...count('flag.create', 'create'),
    ...count('flag.update', 'change'),
    ...count('flag.delete', 'delete'),
  ].join(', ');
}

function describe(change: Change): string {
  switch (change.kind) {
    case 'flag.create':
      return `create ${change.flag}`;
    case 'flag.delete':
      return `delete ${change.flag}`;
    case 'flag.update': {
      const phrases = [...new Set(change.edits.map((edit) => describeEdit(edit, change.flag)))];
      return phrases.length > LISTED_CHANGES ? `change ${change.flag}` : phrases.join(', ');
    }
    default:
      return unreachable(change);
  }
}

function describeEdit(edit: Edit, flag: string): string {
  const [field, environment, ...below] = edit.at;
  if (field !== 'environments') return describeField(edit, String(field ?? 'file'), flag);
  if (environment === undefined) return `change the environments of ${flag}`;
  const value = 'set' in edit ? edit.set : undefined;
  return describeState(
    { name: below[0], value, isRemoved: 'remove' in edit, isWhole: below.length < 2 },
    flag,
    String(environment),
  );
}

interface StateEdit {
  /** The field of the state, or undefined for all of it. */
  readonly name: string | number | undefined;
  readonly value: unknown;
  readonly isRemoved: boolean;
  readonly isWhole: boolean;
}

function describeState(edit: StateEdit, flag: string, environment: string): string {
  const place = `${flag} in ${environment}`;
  if (edit.name === 'enabled' && typeof edit.value === 'boolean')
    return `${edit.value ? 'enable' : 'disable'} ${place}`;
  if (edit.name === 'killed') return `${edit.value === true ? 'kill' : 'unkill'} ${place}`;
  if (edit.name === undefined) return `${edit.isRemoved ? 'remove the state of' : 'change'} ${place}`;
  const verb = edit.isRemoved && edit.isWhole ? 'remove' : 'change';
  return `${verb} ${WORDS.get(String(edit.name)) ?? edit.name} of ${place}`;
}

/** What the fields are called in a sentence. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['serve', 'what is served'],
  ['requires', 'the required flags'],
  ['segments', 'the segments'],
  ['rules', 'the rules'],
  ['offVariant', 'the off variant'],
  ['variants', 'the variants'],
  ['metadata', 'the metadata'],
  ['environments', 'the environments'],
  ['tags', 'the tags'],
]);

function describeField(edit: Edit, field: string, flag: string): string {
  const isRemoved = 'remove' in edit && edit.at.length === 1;
  if (!isRemoved && field === 'description') return `describe ${flag}`;
  if (!isRemoved && field === 'tags') return `tag ${flag}`;
  if (!isRemoved && field === 'name') return `rename ${flag}`;
  return `${isRemoved ? 'remove' : 'set'} ${WORDS.get(field) ?? field} of ${flag}`;
}

const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
/** What git takes for a trailer in a last paragraph, or for the end of a message. */
const TRAILER_LIKE = /^(?:[A-Za-z0-9]+-[A-Za-z0-9-]*\s*:|---)/;

function bodyOf(message: string | undefined): string {
  const lines = (message ?? '').replaceAll('\r\n', '\n').split('\n');
  if (lines.some((line) => CONTROL.test(line.replaceAll('\t', ' ')))) {
    throw invalid('the message has control characters');
  }
  return lines
    .map((line) => (TRAILER_LIKE.test(line) ? ` ${line}` : line).trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}

function trailersOf({ org, changes, trailers }: MessageInput): string {
  const lines = [
    `Flagstaff-Org: ${org}`,
    ...changes.map((change) => `Flagstaff-Change: ${change.kind} ${change.project}/${change.flag}`),
    ...Object.entries(trailers ?? {}).map(([name, value]) => trailerLine(name, value)),
  ];
  return lines.join('\n');
}

function trailerLine(name: string, value: string): string {
  if (!/^[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+$/.test(name))
    throw invalid(`${JSON.stringify(name)} names no trailer`);
  if (/^Flagstaff-(?:Org|Change)$/i.test(name)) throw invalid(`the trailer ${name} is the service's own`);
  if (CONTROL.test(value) || value.trim() === '')
    throw invalid(`the trailer ${name} has no value of one line`);
  return `${name}: ${value.trim()}`;
}

/** One line, not too long. A place of an edit is the caller's text, so it may hold anything. */
function cut(text: string): string {
  const subject = text.replace(new RegExp(CONTROL, 'gu'), ' ');
  return subject.length <= SUBJECT_LENGTH ? subject : `${subject.slice(0, SUBJECT_LENGTH - 1).trimEnd()}…`;
}

function invalid(sentence: string): Failure {
  return new Failure('invalid', 'INVALID_MESSAGE', sentence);
}
