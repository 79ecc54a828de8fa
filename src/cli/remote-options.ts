import { InvalidArgumentError } from 'commander';
import { parseRemote } from '../repository/remote/address.js';
import type { PushMode } from '../repository/remote/remote.js';
import type { RemoteOptions } from '../repository/remote/remote-options.js';
import { WrongUse } from './exit.js';
import { type Surroundings, variable } from './surroundings.js';

/** What the command line says of a remote repository. */
export interface RemoteWords {
  readonly remote?: string;
  readonly poll?: number;
  readonly push?: PushMode;
  readonly depth?: number;
}

export const PUSH_MODES = ['sync', 'async'] as const satisfies readonly PushMode[];
/** As many milliseconds as `setTimeout` can wait. */
const LONGEST_POLL_MS = 2 ** 31 - 1;
const LARGEST_DEPTH = 1_000_000_000;
const POLL = `a number of milliseconds from 100 to ${LONGEST_POLL_MS}`;
const DEPTH = `a number of commits from 1 to ${LARGEST_DEPTH}`;

/**
 * The remote repository that is followed; undefined where none is named. Throws `WrongUse` for an address that is none,
 * for a password on the command line, where everybody on the machine can read it, and for the rest without a remote.
 */
export function remoteOptions(words: RemoteWords, around: Surroundings): RemoteOptions | undefined {
  const rest = {
    pollMs: words.poll ?? variableNumber('FLAGSTAFF_POLL_MS', around, { parse: parsePoll, wanted: POLL }),
    mode: words.push ?? variablePush(around),
    depth: words.depth ?? variableNumber('FLAGSTAFF_DEPTH', around, { parse: parseDepth, wanted: DEPTH }),
  };
  const url = words.remote ?? variable(around, 'FLAGSTAFF_REMOTE');
  if (url !== undefined) {
    const { credentials } = parseRemote(url);
    if (words.remote === undefined || credentials === undefined) return { url, ...rest };
    throw new WrongUse(
      '--remote: a name and password belong into FLAGSTAFF_REMOTE; all can see command lines',
    );
  }
  if (Object.values(rest).every((value) => value === undefined)) return undefined;
  throw new WrongUse('--poll, --push and --depth are about a remote repository: name it in FLAGSTAFF_REMOTE');
}

/** The number of `--poll`. */
export function readPoll(text: string): number {
  return parsePoll(text) ?? wrongArgument(POLL);
}

/** The number of `--depth`. */
export function readDepth(text: string): number {
  return parseDepth(text) ?? wrongArgument(DEPTH);
}

function variablePush(around: Surroundings): PushMode | undefined {
  const text = variable(around, 'FLAGSTAFF_PUSH');
  if (text === undefined) return undefined;
  return PUSH_MODES.find((mode) => mode === text) ?? wrongText('FLAGSTAFF_PUSH', text, PUSH_MODES.join(', '));
}

function variableNumber(
  name: string,
  around: Surroundings,
  { parse, wanted }: { readonly parse: (text: string) => number | undefined; readonly wanted: string },
): number | undefined {
  const text = variable(around, name);
  return text === undefined ? undefined : (parse(text) ?? wrongText(name, text, wanted));
}

/** More often than ten times a second would be a flood for a git host. */
function parsePoll(text: string): number | undefined {
  const poll = parseNumber(text);
  return poll !== undefined && poll >= 100 && poll <= LONGEST_POLL_MS ? poll : undefined;
}

function parseDepth(text: string): number | undefined {
  const depth = parseNumber(text);
  return depth !== undefined && depth <= LARGEST_DEPTH ? depth : undefined;
}

function parseNumber(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

function wrongArgument(wanted: string): never {
  throw new InvalidArgumentError(`Wanted ${wanted}.`);
}

function wrongText(name: string, text: string, wanted: string): never {
  throw new WrongUse(`${name}: ${JSON.stringify(text)} is not ${wanted}`);
}
