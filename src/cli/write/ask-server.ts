import { Failure, type FailureKind } from '../../model/failure.js';
import type { Problem } from '../../model/problem.js';

/** A running server, and as whom it is asked. */
export interface Server {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** What it is shown. */
  readonly token: string;
}

/** A POST to the server. */
export interface ServerRequest {
  /** From the top of the server. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the server says of a write. */
interface ServerCommit {
  readonly commit: string;
  readonly changed: boolean;
}

/** Nothing listens there any more: it was asked for nothing. */
export class ServerGone extends Error {}

const PATIENCE_MS = 30_000;

/**
 * Asks the server to write. Throws `ServerGone` where it could not be reached, and its refusal as a `Failure` of the
 * same code; SERVER_SILENT where it gave no answer, so that nobody knows.
 */
export async function askServer(server: Server, { path, body }: ServerRequest): Promise<ServerCommit> {
  const response = await send(new URL(path, server.url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${server.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(server.url, response.status, answer as Refused | undefined);
  const commit = response.headers.get('Flagstaff-Commit');
  if (commit === null) throw new Failure('busy', 'SERVER_SILENT', `${server.url} named no commit`);
  return { commit, changed: response.headers.get('Flagstaff-Changed') !== 'false' };
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (isRefusedConnection(error)) throw new ServerGone();
    const sentence = `the server at ${url.origin} did not answer: see \`flagstaff log\` whether it wrote`;
    throw new Failure('busy', 'SERVER_SILENT', sentence, { cause: error });
  }
}

function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

/** The error body of the server. */
interface Refused {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly details?: Readonly<Record<string, unknown>> & { readonly problems?: readonly Problem[] };
  };
}

const KINDS: ReadonlyMap<number, FailureKind> = new Map([
  [400, 'invalid'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [412, 'precondition'],
  [413, 'too-large'],
  [422, 'unprocessable'],
  [507, 'full'],
]);

function refusal(url: string, status: number, answer: Refused | undefined): Failure {
  if (status === 401) return notKnown(url);
  const { code = 'SERVER_REFUSED', message = `the server answered ${status}`, details } = answer?.error ?? {};
  const problems = details?.problems;
  return new Failure(KINDS.get(status) ?? 'busy', code, message, {
    data: { ...(details && { details }), ...(problems && { problems }) },
  });
}

function notKnown(url: string): Failure {
  const sentence = `the server at ${url} does not take this token: set FLAGSTAFF_JWT_SECRET as it has it, or FLAGSTAFF_TOKEN to a token that it takes`;
  return new Failure('unauthenticated', 'TOKEN_REFUSED', sentence);
}
