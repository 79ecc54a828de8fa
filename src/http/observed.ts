import type { IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { Caller } from './access.js';
import type { Operation } from './permissions.js';
import { requestIdOf } from './request-id.js';

/** What is known of a request while it is answered, for those who watch the server. */
export interface Observed {
  /** As `X-Request-Id` names it. */
  readonly id: string;
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly startedAt: number;
  /** Undefined until it is known, and where there is none. */
  operation: Operation | undefined;
  /** Undefined until they are known, and where the credential is bad. */
  caller: Caller | undefined;
  /** True for an answer that goes on and on: how long it took says nothing. */
  isStream: boolean;
  /** Undefined where the process has no tracing. */
  span: Span | undefined;
}

/** The header that names a request. */
export const REQUEST_ID = 'X-Request-Id';

const OBSERVED = Symbol('observed');

interface ObservedMessage extends IncomingMessage {
  [OBSERVED]?: Observed;
}

/** What is known of this request so far. It hangs on the request itself: a look-up aside costs more than all the rest. */
export function observedOf(request: ObservedMessage): Observed {
  request[OBSERVED] ??= {
    id: requestIdOf(request.headers['x-request-id']),
    startedAt: performance.now(),
    operation: undefined,
    caller: undefined,
    isStream: false,
    span: undefined,
  };
  return request[OBSERVED];
}

/** Who asks, by a name that tells nobody's address: the subject of the token, or the id of the API key. */
export function whoIs(caller: Caller | undefined): string | undefined {
  if (caller?.kind === 'person') return caller.identity.subject;
  return caller?.kind === 'key' ? `key ${caller.id}` : caller?.kind;
}
