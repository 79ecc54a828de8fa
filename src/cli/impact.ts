import { type Command, InvalidArgumentError, Option } from 'commander';
import { unreachable } from '../model/unreachable.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { compareRevisions } from './diff/revisions.js';
import { WrongUse } from './exit.js';
import { impactJson } from './impact/json.js';
import { impactMarkdown } from './impact/markdown.js';
import { measureImpact } from './impact/measure.js';
import { impactPicture } from './impact/picture.js';
import type { Population } from './impact/population.js';
import { impactText } from './impact/text.js';
import { headline, type ToldImpact, unmeasured } from './impact/told.js';
import { isSameOutput, writeOutputs } from './output-file.js';
import { withPast } from './past/open.js';
import type { HistoryScope } from './past/scope.js';
import { readMoment } from './read-moment.js';
import { shownDirections, shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

const FORMATS = ['text', 'json', 'markdown', 'svg'] as const;
/** Where nobody says who is asked. */
const GENERATED = 10_000;
const EXAMPLES = 3;
const MOST_EXAMPLES = 1_000;

interface Options extends CommonOptions, HistoryScope {
  readonly environment?: string;
  readonly flag?: string;
  readonly contexts?: string;
  readonly skipBroken?: boolean;
  readonly generate: number;
  readonly seed: number;
  readonly examples: number;
  readonly now?: number;
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly svg?: string;
  readonly names?: boolean;
  readonly exitCode?: boolean;
}

/** `flagstaff impact`: who gets another answer by a change, tried on contexts. */
export function addImpact({ program, around, end }: CommandPlace): void {
  const command = addCommand(program, {
    usage: 'impact [revisions...]',
    summary: 'say who gets another answer by a change, tried on recorded or generated contexts',
    examples: [
      'impact main..HEAD --contexts contexts.jsonl',
      'impact                                # HEAD against the work tree, on generated contexts',
      'impact main...HEAD --format markdown --svg impact.svg',
      'impact v1.4 v1.5 --flag new-checkout --environment production --generate 100000 --seed 7',
      'impact main..HEAD --contexts - --json < contexts.jsonl',
    ],
  });
  addScope(command);
  addPopulation(command);
  addReport(command).action(async (revisions: readonly string[], options: Options) => {
    const told = await impact(revisions, options, around);
    if (options.exitCode && (told.impact.moved > 0 || unmeasured(told).length > 0)) end(1);
  });
}

function addScope(command: Command): void {
  command
    .option('--org <key>', 'only this organization')
    .option('--project <key>', 'only this project (of the default organization, if none is named)')
    .option('--environment <key>', 'only this environment')
    .option('--flag <key>', 'only this flag');
}

function addPopulation(command: Command): void {
  command
    .option('--contexts <file>', 'who is asked: JSON lines (see below), or - for standard input')
    .option('--skip-broken', 'go on without lines that are no contexts')
    .addOption(
      new Option('--generate <count>', 'ask so many contexts made from declared attributes and named values')
        .argParser(readCount)
        .default(GENERATED)
        .conflicts('contexts'),
    )
    .addOption(new Option('--seed <number>', 'make the same contexts again').argParser(readWhole).default(1))
    .option('--now <moment>', 'when is asked: RFC 3339, or epoch milliseconds (else now)', readMoment)
    .addHelpText('after', CONTEXTS_HELP);
}

function addReport(command: Command): Command {
  return command
    .option('--examples <count>', 'how many who move to show of each kind of move', readExamples, EXAMPLES)
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .addOption(new Option('--json', 'print JSON (--format json)').implies({ format: 'json' }))
    .option('--output <file>', 'write it into this file, and print one line')
    .option('--svg <file>', 'write a picture of it too')
    .option('--names', 'name in Markdown and pictures whom overrides and segments name')
    .option(
      '--exit-code',
      'end with 1 where somebody moves, or where errors keep something from being measured',
    );
}

const CONTEXTS_HELP = `
Contexts are JSON lines, each a context, or one with where and how often it was asked:
  {"targetingKey":"u-123","country":"DE"}
  {"context":{"targetingKey":"u-124"},"environment":"production","count":3}

Examples are whole contexts, with all personal data that is in them; --examples 0 leaves them out. Markdown and
pictures do not name whom overrides and segments are for, unless --names wants it.

Ctrl-C ends with 130 and leaves no file behind.`;

async function impact(
  revisions: readonly string[],
  options: Options,
  around: Surroundings,
): Promise<ToldImpact> {
  refuseOneFile(options, around);
  const told = await withPast(options.repo, around, async (opened) => {
    const compared = await compareRevisions(opened, revisions);
    const { examples, names = false, now = around.now() } = options;
    return measureImpact({
      opened,
      compared,
      scope: options,
      population: populationOf(options),
      examples,
      names,
      now,
      around,
    });
  });
  report(told, options, around);
  return told;
}

function refuseOneFile({ output, svg }: Options, around: Surroundings): void {
  if (output === undefined || svg === undefined || !isSameOutput(output, svg, around)) return;
  throw new WrongUse('--output and --svg: wanted two files, got one');
}

function populationOf({ contexts, skipBroken = false, generate, seed }: Options): Population {
  if (contexts !== undefined) return { kind: 'file', file: contexts, skipBroken };
  return { kind: 'generated', count: generate, seed };
}

function report(told: ToldImpact, { format, output, svg }: Options, around: Surroundings): void {
  // From here on a signal waits until the process has ended: a file is written whole, and nothing is left beside it.
  if (output !== undefined || svg !== undefined) void around.stopped();
  const text = reportText(told, format);
  const outputs = [
    ...(svg === undefined ? [] : [{ file: svg, text: reportText(told, 'svg') }]),
    ...(output === undefined ? [] : [{ file: output, text }]),
  ];
  writeOutputs(outputs, around);
  if (output === undefined) around.print(text);
  else around.print(shownLine(`${headline(told)}; the report is in ${output}`));
}

function reportText(told: ToldImpact, format: Options['format']): string {
  return shownDirections(formatted(told, format));
}

function formatted(told: ToldImpact, format: Options['format']): string {
  switch (format) {
    case 'text':
      return impactText(told).join('\n');
    case 'json':
      return JSON.stringify(impactJson(told), undefined, 2);
    case 'markdown':
      return impactMarkdown(told);
    case 'svg':
      return impactPicture(told);
    default:
      return unreachable(format);
  }
}

function readCount(text: string): number {
  const count = readWhole(text);
  if (count < 1) throw new InvalidArgumentError('Wanted a whole number from 1.');
  return count;
}

/** They are held in memory. */
function readExamples(text: string): number {
  const examples = readWhole(text);
  if (examples > MOST_EXAMPLES)
    throw new InvalidArgumentError(`Wanted a whole number up to ${MOST_EXAMPLES}.`);
  return examples;
}

function readWhole(text: string): number {
  const whole = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(whole) || whole < 0) {
    throw new InvalidArgumentError('Wanted a whole number from 0.');
  }
  return whole;
}
