import { apiKeyId } from '../model/api-key.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import { accessName } from './apply-access.js';
import type { Change } from './change.js';
import { type Promotion, subjectOf } from './subject.js';

/** What a commit message is made from. */
export interface MessageInput {
  readonly org: OrgKey;
  /** What really changes. */
  readonly changes: readonly Change[];
  /** Where they are one promotion, the subject says so. */
  readonly promotion?: Promotion | undefined;
  /** The caller's own words, below the subject. */
  readonly message?: string | undefined;
  /** Why, in a line: the trailer `Flagstaff-Reason`. */
  readonly reason?: string | undefined;
  /** Why tests that break did not stop it, in a line: the trailer `Flagstaff-Force`. */
  readonly force?: string | undefined;
  /** Who asked, by another name than the author's address: the trailer `Flagstaff-User`. */
  readonly user?: string | undefined;
}

/** Longer subjects are cut; the trailers say everything. */
const SUBJECT_LENGTH = 100;

/**
 * The message of a commit: a subject in plain words, the caller's words, and trailers for machines. Nothing of the
 * caller's can become a trailer of its own: ours are always the last paragraph, a line of theirs that git would take for
 * one, or for the end of the message, is indented, and a reason is one line. Throws `Failure` INVALID_MESSAGE for control characters and for a reason that is
 * no line of text.
 */
export function commitMessage(input: MessageInput): string {
  const paragraphs = [cut(subjectOf(input)), bodyOf(input.message), trailersOf(input)];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
/**
 * What git takes for a trailer in a last paragraph, for a comment or for the end of a message: behind a line of scissors
 * it reads no trailers, and what stands before is its last paragraph.
 */
const READ_BY_GIT = /^(?:[A-Za-z0-9]+-[A-Za-z0-9-]*\s*:|---|#|\S+ -{24} >8 -{24}$)/;

function bodyOf(message: string | undefined): string {
  const lines = (message ?? '').replaceAll('\r\n', '\n').split('\n');
  if (lines.some((line) => CONTROL.test(line.replaceAll('\t', ' ')))) {
    throw invalid('the message has control characters');
  }
  return lines
    .map((line) => (READ_BY_GIT.test(line) ? ` ${line}` : line).trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}

function trailersOf({ org, changes, reason, force, user }: MessageInput): string {
  const lines = [
    `Flagstaff-Org: ${org}`,
    ...changes.map((change) => `Flagstaff-Change: ${change.kind} ${objectOf(org, change)}`),
    ...changes.flatMap((change) =>
      change.kind === 'commit.revert' ? [`Flagstaff-Reverts: ${change.commit}`] : [],
    ),
    ...lineOf('Flagstaff-Reason', reason),
    ...lineOf('Flagstaff-Force', force),
    ...lineOf('Flagstaff-User', user),
  ];
  return lines.join('\n');
}

/** `web-app/new-checkout`, `members/marc@example.com`, or the commit that is taken back. */
function objectOf(org: OrgKey, change: Change): string {
  switch (change.kind) {
    case 'commit.revert':
      return change.commit;
    case 'flag.copy':
      return `${change.toProject ?? change.project}/${change.to}`;
    case 'project.create':
    case 'project.update':
    case 'project.delete':
      return change.project;
    case 'environment.create':
      return `${change.project}/${change.environment.key}`;
    case 'environment.update':
    case 'environment.delete':
      return `${change.project}/${change.environment}`;
    case 'key.create':
      return `${change.project}/${apiKeyId(change.entry, { org, project: change.project })}`;
    case 'key.update':
    case 'key.delete':
      return `${change.project}/${change.id}`;
    case 'access.create':
      return `${change.list}/${accessName(change)}`;
    case 'access.update':
    case 'access.delete':
      return `${change.list}/${change.name}`;
    default:
      return `${change.project}/${'flag' in change ? change.flag : change.segment}`;
  }
}

function lineOf(name: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  if (CONTROL.test(value) || value.trim() === '') throw invalid(`${name} wants one line of text`);
  return [`${name}: ${value.trim()}`];
}

/** One line, not too long. A place of an edit is the caller's text, so it may hold anything. */
function cut(text: string): string {
  const subject = text.replace(new RegExp(CONTROL, 'gu'), ' ');
  if (subject.length <= SUBJECT_LENGTH) return subject;
  const whole = subject.slice(0, SUBJECT_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${whole.trimEnd()}…`;
}

function invalid(sentence: string): Failure {
  return new Failure('invalid', 'INVALID_MESSAGE', sentence);
}
