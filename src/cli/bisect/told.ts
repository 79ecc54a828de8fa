import { sentencesOf } from '../../changes/difference-files.js';
import type { Evaluation } from '../../model/evaluation.js';
import { count } from '../format.js';
import { dateOf, markedCommit, namedData, shortCommit } from '../past/entry.js';
import { shownLine } from '../shown.js';
import type { AnswerAt, BisectedQuestion } from './answers.js';
import type { Culprit } from './culprit.js';
import type { Expectation } from './expectation.js';
import type { Dated } from './search.js';

/** How a search ended: as `Found`, with the commit that did it. */
export type Outcome =
  | { readonly kind: 'ended'; readonly culprit: Culprit }
  | { readonly kind: 'still'; readonly answer: AnswerAt }
  | {
      readonly kind: 'never';
      readonly answer: AnswerAt;
      /** When the clock alone ended it: the newest commit as of whose own time it was the answer. */
      readonly byTheClock: AnswerAt | undefined;
    };

/** A search that is over. */
export interface Told {
  readonly question: BisectedQuestion;
  readonly expectation: Expectation;
  readonly outcome: Outcome;
  /** So many commits were loaded. */
  readonly loaded: number;
  readonly from: Dated | undefined;
  /** True where older commits are not in this clone. */
  readonly isCutOff: boolean;
}

/** So many sentences of a commit are told to people, and all with `--json`. */
const MOST_SENTENCES = 20;

/** For people. */
export function toldLines(told: Told): readonly string[] {
  const { outcome, expectation } = told;
  switch (outcome.kind) {
    case 'ended':
      return culpritLines(told, outcome.culprit).map(shownLine);
    case 'still':
      return [
        `${subjectOf(told)} still answers ${expectation.text} at ${at(outcome.answer)}: no commit ended it`,
      ];
    case 'never':
      return neverLines(told, outcome);
  }
}

function culpritLines(told: Told, { commit, before, after, ...culprit }: Culprit): readonly string[] {
  const { author, reason, subject } = commit;
  const sentences = sentencesOf(culprit.differences);
  const more = sentences.length - MOST_SENTENCES;
  return [
    `${markedCommit({ commit, ...culprit })}  ${dateOf(commit)}  ${author.name} <${author.email}>`,
    `    ${subject}`,
    ...sentences.slice(0, MOST_SENTENCES).map((sentence) => `      ${sentence}`),
    ...(more > 0 ? [`      … and ${more} more`] : []),
    ...(reason === undefined ? [] : [`    reason: ${reason}`]),
    ...(culprit.mergedBy === undefined ? [] : [`    merged by ${shortCommit(culprit.mergedBy.oid)}`]),
    '',
    `${subjectOf(told)}: ${answerText(before.evaluation)} → ${answerText(after.evaluation)}`,
  ];
}

function neverLines(
  told: Told,
  { answer, byTheClock }: Extract<Outcome, { readonly kind: 'never' }>,
): readonly string[] {
  const { expectation, from, isCutOff, loaded } = told;
  const since = from === undefined ? '' : ` since ${shortCommit(from.oid)}`;
  const what = `it is ${answerText(answer.evaluation)} at ${at(answer)} (${count(loaded, 'commit')} loaded)`;
  const clock =
    byTheClock === undefined
      ? []
      : [
          `At the time of ${at(byTheClock)} it did: the clock ended it, not a commit; --now asks as of another time`,
        ];
  const cut =
    isCutOff && from === undefined
      ? ['Older commits are not in this clone: `git fetch --unshallow` brings them']
      : [];
  return [`${subjectOf(told)} never answered ${expectation.text}${since}: ${what}`, ...clock, ...cut];
}

function subjectOf({ question: { org, project, flag, environment } }: Told): string {
  return `${org}/${project}/${flag} in ${environment}`;
}

function at({ commit }: AnswerAt): string {
  return shortCommit(commit);
}

/** `on (rule canary)`, `off (DISABLED)`, `no value (DEFAULT)`, `no flag` */
function answerText(evaluation: Evaluation): string {
  if (evaluation.kind === 'missing') return 'no flag';
  const { metadata, reason } = evaluation;
  const decider = DECIDERS.find((by) => metadata[by] !== undefined);
  const why = decider === undefined ? reason : `${decider} ${metadata[decider]}`;
  return `${evaluation.kind === 'value' ? evaluation.variant : 'no value'} (${why})`;
}

const DECIDERS = ['rule', 'segment', 'override', 'requires'] as const;

/** For programs. */
export function toldData(told: Told): object {
  const { question, expectation, outcome, loaded } = told;
  const { org, project, flag, environment, context, now } = question;
  return {
    found: outcome.kind === 'ended',
    outcome: outcome.kind,
    ...{ org, project, flag, environment, context },
    expect: expectation.text,
    now: new Date(now).toISOString(),
    loadedCommits: loaded,
    isCutOff: told.isCutOff,
    ...outcomeData(outcome),
  };
}

function outcomeData(outcome: Outcome): object {
  if (outcome.kind !== 'ended') return { at: outcome.answer.commit, after: outcome.answer.evaluation };
  const { commit, before, after, differences, mergedBy } = outcome.culprit;
  return {
    ...namedData(commit),
    reason: commit.reason ?? null,
    sentences: sentencesOf(differences),
    differences,
    mergedBy: mergedBy === undefined ? null : namedData(mergedBy),
    before: before.evaluation,
    after: after.evaluation,
  };
}
