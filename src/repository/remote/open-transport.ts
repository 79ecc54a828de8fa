import { Failure } from '../../model/failure.js';
import type { GitRepository } from '../git.js';
import { type InstalledGit, installedGit, LEAST_GIT } from '../git-version.js';
import { GitTransport } from './git-transport.js';
import { IsomorphicTransport } from './isomorphic-transport.js';
import type { RemoteAddress, Transport } from './transport.js';

/** What a transport needs of the clone that it brings objects to and takes them from. */
export type TransportRepository = Pick<
  GitRepository,
  'commonDir' | 'stateDir' | 'readObject' | 'readCommit' | 'readTree' | 'findObjects'
>;

/** How a transport is opened. */
export interface TransportOptions {
  readonly repository: TransportRepository;
  readonly address: RemoteAddress;
  /** Which way to take; the better one that there is where it is left out. */
  readonly way?: Transport['name'] | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Opens the way to a remote: through git's own program where the machine has one that is new enough, else through
 * isomorphic-git, which speaks http only. Asks the network nothing. Throws `Failure` GIT_PROGRAM_MISSING for ssh and files
 * without the program.
 */
export async function openTransport(options: TransportOptions): Promise<Transport> {
  const { repository, address, way, log } = options;
  const found = way === undefined ? await installedGit() : undefined;
  if (way === 'git' || found?.kind === 'usable') return new GitTransport(repository, address);
  if (address.kind !== 'http') throw programMissing(address, found);
  if (found?.kind === 'too-old') log?.(`git ${found.version} is not used: ${WANTED}`);
  return new IsomorphicTransport(repository, address);
}

const WANTED = `git ${LEAST_GIT} or newer is wanted, to the remote goes isomorphic-git instead`;

function programMissing({ url }: RemoteAddress, found: InstalledGit | undefined): Failure {
  const there = found?.kind === 'too-old' ? `; git ${found.version} is there` : '';
  const sentence = `the remote ${url} needs the git program, ${LEAST_GIT} or newer${there}: install it, or name the remote by https`;
  return new Failure('busy', 'GIT_PROGRAM_MISSING', sentence, { data: { retryAfterSeconds: null } });
}
