import { InvalidArgumentError } from 'commander';
import { compileNow } from '../evaluation/compile.js';
import type { CompiledEnvironment } from '../evaluation/compiled.js';
import { evaluate } from '../evaluation/evaluate.js';
import { explain, formatExplanation } from '../evaluation/explain.js';
import { parseMoment } from '../evaluation/moment.js';
import { formatProblem } from '../model/problem.js';
import { chooseEnvironment, chooseProject, type Scope } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { readContext } from './context.js';
import { evaluationText } from './evaluation-text.js';
import { flagsFolder } from './folder.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import { nearest } from './nearest.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions, Scope {
  readonly context?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
  readonly now?: number;
}

/** `flagstaff evaluate`: what one flag answers to one caller, from the work tree; ends with 1 where there is no such flag. */
export function addEvaluate({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'evaluate <flag>',
    summary: 'ask what a flag of the work tree answers to a caller',
    examples: [
      `evaluate new-checkout --context '{"targetingKey":"u-123","country":"DE"}'`,
      'evaluate new-checkout --context @caller.json --explain',
    ],
  })
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--environment <key>', 'the environment (else the default one)')
    .option('--context <json>', 'who asks: a JSON object, @file, or - for standard input')
    .option('--now <moment>', 'when: RFC 3339, or epoch milliseconds (else now)', readMoment)
    .option('--explain', 'show every step that led to the answer')
    .option('--json', 'print JSON')
    .action(async (flag: string, options: Options) => {
      if (!(await answer(flag, options, around))) end(1);
    });
}

async function answer(flagKey: string, options: Options, around: Surroundings): Promise<boolean> {
  const folder = flagsFolder(options.repo, around);
  const now = options.now ?? around.now();
  const context = await readContext(options.context, around);
  const loaded = await loadFlags(folder, now);
  const environment = chooseCompiled(loaded, options);
  const evaluation = evaluate(environment, flagKey, context, now);
  if (evaluation.kind === 'missing') warnMissing({ flagKey, environment, loaded, around });
  if (options.explain) {
    const explanation = explain(environment, flagKey, context, now);
    around.print(options.json ? json(explanation) : formatExplanation(explanation));
  } else {
    around.print(options.json ? json(evaluation) : evaluationText(evaluation));
  }
  return evaluation.kind !== 'missing';
}

function chooseCompiled(loaded: LoadedFlags, scope: Scope): CompiledEnvironment {
  const project = chooseProject(loaded, scope);
  const key = chooseEnvironment(project, scope);
  const environment = compileNow(project).environments.get(key);
  if (environment === undefined) throw new Error(`${project.key} was compiled without ${key}`);
  return environment;
}

interface Missing {
  readonly flagKey: string;
  readonly environment: CompiledEnvironment;
  readonly loaded: LoadedFlags;
  readonly around: Surroundings;
}

/** The flag may be there under another name, or in a file that is broken. */
function warnMissing({ flagKey, environment, loaded, around }: Missing): void {
  const { org, key, flags } = environment.project;
  const near = nearest(flagKey, flags.keys());
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  around.warn(`flagstaff: ${org}/${key} has no flag ${flagKey}${hint}`);
  const file = `flags/${org}/${key}/flags/${flagKey}.yaml`;
  for (const problem of loaded.problems) if (problem.path === file) around.warn(formatProblem(problem));
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function readMoment(text: string): number {
  const moment = parseMoment(/^\d+$/.test(text) ? Number(text) : text);
  if (moment === undefined) throw new InvalidArgumentError('Wanted RFC 3339, such as 2027-01-31T12:00:00Z.');
  return moment;
}
