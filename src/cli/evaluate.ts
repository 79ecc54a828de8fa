import { compileNow } from '../evaluation/compile.js';
import type { CompiledEnvironment } from '../evaluation/compiled.js';
import { evaluate } from '../evaluation/evaluate.js';
import { explain, formatExplanation } from '../evaluation/explain.js';
import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import { formatProblem, type Problem } from '../model/problem.js';
import { chooseEnvironment, chooseProject, type Scope } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { readContext } from './context.js';
import { environmentAt } from './evaluate/environment-at.js';
import { evaluationText } from './evaluation-text.js';
import { flagsFolder } from './folder.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import { nearest } from './nearest.js';
import { withPast } from './past/open.js';
import { readMoment } from './read-moment.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions, Scope {
  readonly at?: string;
  readonly context?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
  readonly now?: number;
}

/**
 * `flagstaff evaluate`: what one flag answers to one caller, from the work tree or, with `--at`, from a commit; ends with 2
 * where there is no such flag.
 */
export function addEvaluate({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'evaluate <flag>',
    summary: 'ask what a flag answers to a caller, now or as of another commit',
    examples: [
      `evaluate new-checkout --context '{"targetingKey":"u-123","country":"DE"}'`,
      'evaluate new-checkout --context @caller.json --explain',
      'evaluate new-checkout --at v1.4.0',
      'evaluate new-checkout --at 2026-01-15T10:00:00Z --json',
    ],
  })
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--environment <key>', 'the environment (else the default one)')
    .option('--context <json>', 'who asks: a JSON object, @file, or - for standard input')
    .option(
      '--at <revision>',
      'as of a commit, branch, tag, pull/12, RFC 3339 time or day (its end, UTC); else the work tree',
    )
    .option(
      '--now <moment>',
      'when: RFC 3339, or epoch milliseconds (else the time of --at, else now)',
      readMoment,
    )
    .option('--explain', 'show every step that led to the answer')
    .option('--json', 'print JSON')
    .action(async (flag: string, options: Options) => {
      if (!(await answer(flag, options, around))) end(2);
    });
}

/** What is asked, and of which flags. */
interface Question {
  readonly flagKey: string;
  readonly context: EvaluationContext;
  readonly environment: CompiledEnvironment;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly problems: readonly Problem[];
  /** Undefined for the work tree. */
  readonly commit: string | undefined;
}

async function answer(flagKey: string, options: Options, around: Surroundings): Promise<boolean> {
  const context = await readContext(options.context, around);
  const place = await (options.at === undefined ? here(options, around) : there(options, options.at, around));
  const question = { flagKey, context, ...place };
  const evaluation = evaluate(question.environment, flagKey, context, question.now);
  if (evaluation.kind === 'missing') warnMissing(question, around);
  const { data, text } = options.explain ? explained(question) : plain(evaluation);
  const { commit } = question;
  if (options.json) around.print(JSON.stringify(commit ? { commit, ...data } : data, undefined, 2));
  else around.print(commit ? `commit   ${commit}\n${text}` : text);
  return evaluation.kind !== 'missing';
}

/** An answer for machines and for people. */
interface Shown {
  readonly data: object;
  readonly text: string;
}

function plain(evaluation: Evaluation): Shown {
  return { data: evaluation, text: evaluationText(evaluation) };
}

function explained({ flagKey, context, environment, now }: Question): Shown {
  const explanation = explain(environment, flagKey, context, now);
  return { data: explanation, text: formatExplanation(explanation) };
}

type Place = Omit<Question, 'flagKey' | 'context'>;

async function here(options: Options, around: Surroundings): Promise<Place> {
  const folder = flagsFolder(options.repo, around);
  const now = options.now ?? around.now();
  const loaded = await loadFlags(folder, now);
  return { environment: chooseCompiled(loaded, options), now, problems: loaded.problems, commit: undefined };
}

async function there(options: Options, at: string, around: Surroundings): Promise<Place> {
  return withPast(options.repo, around, async (opened) => {
    const found = await environmentAt(opened, { at, scope: options, now: around.now });
    return { ...found, now: options.now ?? found.moment ?? around.now() };
  });
}

function chooseCompiled(loaded: LoadedFlags, scope: Scope): CompiledEnvironment {
  const project = chooseProject(loaded, scope);
  const key = chooseEnvironment(project, scope);
  const environment = compileNow(project).environments.get(key);
  if (environment === undefined) throw new Error(`${project.key} was compiled without ${key}`);
  return environment;
}

/** The flag may be there under another name, or in a file that is broken. */
function warnMissing({ flagKey, environment, problems }: Question, around: Surroundings): void {
  const { org, key, flags } = environment.project;
  const near = nearest(flagKey, flags.keys());
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  around.warn(`flagstaff: ${org}/${key} has no flag ${flagKey}${hint}`);
  const file = `flags/${org}/${key}/flags/${flagKey}.yaml`;
  for (const problem of problems) if (problem.path === file) around.warn(shownLine(formatProblem(problem)));
}
