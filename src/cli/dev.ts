import { Option } from 'commander';
import { Failure } from '../model/failure.js';
import type { ComparedCommit } from '../repository/compared-commit.js';
import { followWorkTree } from '../repository/work-tree-follower.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import type { ReportFormat } from './dev/report.js';
import { Saves } from './dev/saves.js';
import { isSystemError } from './exit.js';
import { flagsFolder } from './folder.js';
import { readPort, serveOptions } from './serve.js';
import type { Serving, Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly port?: number;
  readonly serve: boolean;
  readonly base?: string;
  readonly editor?: boolean;
  readonly json?: boolean;
}

/** `flagstaff dev`: judges, tests and serves the files as they are saved, until it is asked to end. */
export function addDev({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'dev',
    summary: 'judge, test and serve the work tree on each save, until Ctrl-C',
    examples: ['dev', 'dev --port 0', 'dev --base origin/main', 'dev --no-serve --json'],
  })
    .addOption(
      new Option('--port <number>', 'where to serve, 0 for any free port (FLAGSTAFF_PORT, PORT, else 8080)')
        .argParser(readPort)
        .conflicts('serve'),
    )
    .option('--no-serve', 'serve nothing')
    .option('--base <revision>', 'judge the change since that branch, tag or commit, not the one since HEAD')
    .option('--editor', 'print all that is wrong after each save, as the task of `flagstaff init` reads it')
    .addOption(new Option('--json', 'print a line of JSON for each save').conflicts('editor'))
    .action((options: Options) => dev(options, around));
}

async function dev(options: Options, around: Surroundings): Promise<void> {
  const folder = flagsFolder(options.repo, around);
  const stopped = around.stopped();
  const { base } = options;
  const named = base === undefined ? undefined : await openBase(folder, base);
  const openCompared = async () => named ?? openBase(folder, undefined);
  const server = options.serve ? await startServing({ ...options, repo: folder }, around) : undefined;
  const saves = new Saves({
    ...{ folder, openCompared, base: base ?? 'HEAD' },
    ...{ format: formatOf(options), around },
  });
  const following = followWorkTree({
    dir: folder,
    commit: saves.compared,
    onChange: (signal) => saves.look(signal),
    onTrouble: (error) => saves.tellTrouble(error),
  });
  try {
    if (server !== undefined) void tellAddress(server, { checked: saves.checked, stopped, options, around });
    await Promise.race([stopped, following.failed]);
  } finally {
    await following.close();
    await server?.close();
  }
}

/** Undefined where git has nothing to compare with and nobody asked for it: files can be judged all the same. */
async function openBase(folder: string, base: string | undefined): Promise<ComparedCommit | undefined> {
  // What reads git takes longer to load than some files to judge.
  const { openCompared } = await import('../repository/compared-commit.js');
  try {
    return await openCompared(folder, base);
  } catch (error) {
    if (base === undefined && error instanceof Failure) return undefined;
    throw error;
  }
}

function formatOf({ json, editor }: Options): ReportFormat {
  if (json) return 'json';
  return editor ? 'editor' : 'text';
}

/** Undefined where there is no git: files can be judged all the same. */
async function startServing(options: Options, around: Surroundings): Promise<Serving | undefined> {
  const ending = new AbortController();
  const { repo, port } = options;
  const wanted = { ...(repo === undefined ? {} : { repo }), ...(port === undefined ? {} : { port }) };
  try {
    const served = serveOptions({ ...wanted, worktree: true }, withoutRevision(around));
    // What is wrong with a save is told by its check.
    return await around.startServer({ ...served, logFormat: 'none' }, ending.signal);
  } catch (error) {
    if (isSystemError(error) && error.code === 'EADDRINUSE') throw portTaken(error);
    if (!(error instanceof Failure) || error.code !== 'NO_REPOSITORY') throw error;
    around.warn(`flagstaff: nothing is served, for ${error.message}`);
    return undefined;
  }
}

function portTaken(error: Error): Failure {
  const sentence = `${error.message}: --port 0 takes any free port, --no-serve serves nothing`;
  return new Failure('conflict', 'PORT_TAKEN', sentence, { cause: error });
}

/** It is the work tree that is served, whatever servers here are told to follow. */
function withoutRevision(around: Surroundings): Surroundings {
  const nothing = { FLAGSTAFF_BRANCH: undefined, FLAGSTAFF_REF: undefined, FLAGSTAFF_REMOTE: undefined };
  return { ...around, env: { ...around.env, ...nothing } };
}

interface Telling {
  readonly checked: Promise<void>;
  readonly stopped: Promise<void>;
  readonly options: Options;
  readonly around: Surroundings;
}

/** Where everything is broken from the start, nothing can be served before a file is repaired. */
async function tellAddress(server: Serving, { checked, stopped, options, around }: Telling): Promise<void> {
  const ready = Promise.all([server.ready, checked]);
  const isReady = await Promise.race([ready.then(() => true), stopped.then(() => false)]);
  if (!isReady) return;
  const { url } = server;
  around.print(options.json ? JSON.stringify({ event: 'listening', url }) : `listening on ${url}`);
}
