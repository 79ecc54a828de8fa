import type { Identity } from './identity.js';

/** What a commit says. Names and addresses are checked ones. */
export interface NewCommit {
  readonly tree: string;
  readonly parent: string;
  readonly author: Identity;
  readonly committer: Identity;
  /** Ends in a line end. */
  readonly message: string;
  /** Seconds since 1970; the zone is UTC. */
  readonly seconds: number;
  /** When it was written first, in the same way, where it is made again. */
  readonly authorSeconds?: number | undefined;
}

/** The bytes of a commit object; one without a parent begins a history. */
export function commitBytes(
  commit: Omit<NewCommit, 'parent'> & { readonly parent: string | undefined },
): Buffer {
  const lines = [
    `tree ${commit.tree}`,
    ...(commit.parent === undefined ? [] : [`parent ${commit.parent}`]),
    `author ${signature(commit.author, commit.authorSeconds ?? commit.seconds)}`,
    `committer ${signature(commit.committer, commit.seconds)}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${commit.message}`);
}

/** The line that git's log of a ref keeps for it. */
export function reflogLine(commit: NewCommit & { readonly oid: string }): string {
  const [subject] = commit.message.split('\n');
  return `${commit.parent} ${commit.oid} ${signature(commit.committer, commit.seconds)}\tcommit: ${subject}\n`;
}

function signature({ name, email }: Identity, seconds: number): string {
  return `${name} <${email}> ${seconds} +0000`;
}
