import { InvalidArgumentError, Option } from 'commander';
import { LOG_FORMATS } from '../http/logs/logs.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { cloneFolder, repositoryFolder } from './folder.js';
import { PUSH_MODES, type RemoteWords, readDepth, readPoll, remoteOptions } from './remote-options.js';
import { type ServeOptions, type Surroundings, variable } from './surroundings.js';
import { type ProviderOptions, tokenTrust } from './token-trust.js';
import { RECORDING_SWITCH, type WatchWords, watchOptions } from './watch-options.js';
import { hookSecret, WEBHOOK_SWITCH, type WebhookWords, webhookRules } from './webhook-options.js';

const DEFAULT_PORT = 8080;
const DEFAULT_HOST = '127.0.0.1';
const PUBLIC = ['none', 'read', 'write'] as const;
type Public = (typeof PUBLIC)[number];

interface Options extends CommonOptions, ProviderOptions, RemoteWords, WatchWords, WebhookWords {
  readonly port?: number;
  readonly host?: string;
  readonly branch?: string;
  readonly ref?: string;
  readonly worktree?: boolean;
  readonly public?: Public;
  readonly corsOrigins?: string;
  readonly writeLimit?: number;
}

/** `flagstaff serve`: serves the flags of a repository over REST until it is asked to end. */
export function addServe({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'serve',
    summary: 'serve the flags of a repository over REST',
    examples: [
      'serve',
      'serve --repo ../demo --port 3000',
      'serve --worktree   # the files as you edit them',
      'serve --ref origin/canary-for-all --port 0   # a branch for review, read only',
    ],
  })
    .option(
      '--port <number>',
      `where to listen, 0 for any free port (FLAGSTAFF_PORT, PORT, else ${DEFAULT_PORT})`,
      readPort,
    )
    .option('--host <address>', `the address to listen on (FLAGSTAFF_HOST, else ${DEFAULT_HOST})`)
    .option('--branch <name>', 'the branch to serve (FLAGSTAFF_BRANCH, else the one that is checked out)')
    .addOption(
      new Option(
        '--ref <revision>',
        'only show a branch, tag, commit or ref, without writes; with --remote, one of its branches (FLAGSTAFF_REF)',
      ).conflicts(['branch', 'worktree', 'push']),
    )
    .option(
      '--remote <url>',
      'the remote repository to follow, cloned where --repo is empty (FLAGSTAFF_REMOTE)',
    )
    .option(
      '--poll <milliseconds>',
      'how often the remote is asked for news (FLAGSTAFF_POLL_MS, else 5000)',
      readPoll,
    )
    .addOption(
      new Option(
        '--push <mode>',
        'acknowledge writes after their push, or push them later (FLAGSTAFF_PUSH, else sync)',
      ).choices(PUSH_MODES),
    )
    .option(
      '--depth <commits>',
      'how much history the first clone brings (FLAGSTAFF_DEPTH, else all)',
      readDepth,
    )
    .option('--worktree', 'serve the files of the work tree live, without commits')
    .addOption(
      new Option('--public <access>', 'what callers without a credential may do (FLAGSTAFF_PUBLIC)').choices(
        PUBLIC,
      ),
    )
    .option(
      '--jwks-url <url>',
      'where an identity provider shows the keys of its tokens (FLAGSTAFF_JWKS_URL)',
    )
    .option('--jwt-issuer <name>', 'what `iss` of its tokens must say (FLAGSTAFF_JWT_ISSUER)')
    .option('--jwt-audience <name>', 'what `aud` of its tokens must say (FLAGSTAFF_JWT_AUDIENCE)')
    .option(
      '--super-admins <emails>',
      'who of its people may do everything, separated by commas (FLAGSTAFF_SUPER_ADMINS)',
    )
    .option(
      '--cors-origins <origins>',
      'whose pages may ask from browsers, separated by commas (FLAGSTAFF_CORS_ORIGINS)',
    )
    .option(
      '--write-limit <number>',
      'how many writes an identity may make in a minute (FLAGSTAFF_WRITE_LIMIT, else 600)',
      readLimit,
    )
    .addOption(
      new Option(
        '--log-format <format>',
        'how requests and changes are logged: text, or json for a program, a line each (FLAGSTAFF_LOG, else text)',
      ).choices(LOG_FORMATS),
    )
    .addOption(
      new Option(
        '--webhooks <state>',
        'tell the webhooks of projects, or leave that to another replica (FLAGSTAFF_WEBHOOKS, else on)',
      ).choices(WEBHOOK_SWITCH),
    )
    .option(
      '--webhook-allow <hosts>',
      'hosts with their ports that webhooks may reach by http or in private networks (FLAGSTAFF_WEBHOOK_ALLOW)',
    )
    .addOption(
      new Option(
        '--recording <state>',
        'record who asks where the file of a project wants that, or nowhere (FLAGSTAFF_RECORDING, else on)',
      ).choices(RECORDING_SWITCH),
    )
    .action((options: Options) => serve(serveOptions(options, around), around));
}

async function serve(options: ServeOptions, around: Surroundings): Promise<void> {
  const stopped = around.stopped();
  const ending = new AbortController();
  void stopped.then(() => ending.abort());
  const server = await around.startServer(options, ending.signal);
  const late = setTimeout(() => around.warn(`${options.repo}: ${LATE}`), LATE_MS);
  const unhear = around.onHangup(() => server.reread());
  try {
    const isReady = await Promise.race([server.ready.then(() => true), stopped.then(() => false)]);
    clearTimeout(late);
    if (isReady) around.print(`listening on ${server.url}`);
    await stopped;
  } finally {
    clearTimeout(late);
    unhear();
    await server.close();
  }
}

/** Large repositories take seconds; one without a commit is waited for as long as it takes. */
const LATE_MS = 2000;
const LATE = 'nothing to serve yet: it has no commit with flags, or they still load';

/** Options of the command line beat the FLAGSTAFF_ variables, and these beat PORT. */
export function serveOptions(options: Options, around: Surroundings): ServeOptions {
  const named = (name: string): string | undefined => variable(around, name);
  const remote = remoteOptions(options, around);
  if (remote !== undefined && options.worktree) {
    throw new WrongUse('--worktree serves files without git, so it cannot follow a remote repository');
  }
  const served = servedRevision(options, around);
  if (remote !== undefined && /^[0-9a-f]{40}$/.test(served.ref ?? '')) {
    throw new WrongUse(
      `${served.ref} is a commit, and with a remote only its branches are shown: clone it and serve that with --ref, without --remote`,
    );
  }
  return {
    repo: remote === undefined ? repositoryFolder(options.repo, around) : cloneFolder(options.repo, around),
    port: options.port ?? variablePort(around) ?? DEFAULT_PORT,
    host: options.host ?? named('FLAGSTAFF_HOST') ?? DEFAULT_HOST,
    ...served,
    remote,
    worktree: options.worktree ?? false,
    publicAccess: options.public ?? variablePublic(around),
    trust: tokenTrust(options, around),
    corsOrigins:
      options.corsOrigins === undefined
        ? readOrigins('FLAGSTAFF_CORS_ORIGINS', named('FLAGSTAFF_CORS_ORIGINS') ?? '')
        : readOrigins('--cors-origins', options.corsOrigins),
    writeLimit: options.writeLimit ?? variableLimit(around),
    ...watchOptions(options, around),
    hookSecret: hookSecret(around),
    webhooks: webhookRules(options, around),
  };
}

/** What the command line names beats the variables. Throws `WrongUse` where these name both. */
function servedRevision(
  { branch, ref }: Options,
  around: Surroundings,
): Pick<ServeOptions, 'branch' | 'ref'> {
  if (branch !== undefined || ref !== undefined) return { branch, ref };
  const named = {
    branch: variable(around, 'FLAGSTAFF_BRANCH'),
    ref: variable(around, 'FLAGSTAFF_REF'),
  };
  if (named.branch === undefined || named.ref === undefined) return named;
  throw new WrongUse(
    'FLAGSTAFF_BRANCH serves a branch and FLAGSTAFF_REF only shows one: take one of them away',
  );
}

/** Origins compare letter by letter, so each must be written as browsers write it. */
function readOrigins(name: string, text: string): readonly string[] {
  const origins = text.split(',').flatMap((origin) => origin.trim() || []);
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong === undefined) return origins;
  return wrongText(name, wrong, 'an origin such as https://app.example.com');
}

function variableLimit(around: Surroundings): number | undefined {
  const text = variable(around, 'FLAGSTAFF_WRITE_LIMIT');
  if (text === undefined) return undefined;
  return parseLimit(text) ?? wrongText('FLAGSTAFF_WRITE_LIMIT', text, 'a number from 1 to 1000000');
}

function readLimit(text: string): number {
  const limit = parseLimit(text);
  if (limit === undefined) throw new InvalidArgumentError('Wanted a number from 1 to 1000000.');
  return limit;
}

function parseLimit(text: string): number | undefined {
  return /^[1-9]\d{0,6}$/.test(text) && Number(text) <= 1_000_000 ? Number(text) : undefined;
}

function variablePort(around: Surroundings): number | undefined {
  for (const name of ['FLAGSTAFF_PORT', 'PORT']) {
    const text = variable(around, name);
    if (text !== undefined) return parsePort(text) ?? wrongText(name, text, 'a number from 0 to 65535');
  }
  return undefined;
}

function variablePublic(around: Surroundings): Public | undefined {
  const text = variable(around, 'FLAGSTAFF_PUBLIC');
  if (text === undefined) return undefined;
  return PUBLIC.find((access) => access === text) ?? wrongText('FLAGSTAFF_PUBLIC', text, PUBLIC.join(', '));
}

function wrongText(name: string, text: string, wanted: string): never {
  throw new WrongUse(`${name}: ${JSON.stringify(text)} is not ${wanted}`);
}

export function readPort(text: string): number {
  const port = parsePort(text);
  if (port === undefined) throw new InvalidArgumentError('Wanted a number from 0 to 65535.');
  return port;
}

function parsePort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}
