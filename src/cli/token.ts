import { InvalidArgumentError } from 'commander';
import { mintToken } from '../http/auth.js';
import { openRepository } from '../repository/git.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { repositoryFolder } from './folder.js';
import { namedSecret, signingSecret } from './signing-secret.js';
import type { Surroundings } from './surroundings.js';
import { refuseProvider } from './token-trust.js';

interface Options extends CommonOptions {
  readonly sub: string;
  readonly email?: string;
  readonly name?: string;
  readonly superAdmin?: boolean;
  readonly expires?: string;
  readonly json?: boolean;
}

/** `flagstaff token`: a bearer token for the REST API, alone on standard output. */
export function addToken({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'token',
    summary: 'print a token for the REST API, signed with the secret that the server checks by',
    examples: [
      'token --sub marc --email marc@example.com --name "Marc Example"',
      'token --sub ci --expires 1h --super-admin',
    ],
  })
    .requiredOption('--sub <id>', 'who the token is for')
    .option('--email <address>', 'their address: the author of what they write')
    .option('--name <name>', 'their name: the author of what they write')
    .option('--super-admin', 'they may do everything in every organization')
    .option(
      '--expires <span>',
      'how long it is good for, such as 2h or 30d (else 30d), and 30 s more, for clocks differ',
      readLife,
    )
    .option('--json', 'print JSON')
    .action(async ({ json, ...options }: Options) => {
      const minted = await token(options, around);
      around.print(json ? JSON.stringify({ token: minted }) : minted);
    });
}

/** One or more of a unit: a token that has ended already is of no use. */
function readLife(text: string): string {
  if (/^0*[1-9]\d* ?[a-z]+$/i.test(text)) return text;
  throw new InvalidArgumentError('Wanted a span of time such as 2h or 30d.');
}

async function token(options: Omit<Options, 'json'>, around: Surroundings): Promise<string> {
  refuseProvider(around);
  const { repo, ...claims } = options;
  return mintToken({ ...claims, secret: await readSecret(repo, around) });
}

/** A secret that is named needs no repository. */
async function readSecret(repo: string | undefined, around: Surroundings): Promise<string> {
  return namedSecret(around) ?? signingSecret(await openRepository(repositoryFolder(repo, around)), around);
}
