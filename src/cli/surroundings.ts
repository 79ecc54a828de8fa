import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { TokenTrust } from '../http/identity/token-trust.js';
import type { LogFormat } from '../http/logs/logs.js';
import type { WebhookRules } from '../http/webhooks/webhooks.js';
import type { RemoteOptions } from '../repository/remote/remote-options.js';
import { isSystemError, systemReason, WrongUse } from './exit.js';

/** What a command sees of the world. `cli.ts` gives it the process; a test gives it what it likes. */
export interface Surroundings {
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** Takes a line, or several, for standard output: what was asked for. */
  readonly print: (line: string) => void;
  /** The same for what another program takes as it is: lines of files. */
  readonly printExact: (text: string) => void;
  /** Takes a line for standard error: what people should know. */
  readonly warn: (line: string) => void;
  /** All of standard input, as text. */
  readonly readInput: () => Promise<string>;
  /** Standard input and output themselves, for what is read line by line or spoken as a protocol. */
  readonly streams: { readonly input: Readable; readonly output: Writable };
  readonly terminal: Terminal;
  /** Fulfilled when the process is asked to end. */
  readonly stopped: () => Promise<void>;
  /** Calls back each time that the process is asked to read again what it serves; returns how to stop that. */
  readonly onHangup: (listener: () => void) => () => void;
  /** Starts the server; `serve` calls it. The signal gives up what takes long until then: the clone of a remote. */
  readonly startServer: (options: ServeOptions, signal: AbortSignal) => Promise<Serving>;
}

/** What can be shown to somebody who looks on. */
export interface Terminal {
  /** True where standard output is a terminal that shows colours and nobody forbids them (NO_COLOR). */
  readonly hasColors: boolean;
  /** The same of standard error. */
  readonly hasErrorColors: boolean;
  /** Replaces the line of progress on standard error; undefined takes it away. Does nothing where that is no terminal. */
  readonly showProgress: (line: string | undefined) => void;
}

/** What `serve` wants served. */
export interface ServeOptions {
  readonly repo: string;
  readonly port: number;
  readonly host: string;
  readonly branch: string | undefined;
  /** The revision that is only shown; undefined where a branch is served. */
  readonly ref: string | undefined;
  /** The remote repository that is followed; undefined where there is none. */
  readonly remote: RemoteOptions | undefined;
  readonly worktree: boolean;
  readonly publicAccess: 'none' | 'read' | 'write' | undefined;
  readonly trust: TokenTrust | undefined;
  readonly corsOrigins: readonly string[];
  readonly writeLimit: number | undefined;
  /** `none` for who tells by itself what happens. */
  readonly logFormat: LogFormat | 'none';
  readonly metricsToken: string | undefined;
  readonly tracesContextIds: boolean;
  readonly recordsContexts: boolean;
  readonly hookSecret: string | undefined;
  readonly webhooks: WebhookRules;
}

/** A server that listens. */
export interface Serving {
  readonly url: string;
  /** Fulfilled when flags are served. */
  readonly ready: Promise<void>;
  /** Reads everything from git again, and asks the remote, in the background. */
  reread(): void;
  close(): Promise<void>;
}

/**
 * A variable of the environment; one that is set to nothing counts as not set. With `_FILE` behind its name it is in the
 * file that this names, as secrets are mounted into containers. Throws `WrongUse` where that cannot be read, or both are set.
 */
export function variable(around: Surroundings, name: string): string | undefined {
  const text = around.env[name] || undefined;
  const file = around.env[`${name}_FILE`] || undefined;
  if (file === undefined) return text;
  if (text !== undefined) throw new WrongUse(`${name} and ${name}_FILE are both set: take one of them away`);
  return readVariable(`${name}_FILE`, resolve(around.cwd, file));
}

/** Without the line end that editors put behind the last line. */
function readVariable(name: string, file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trimEnd() || undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new WrongUse(`${name}: ${file} cannot be read (${systemReason(error)})`);
  }
}
