import type { IncomingMessage } from 'node:http';
import type { Caller, Permission } from './access.js';

/** One operation: its place, who may do it, and what it does. The type refuses one that says nothing about who may. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As the router writes paths: `/api/v1/feature-flags/:key`. */
  readonly path: string;
  readonly permission: Permission;
  /** The parameters that the query may have; a misspelt one is refused. Left out, all are passed over. */
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
}

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written as JSON; left out where there is none. */
  readonly body?: object;
}
