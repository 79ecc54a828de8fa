import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { readVersion } from './cli/version.js';
import type { PublicAccess } from './http/access.js';
import { type App, createApp } from './http/app.js';
import { limitWriter } from './http/identity/limited-writer.js';
import { openAccess } from './http/identity/open-access.js';
import type { TokenTrust } from './http/identity/token-trust.js';
import type { StreamLimits } from './http/live/stream-counts.js';
import { ticketSecret } from './http/live/ticket-secret.js';
import type { Logs } from './http/logs/logs.js';
import type { MinRevisionLimits } from './http/min-revision.js';
import { openRecorder } from './http/recording/recorder.js';
import { openWebhooks, type WebhookRules } from './http/webhooks/webhooks.js';
import { openFlags } from './open-flags.js';
import { openFlagEvents } from './repository/flag-events.js';
import type { GitRepository } from './repository/git.js';
import { openKeyUse } from './repository/key-use.js';
import type { RemoteOptions } from './repository/remote/remote-options.js';
import { readOrCreateSecret } from './repository/secret.js';
import { noteServer } from './repository/server-note.js';

/** How to serve a repository. */
export interface ServerOptions {
  /** The repository's folder. */
  readonly repo: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /** The branch to serve; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  /** A revision that is only shown, and takes no writes: a branch, a tag, a commit, a ref; with a remote, one of its branches. */
  readonly ref?: string | undefined;
  /** Who may do what without a credential; reads on loopback only, where it is left out. */
  readonly publicAccess?: PublicAccess | undefined;
  /** Whose tokens are good; those that the repository's own secret signed, where it is left out. */
  readonly trust?: TokenTrust | undefined;
  /** Pages of these origins may ask from browsers: `https://app.example.com`. None, where it is left out. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** How many writes an identity may make in a minute; 600 where it is left out. */
  readonly writeLimit?: number | undefined;
  /** How many bad credentials of an address are 401 in a minute, and not 429; 100 where it is left out. */
  readonly credentialLimit?: number | undefined;
  /** The remote repository that is followed and pushed to; none, where it is left out. */
  readonly remote?: RemoteOptions | undefined;
  /** What the git host signs its hooks with; they are off where it is left out. */
  readonly hookSecret?: string | undefined;
  /** How the webhooks of projects are told; to public addresses only, where it is left out. */
  readonly webhooks?: WebhookRules | undefined;
  /** How many event streams may be open; 10,000, 6,000 of them of one address, where it is left out. */
  readonly streamLimits?: StreamLimits | undefined;
  /** How long and how many requests wait for a revision; sensible ones where it is left out. */
  readonly minRevisionLimits?: MinRevisionLimits | undefined;
  /** Serves the files of the work tree as they are, without git's say. */
  readonly worktree?: boolean | undefined;
  /** What those show who collect metrics; they are open on this machine and to super admins alone, where it is left out. */
  readonly metricsToken?: string | undefined;
  /** False records nobody who asks, whatever the files of projects want. */
  readonly recordsContexts?: boolean | undefined;
  /** True tells traces whom flags answered; false where it is left out. */
  readonly tracesContextIds?: boolean | undefined;
  /** Gets a line for each request and change, and those for people; nobody does, where it is left out. */
  readonly logs?: Logs | undefined;
  /** Gives up the clone that is made at the start. */
  readonly signal?: AbortSignal | undefined;
  /** Takes one line for people, instead of the logs; standard error where both are left out. */
  readonly log?: ((line: string) => void) | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Fulfilled when flags are served; before that `/ready` and evaluations answer 503. */
  readonly ready: Promise<void>;
  /** Reads everything from git again in the background; what is served stays until then. */
  reread(): void;
  /** Finishes what runs, refuses what is new with 503, and gives everything back within 5 seconds. */
  close(): Promise<void>;
}

const WRITE_LIMIT = 600;
const CREDENTIAL_LIMIT = 100;
/** How long what runs may take to end, in milliseconds; the rest of five seconds is for giving everything back. */
const FINISH_MS = 4_000;
/** When writes that wait for a remote are told that it does not answer, in milliseconds: they are to be answered in time. */
const REMOTE_MS = 1_000;
/** How long answers that are being sent may take after that, in milliseconds. */
const LAST_WORDS_MS = 250;

/**
 * Opens the repository and listens at once, so that health can be asked while flags load. Throws a `Failure` where the
 * folder is no repository, and node's own error where the address is taken.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { logs, log = logs?.notice ?? logLine, now = Date.now } = options;
  const flags = await openFlags({ ...options, log, now });
  const { repository, branch, cache, writer, revoked, remote } = flags;
  const { trust, tickets } = await readSecrets(repository, options).catch(async (error) => {
    await flags.close();
    throw error;
  });
  const limited = limitWriter(writer, options.writeLimit ?? WRITE_LIMIT);
  const keyUse = openKeyUse({ repository, log });
  const access = openAccess({
    ...{ cache, trust, revoked, keyUse, log, now },
    publicAccess: options.publicAccess,
    host: nameOf(options.host),
    corsOrigins: options.corsOrigins ?? [],
    credentialLimit: options.credentialLimit ?? CREDENTIAL_LIMIT,
  });
  const version = readVersion();
  const events = openFlagEvents(cache);
  const recorder = openRecorder({ repository, isOn: isRecording(options), log });
  const webhooks = openWebhooks({ repository, cache, remote, rules: webhookRulesOf(options), log, now });
  const app = createApp({
    ...{ repository, branch, ref: options.ref, cache, access, revoked, keyUse, remote, version, log, now },
    ...{ logs, metricsToken: options.metricsToken, tracesContextIds: options.tracesContextIds },
    hookSecret: options.hookSecret,
    ...{ webhooks, recorder },
    ...{ events, streamLimits: options.streamLimits, minRevisionLimits: options.minRevisionLimits },
    ticketSecret: tickets,
    writer: limited,
    queueLength: () => writer.queueLength,
  });
  let unnote = (): void => undefined;
  const close = async (): Promise<void> => {
    // What goes wrong in it is told by `flags.close`, which waits for the same.
    const late = setTimeout(() => remote && flags.endWrites().catch(() => undefined), REMOTE_MS);
    await endHttp(app);
    clearTimeout(late);
    unnote();
    events.close();
    await Promise.all([webhooks.close(), keyUse.close(), recorder.close()]);
    await flags.close();
    await logs?.flush();
  };
  try {
    await listen(app, options);
    // Commands write through the server that is noted.
    if (options.ref === undefined) {
      unnote = await noteServer(repository, urlOf(app, options.host)).catch((error: unknown) => {
        // A disk that cannot be written to is served all the same; only commands do not find the server.
        log(`the server is not noted for commands: ${error}`);
        return unnote;
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const reread = (): void => {
    cache.invalidate(undefined);
    remote?.fetchInBackground();
  };
  return { url: urlOf(app, options.host), ready: cache.ready, reread, close };
}

/** The work tree and a revision under review are for those who look at them: nobody else is told of them. */
function webhookRulesOf(options: ServerOptions): WebhookRules {
  const { webhooks = { isOn: true, allow: [] }, worktree, ref } = options;
  return { ...webhooks, isOn: webhooks.isOn && worktree !== true && ref === undefined };
}

/** Who looks at a change is none of those whom it will move. */
function isRecording({ recordsContexts = true, worktree, ref }: ServerOptions): boolean {
  return recordsContexts && worktree !== true && ref === undefined;
}

/** Whose tokens are good, and what tickets of event streams are signed with. */
async function readSecrets(repository: GitRepository, options: ServerOptions) {
  const trust = options.trust ?? (await localTrust(repository));
  return { trust, tickets: await ticketSecret(repository, trust) };
}

async function localTrust(repository: GitRepository): Promise<TokenTrust> {
  return { kind: 'secret', secret: await readOrCreateSecret(repository) };
}

async function listen({ server }: App, { host, port }: ServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Lets what runs be answered, then ends every connection. */
async function endHttp({ server, finish }: App): Promise<void> {
  await Promise.race([finish(), wait(FINISH_MS, undefined, { ref: false })]);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, wait(LAST_WORDS_MS, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

function urlOf({ server }: App, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${nameOf(host)}:${port}`;
}

/** As it stands in a URL, and in the `Host` of requests. */
function nameOf(host: string): string {
  return host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

function logLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
