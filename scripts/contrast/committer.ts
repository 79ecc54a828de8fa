import fs from 'node:fs';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { DARK_MODE, describeFlag, MARC, openOn, writeOf } from '../../test/repository/writable.js';
import { repositoryAt } from '../../test/support/git.js';

/** Who commits: our writer, or what one writes at first, isomorphic-git's add and commit. */
export const KINDS = ['ours', 'plain'] as const;
export type Kind = (typeof KINDS)[number];

/** Makes commits that change a line of one file. */
export interface Committer {
  /** Fulfils with the commit when it says that it is made. */
  write(text: string): Promise<string>;
  close(): Promise<void>;
}

/** The flags that may be written; two processes write to two of them. */
export const WRITTEN = ['new-checkout', 'dark-mode'] as const;

export async function openCommitter(kind: Kind, dir: string, flag: string): Promise<Committer> {
  if (kind === 'plain') return plain(dir, DARK_MODE.replace('dark-mode', flag));
  const { writer, close } = await openOn(repositoryAt(dir), { now: Date.now });
  const write = async (text: string) => (await writer.write(writeOf(describeFlag(flag, text)))).commit;
  return { write, close };
}

function plain(dir: string, filepath: string): Committer {
  const write = async (text: string): Promise<string> => {
    await fs.promises.writeFile(join(dir, filepath), `description: ${text}\nenvironments: {}\n`);
    await git.add({ fs, dir, filepath });
    return git.commit({ fs, dir, message: text, author: MARC });
  };
  return { write, close: async () => undefined };
}
