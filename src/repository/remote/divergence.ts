import { Failure } from '../../model/failure.js';
import type { Commit } from '../commit.js';

const CODE = 'BRANCH_DIVERGED';

/** The refusal to write while the clone has commits of people that the remote cannot take as they are. */
export function diverged(foreign: readonly Commit[]): Failure {
  const [first] = foreign;
  const [subject = ''] = first?.message.split('\n') ?? [];
  const what = `commit ${first?.oid.slice(0, 7)} "${subject}" by ${first?.author.name}`;
  const more = foreign.length > 1 ? ` and ${foreign.length - 1} more` : '';
  const sentence = `the clone has ${what}${more}, made there by hand or for another remote, and the remote has moved on without: run \`git pull --rebase\` in the clone and push, or \`git reset --hard\` to what the remote has`;
  return refusal(foreign, sentence);
}

/** The same where the two have nothing in common: it is not this remote that the clone was made from. */
export function unrelated(foreign: readonly Commit[]): Failure {
  const sentence =
    'the branch in the clone has no commit in common with the one of the remote, so it is not made to follow it: follow the remote that the clone was made from, or serve a new clone';
  return refusal(foreign, sentence);
}

function refusal(foreign: readonly Commit[], sentence: string): Failure {
  const details = { commits: foreign.slice(0, 20).map(({ oid }) => oid) };
  return new Failure('conflict', CODE, sentence, { data: { details } });
}

export function isDiverged(failure: Failure | undefined): boolean {
  return failure?.code === CODE;
}
