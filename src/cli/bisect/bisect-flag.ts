import type { EvaluationContext } from '../../model/evaluation.js';
import type { FlagKey } from '../../model/keys.js';
import type { CommitHistory } from '../../repository/commit-history.js';
import { openPast, type Past } from '../../repository/past.js';
import { chooseEnvironment, chooseOrg, chooseProject, type Scope, thereAre } from '../choose.js';
import { WrongUse } from '../exit.js';
import { count } from '../format.js';
import { nearest } from '../nearest.js';
import { shortCommit } from '../past/entry.js';
import type { OpenPast } from '../past/open.js';
import { readOutline } from '../past/outline.js';
import { unknownFlag } from '../past/scope.js';
import type { Surroundings } from '../surroundings.js';
import { type AnswerAt, answerAt, type BisectedQuestion } from './answers.js';
import { findCulprit } from './culprit.js';
import type { Expectation } from './expectation.js';
import { type Dated, findEnd, type Search } from './search.js';
import type { Outcome, Told } from './told.js';

/** What somebody wants to know. */
export interface BisectOptions extends Scope {
  readonly flag: FlagKey;
  readonly expect: Expectation;
  /** The oldest commit that counts; the first of all where it is left out. */
  readonly from?: string;
  /** The newest one. */
  readonly to: string;
  /** Epoch milliseconds; now where it is left out. */
  readonly now?: number;
}

/** What is searched in which repository. */
export interface SearchInput {
  readonly opened: OpenPast;
  readonly history: CommitHistory;
  readonly to: string;
  readonly context: EvaluationContext;
  readonly options: BisectOptions;
  readonly around: Surroundings;
}

/** Finds the commit. Throws `WrongUse` for what the newest commit does not have. */
export async function bisectFlag(input: SearchInput): Promise<Told> {
  const { opened, history, context, options, around } = input;
  const now = options.now ?? around.now();
  const past = openPast({ ...opened, history, now: around.now });
  const question = { ...(await placeOf(input, past)), context, now };
  const answers = new Map<string, Promise<AnswerAt>>();
  const ask: Search['ask'] = (commit) => {
    const known = answers.get(commit.oid) ?? answerAt(past, question, commit);
    answers.set(commit.oid, known);
    around.terminal.showProgress(`${count(answers.size, 'commit')} loaded`);
    return known;
  };
  const isMet = ({ evaluation }: AnswerAt): boolean => options.expect.isMet(evaluation);
  const from = options.from === undefined ? undefined : await startOf(input, options.from);
  const wanted: Search = { history, to: await commitOf(opened, input.to), from, isMet, ask };
  const outcome = await outcomeOf(input, wanted);
  return {
    ...{ question, expectation: options.expect, outcome, from },
    ...{ loaded: answers.size, isCutOff: history.isCutOff },
  };
}

/** Where the question is put, by the defaults of the newest commit. */
async function placeOf(
  { opened, to, options, around }: SearchInput,
  past: Past,
): Promise<Omit<BisectedQuestion, 'context' | 'now'>> {
  const { repository, reader } = opened;
  const org = chooseOrg(await readOutline({ repository, reader, commit: to, now: around.now() }), options);
  const served = await past.orgAt(to, org.key);
  if (served === undefined) throw new WrongUse(`nothing of ${org.key} can be served at commit ${to}`);
  const choice = { orgs: [served.snapshot], defaultOrg: org.key };
  const project = chooseProject(choice, { ...options, org: org.key });
  const environment = chooseEnvironment(project, options);
  return { org: org.key, project: project.key, flag: options.flag, environment };
}

async function commitOf({ repository }: OpenPast, oid: string): Promise<Dated> {
  const { committer } = await repository.readCommit(oid);
  return { oid, seconds: committer.seconds };
}

/** Throws `WrongUse` where the newest commit does not come from it by first parents. */
async function startOf({ opened, history, to, options }: SearchInput, from: string): Promise<Dated> {
  const start = await opened.resolve(from);
  for (let oid: string | undefined = to; oid !== undefined; oid = history.before(oid)?.oid) {
    if (oid === start) return commitOf(opened, start);
  }
  throw new WrongUse(
    history.has(start)
      ? `--from ${from}: is newer than --to ${options.to}, and the oldest commit that counts was wanted`
      : `--from ${from}: is none of the first parents of ${options.to}`,
  );
}

async function outcomeOf(input: SearchInput, wanted: Search): Promise<Outcome> {
  const { opened, history, options } = input;
  const found = await findEnd(wanted);
  if (found.kind === 'ended') {
    const { repository } = opened;
    return { kind: 'ended', culprit: await findCulprit({ repository, history, search: wanted }, found) };
  }
  if (found.kind === 'still') return found;
  const { answer, answers } = found;
  if (answers.every(({ evaluation }) => evaluation.kind === 'missing')) refuseMissing(input);
  refuseImpossible(answers, wanted, input);
  return {
    kind: 'never',
    answer,
    byTheClock: answers.find(({ atItsTime }) => options.expect.isMet(atItsTime)),
  };
}

/** A name that was mistyped would read like a finding. What the flag had once, it may have answered once. */
function refuseImpossible(
  answers: readonly AnswerAt[],
  { from }: Pick<Search, 'from'>,
  { options: { flag, expect } }: SearchInput,
): void {
  const known = answers.flatMap(({ variants }) => (variants === undefined ? [] : [variants]));
  if (known.some(expect.isOneOf)) return;
  const names = [...new Set(known.flatMap((variants) => Object.keys(variants)))];
  const values = known.flatMap((variants) => Object.values(variants).map((value) => JSON.stringify(value)));
  const near = nearest(expect.text, [...names, ...values]);
  const since = from === undefined ? '' : ` since ${shortCommit(from.oid)}`;
  const hint = near === undefined ? `${thereAre(names)}` : `did you mean ${near}?`;
  throw new WrongUse(`--expect ${expect.text}: ${flag} has had no such variant or value${since} (${hint})`);
}

function refuseMissing({ opened, options }: SearchInput): never {
  const project = chooseProject(opened.outline, options);
  throw unknownFlag(project, options.flag, opened.outline.flagsOf(project));
}
