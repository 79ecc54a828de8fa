import type { CommitHistory } from '../repository/commit-history.js';
import { openHistory } from '../repository/history.js';
import { type BisectOptions, bisectFlag } from './bisect/bisect-flag.js';
import { readExpectation } from './bisect/expectation.js';
import { toldData, toldLines } from './bisect/told.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { readContext } from './context.js';
import { type OpenPast, withPast } from './past/open.js';
import { readFlagKey } from './read-key.js';
import { readMoment } from './read-moment.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions, BisectOptions {
  readonly context: string;
  readonly json?: boolean;
  readonly exitCode?: boolean;
}

/** `flagstaff bisect`: which commit changed what a flag answers to somebody. */
export function addBisect({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'bisect',
    summary: 'find the commit that changed a flag’s answer to somebody away from what is expected',
    examples: [
      `bisect --flag new-checkout --context '{"targetingKey":"u-123","country":"DE"}' --expect on`,
      'bisect --flag new-checkout --context @caller.json --expect true --environment production --from v1.4',
    ],
  })
    .requiredOption('--flag <key>', 'the flag', readFlagKey)
    .requiredOption('--context <json>', 'who asks: a JSON object, @file, or - for standard input')
    .requiredOption(
      '--expect <answer>',
      'what it should answer: a variant, or a value as JSON (null: no value)',
      readExpectation,
    )
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--environment <key>', 'the environment (else the default one)')
    .option('--from <revision>', 'the oldest commit that counts (else the first of all)')
    .option('--to <revision>', 'the newest commit that counts', 'HEAD')
    .option('--now <moment>', 'when is asked: RFC 3339, or epoch milliseconds (else now)', readMoment)
    .option('--json', 'print JSON')
    .option('--exit-code', 'end with 1 where a commit was found')
    .action(async (options: Options) => {
      const isFound = await bisect(options, around);
      if (isFound && options.exitCode) end(1);
    });
}

async function bisect(options: Options, around: Surroundings): Promise<boolean> {
  const context = await readContext(options.context, around);
  return withPast(options.repo, around, async (opened) => {
    const to = await opened.resolve(options.to);
    const { history, close } = await historyOf(opened, to);
    try {
      const told = await bisectFlag({ opened, history, to, context, options, around });
      if (options.json) around.print(JSON.stringify(toldData(told), undefined, 2));
      else for (const line of toldLines(told)) around.print(line);
      return told.outcome.kind === 'ended';
    } finally {
      around.terminal.showProgress(undefined);
      await close();
    }
  });
}

/** That of HEAD where the commit is one of it, else its own. */
async function historyOf(
  { repository, reader, history }: OpenPast,
  to: string,
): Promise<{ readonly history: CommitHistory; readonly close: () => Promise<void> }> {
  const ofHead = await history();
  if (ofHead.has(to)) return { history: ofHead, close: async () => undefined };
  const own = await openHistory(repository, { head: to, reader });
  return { history: own, close: () => own.close() };
}
