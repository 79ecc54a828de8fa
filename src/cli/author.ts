import { Failure } from '../model/failure.js';
import { checkedIdentity, type Identity } from '../repository/identity.js';
import { WrongUse } from './exit.js';
import { runGit } from './git-program.js';
import { type Surroundings, variable } from './surroundings.js';

/**
 * Who git says a commit of this person is by: GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, else the name and the address of the
 * repository's, the person's and the machine's settings. Git's own program reads them, for settings may include others;
 * it is not needed where the environment says both. Throws `WrongUse` where nobody is named.
 */
export async function gitAuthor(folder: string, around: Surroundings): Promise<Identity> {
  const name = variable(around, 'GIT_AUTHOR_NAME');
  const email = variable(around, 'GIT_AUTHOR_EMAIL');
  if (name !== undefined && email !== undefined) return checkedIdentity({ name, email });
  return checkedIdentity(parseIdentity(await askGit(folder, around)));
}

/** With this setting git refuses, where it would make an address up from the names of the user and of the machine. */
async function askGit(folder: string, around: Surroundings): Promise<string> {
  const words = ['-c', 'user.useConfigOnly=true', 'var', 'GIT_AUTHOR_IDENT'];
  try {
    return await runGit({ folder, words, env: around.env });
  } catch (error) {
    if (error instanceof Failure) throw nobody(error);
    throw error;
  }
}

/** Of what git says, which is long, the last line tells what is missing. */
function nobody({ message }: Failure): WrongUse {
  const why = message.split('\n').at(-1) ?? message;
  return new WrongUse(
    `a commit needs an author (${why}): set git's user.name and user.email, or GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL`,
  );
}

/** Git prints `Marc <marc@example.com> 1767225600 +0000`. */
function parseIdentity(text: string): Identity {
  const match = /^(.*) <([^<>]*)> \d+ [+-]\d+$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) throw new Error(`git var printed ${text}`);
  return { name: match[1], email: match[2] };
}
