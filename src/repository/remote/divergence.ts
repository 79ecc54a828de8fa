import { Failure } from '../../model/failure.js';
import type { Commit } from '../commit.js';

const CODE = 'BRANCH_DIVERGED';

/** The refusal to write while the clone has commits of people that the remote cannot take as they are. */
export function diverged(foreign: readonly Commit[]): Failure {
  const [first] = foreign;
  const [subject = ''] = first?.message.split('\n') ?? [];
  const what = `commit ${first?.oid.slice(0, 7)} "${subject}" by ${first?.author.name}`;
  const more = foreign.length > 1 ? ` and ${foreign.length - 1} more` : '';
  const sentence = `the clone has ${what}${more}, made there by hand, and the remote has moved on without: run \`git pull --rebase\` in the clone and push, or \`git reset --hard\` to what the remote has`;
  const details = { commits: foreign.slice(0, 20).map(({ oid }) => oid) };
  return new Failure('conflict', CODE, sentence, { data: { details } });
}

export function isDiverged(failure: Failure | undefined): boolean {
  return failure?.code === CODE;
}
