import type { IncomingMessage } from 'node:http';
import { Failure } from '../../model/failure.js';
import type { FollowedRemote } from '../../repository/remote/remote.js';
import { FailedCredentials } from '../identity/failed-credentials.js';
import type { Reply, Route } from '../route.js';
import { type GitEvent, readEvent } from './git-event.js';
import { boundFor, readProvenBody } from './hook-body.js';
import { type Proof, proofOf } from './proof.js';

/** What hooks of a git host are answered with. */
export interface HookOptions {
  /** What the git host signs with; undefined answers no hooks. */
  readonly hookSecret?: string | undefined;
  readonly remote?: FollowedRemote | undefined;
}

/** So many bad signatures of an address in a minute are 401, and more are 429, as long bodies from there are before they are hashed. */
const BAD_SIGNATURES = 30;
const BRANCHES = 'refs/heads/';
/** Refs of our own on the remote, such as that of the revoked tokens. */
const OWN_REFS = 'refs/flagstaff/';

/** `POST /hooks/git`: the git host says that somebody pushed, and the remote is asked at once instead of at the next poll. */
export function gitHookRoutes({ hookSecret, remote }: HookOptions): readonly Route[] {
  const failures = new FailedCredentials(BAD_SIGNATURES);
  return [
    {
      operation: 'POST /hooks/git',
      query: [],
      handle: async ({ request }) => {
        if (hookSecret === undefined) throw hooksAreOff();
        const event = await readProvenEvent(request, { secret: hookSecret, failures });
        if (remote === undefined) throw nothingFollowed();
        return answerEvent(event, remote);
      },
    },
  ];
}

async function readProvenEvent(
  request: IncomingMessage,
  { secret, failures }: { readonly secret: string; readonly failures: FailedCredentials },
): Promise<GitEvent> {
  const address = request.socket.remoteAddress ?? '';
  const proof = proofOf(request.headers, secret);
  const bound = boundFor(await failures.refusalOf(address));
  const body = proof === undefined ? undefined : await readProvenBody(request, proof, bound);
  if (isProven(proof) && body !== undefined) return readEvent(request.headers, body);
  await failures.note(address);
  throw new Failure('unauthenticated', 'UNAUTHORIZED', 'the signature of the hook is missing or wrong');
}

function isProven(proof: Proof | undefined): boolean {
  return proof?.isGood() === true;
}

/** A hook that comes again, by mistake or by malice, asks the remote once more, and questions at once share one fetch. */
function answerEvent(event: GitEvent, remote: FollowedRemote): Reply {
  if (event.kind === 'ping') return { status: 200, body: { outcome: 'pong' } };
  if (event.kind === 'other') return ignored('the event is no push');
  const { branch } = remote.status;
  if (!isAbout(event.refs, branch)) return ignored(`the push is not about ${shortName(branch)}`);
  // What goes wrong is in the status of the remote, and the next poll tries again.
  remote.fetch().catch(() => undefined);
  return { status: 202, body: { outcome: 'fetching' } };
}

function isAbout(refs: readonly string[] | undefined, branch: string): boolean {
  const name = shortName(branch);
  return refs?.some((ref) => shortName(ref) === name || ref.startsWith(OWN_REFS)) ?? true;
}

function shortName(ref: string): string {
  return ref.startsWith(BRANCHES) ? ref.slice(BRANCHES.length) : ref;
}

function ignored(reason: string): Reply {
  return { status: 202, body: { outcome: 'ignored', reason } };
}

function hooksAreOff(): Failure {
  return new Failure(
    'not-found',
    'NOT_FOUND',
    'hooks are off: start the server with FLAGSTAFF_HOOK_SECRET, and give the git host the same secret',
  );
}

function nothingFollowed(): Failure {
  return new Failure(
    'conflict',
    'NO_REMOTE',
    'this server follows no remote repository: FLAGSTAFF_REMOTE names one',
  );
}
