import type { FlagImpact } from '../../changes/impact/impact.js';
import { markdownCode, markdownText } from '../markdown.js';
import { exampleText } from './text.js';
import {
  errorsOf,
  flagNamer,
  headline,
  movesText,
  number,
  populationText,
  publicCausesText,
  type ToldImpact,
  UNMEASURED,
  wayText,
} from './told.js';

/** GitHub takes 65,536 characters of a comment, and others write into it too: so many flags are told with all there is. */
const MOST_FLAGS = 30;
const MOST_EXAMPLES = 3;

/** The impact as Markdown, for a comment of a pull request or a job's summary. */
export function impactMarkdown(told: ToldImpact): string {
  const { impact, before, after } = told;
  const moving = impact.flags.filter(({ moved }) => moved > 0);
  const still = impact.flags.length - moving.length;
  const sides = `${markdownCode(before.label)} → ${markdownCode(after.label)}`;
  return [
    '### Impact',
    `**${headline(told)}** (${sides}; ${markdownText(populationText(told))}).`,
    ...errorList(told),
    ...(moving.length === 0 ? [] : [table(moving, told)]),
    ...(still === 0
      ? []
      : [`${still === 1 ? 'One more changes and moves' : `${number(still)} more change and move`} nobody.`]),
    ...details(moving),
  ].join('\n\n');
}

function errorList(told: ToldImpact): readonly string[] {
  const { errors, left } = errorsOf(told);
  if (errors.length === 0) return [];
  const lines = errors.map(
    ({ label, place, message }) =>
      `- ${markdownCode(label)}: ${markdownCode(place)}: ${markdownText(message)}`,
  );
  const rest = left === 0 ? [] : [`- and ${number(left)} more`];
  return [`**${UNMEASURED}:**`, [...lines, ...rest].join('\n')];
}

function table(moving: readonly FlagImpact[], told: ToldImpact): string {
  const nameOf = flagNamer(moving);
  const rows = moving.slice(0, MOST_FLAGS).map((flag) => {
    const cells = [
      nameOf(flag),
      flag.environment,
      movesText(flag),
      publicCausesText(flag, told),
      segmentsText(flag),
    ];
    return `| ${cells.map(markdownText).join(' | ')} |`;
  });
  const left = moving.length - rows.length;
  return [
    '| flag | environment | who moves | because of | by segment |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...(left === 0 ? [] : [`| ${number(left)} more | | | | |`]),
  ].join('\n');
}

function segmentsText({ segments }: FlagImpact): string {
  return segments.map(({ segment, moved }) => `${number(moved)} in ${segment}`).join(', ');
}

function details(moving: readonly FlagImpact[]): readonly string[] {
  const nameOf = flagNamer(moving);
  const lines = moving
    .slice(0, MOST_FLAGS)
    .flatMap((flag) =>
      flag.moves.flatMap((move) =>
        move.examples
          .slice(0, MOST_EXAMPLES)
          .map(
            (context) =>
              `- ${markdownText(`${nameOf(flag)} in ${flag.environment}, ${wayText(move)}:`)} ${markdownCode(exampleText(context))}`,
          ),
      ),
    );
  if (lines.length === 0) return [];
  return [['<details><summary>Examples</summary>', '', ...lines, '', '</details>'].join('\n')];
}
