import type { FlagImpact, Move } from '../../changes/impact/impact.js';
import type { EvaluationContext } from '../../model/evaluation.js';
import { shownLine } from '../shown.js';
import {
  causesText,
  errorsOf,
  flagNamer,
  headline,
  movesText,
  number,
  populationText,
  type ToldImpact,
  UNMEASURED,
  wayText,
} from './told.js';

/** A context that is longer is cut: it is an example, not data. */
const MOST_CHARACTERS = 200;

/** The impact in lines for people. */
export function impactText(told: ToldImpact): readonly string[] {
  const { impact, before, after } = told;
  const nameOf = flagNamer(impact.flags);
  const moving = impact.flags.filter(({ moved }) => moved > 0);
  const still = impact.flags.filter(({ moved }) => moved === 0);
  const stillText = still.map((flag) => `${nameOf(flag)} in ${flag.environment}`).join(', ');
  return [
    `${headline(told)} (${before.label} → ${after.label}; ${populationText(told)})`,
    ...errorLines(told),
    ...moving.flatMap((flag) => ['', ...flagLines(flag, nameOf(flag))]),
    ...(still.length === 0 ? [] : ['', `changed, and moves nobody: ${stillText}`]),
  ].map(shownLine);
}

function errorLines(told: ToldImpact): readonly string[] {
  const { errors, left } = errorsOf(told);
  if (errors.length === 0) return [];
  const lines = errors.map(({ label, place, message }) => `  ${label}: ${place}: ${message}`);
  return ['', `${UNMEASURED}:`, ...lines, ...(left === 0 ? [] : [`  and ${number(left)} more`])];
}

/** A context as an example: its JSON, cut. */
export function exampleText(context: EvaluationContext): string {
  const text = JSON.stringify(context);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function flagLines(flag: FlagImpact, name: string): readonly string[] {
  const causes = causesText(flag);
  const because = causes === '' ? '' : `; because of ${causes}`;
  const segments = flag.segments.map(({ segment, moved }) => `${number(moved)} in ${segment}`);
  return [
    `${name} in ${flag.environment}: ${movesText(flag)}${because}`,
    ...(segments.length === 0 ? [] : [`  by segment: ${segments.join(', ')}`]),
    ...flag.moves.flatMap(exampleLines),
  ];
}

function exampleLines(move: Move): readonly string[] {
  return move.examples.map((context) => `  ${wayText(move)}: ${exampleText(context)}`);
}
