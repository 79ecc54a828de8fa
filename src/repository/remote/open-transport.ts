import { Failure } from '../../model/failure.js';
import type { GitRepository } from '../git.js';
import { hasGitProgram } from './git-run.js';
import { GitTransport } from './git-transport.js';
import { IsomorphicTransport } from './isomorphic-transport.js';
import type { RemoteAddress, Transport } from './transport.js';

/** What a transport needs of the clone that it brings objects to and takes them from. */
export type TransportRepository = Pick<
  GitRepository,
  'commonDir' | 'stateDir' | 'readObject' | 'readCommit' | 'readTree' | 'findObjects'
>;

/**
 * Opens the way to a remote: through git's own program where the machine has one, else through isomorphic-git, which
 * speaks http only. Asks the network nothing. Throws `Failure` GIT_PROGRAM_MISSING for ssh and files without the program.
 */
export async function openTransport(options: {
  readonly repository: TransportRepository;
  readonly address: RemoteAddress;
  /** Which way to take; the better one that there is where it is left out. */
  readonly way?: Transport['name'] | undefined;
}): Promise<Transport> {
  const { repository, address } = options;
  const way = options.way ?? ((await hasGitProgram()) ? 'git' : 'isomorphic-git');
  if (way === 'git') return new GitTransport(repository, address);
  if (address.kind === 'http') return new IsomorphicTransport(repository, address);
  const sentence = `the remote ${address.url} needs the git program: install it, or name the remote by https`;
  throw new Failure('busy', 'GIT_PROGRAM_MISSING', sentence, { data: { retryAfterSeconds: null } });
}
