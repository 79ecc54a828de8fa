import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './access.js';
import type { Operation } from './permissions.js';
import type { Scope } from './scope.js';

/** One operation and what it does. Where it is and who may use it, the table of permissions says. */
export interface Route {
  readonly operation: Operation;
  /**
   * The parameters that the query may have; a misspelt one is refused. Left out, all are passed over. Where roles decide,
   * `organizationId` is one of them without being named.
   */
  readonly query?: readonly string[];
  /** Answers, or throws a `Failure`. */
  readonly handle: (asked: Asked) => Reply | Promise<Reply>;
}

/** What was asked, by somebody who may ask it. */
export interface Asked {
  readonly request: IncomingMessage;
  /** The parameters of the path, decoded once. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly caller: Caller;
  /** What the path is about, where roles decide; the getters of `scope.ts` read it. */
  readonly scope?: Scope;
}

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written as JSON; left out where there is none. */
  readonly body?: object;
  /** What is sent as it is, instead of a body. */
  readonly content?: Content;
  /** Begins an answer that has no end of its own. */
  readonly stream?: (response: ServerResponse) => void;
}

/** What is sent, with its media type. */
export interface Content {
  readonly type: string;
  readonly bytes: Buffer | string;
}

/** JSON that is text already. */
export function jsonContent(json: string): Content {
  return { type: 'application/json; charset=utf-8', bytes: json };
}
