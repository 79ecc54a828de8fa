import type { Operation } from '../permissions.js';

/** How lines are written: one sentence for people at a terminal, or one object in JSON for programs. */
export type LogFormat = 'text' | 'json';
export const LOG_FORMATS: readonly LogFormat[] = ['text', 'json'];

/** What is told of a request, once it is answered or its caller has gone. */
export interface ToldRequest {
  readonly requestId: string;
  readonly method: string;
  /** Without its query, and without what is secret or somebody's address. */
  readonly path: string;
  /** Undefined where the path or the method is none of ours. */
  readonly operation: Operation | undefined;
  /** Undefined where the caller went before there was an answer. */
  readonly status: number | undefined;
  readonly ms: number;
  /** The subject of a token, the id of an API key, or `anonymous`; undefined where nobody knows. */
  readonly who: string | undefined;
  /** Of a request that is part of a trace. */
  readonly traceId: string | undefined;
}

/** What is told of a change that somebody made over REST. */
export interface ToldChange {
  /** Undefined where no request asked for it. */
  readonly requestId: string | undefined;
  /** The subject of a token, or `anonymous`. */
  readonly who: string;
  readonly org: string;
  readonly commit: string;
  /** What was done, as changes name it: `flag.update`. */
  readonly kinds: readonly string[];
  /** The files that it is about. */
  readonly paths: readonly string[];
}

/** What is told when an organization is served as another commit has it, whoever made that. */
export interface ToldSwap {
  readonly org: string;
  readonly revision: string;
  readonly flags: number;
}

/** Where the server tells what happens. Nothing here throws, waits, or keeps a process alive. */
export interface Logs {
  /** A line for the people who run the server. */
  notice(line: string): void;
  request(told: ToldRequest): void;
  change(told: ToldChange): void;
  swap(told: ToldSwap): void;
  /** How many lines were lost, because the disk or the reader was too slow for them. */
  readonly dropped: number;
  /** Fulfils when what waits is written, or cannot be: the last thing before the process ends. */
  flush(): Promise<void>;
}
