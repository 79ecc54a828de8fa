import { type FlagImpact, type Outcome, outcomeText, type Share } from '../../changes/impact/impact.js';
import { isSameOutcome } from '../../changes/impact/outcome.js';
import {
  flagNamer,
  headline,
  number,
  populationText,
  publicCausesText,
  type ToldImpact,
  UNMEASURED,
  unmeasured,
} from './told.js';

/** All in units of the picture, which scales. */
const WIDTH = 860;
const MARGIN = 24;
const HEAD = 84;
const LINE = 20;
const ROW = 132;
const BAR = { left: 92, width: WIDTH - MARGIN - 92, height: 22 };
/** So many flags are drawn, those that move most. */
const MOST_FLAGS = 20;
const MOST_LEGEND = 5;
/** Characters that fit beside each other. */
const FITS = { name: 64, cause: 108, label: 96, legend: 16 };
const COLORS = 5;

/** The impact as a picture: what each flag gave before and gives after, as bars. It needs nothing else, and runs nothing. */
export function impactPicture(told: ToldImpact): string {
  const { impact, before, after } = told;
  const moving = impact.flags.filter(({ moved }) => moved > 0);
  const drawn = moving.slice(0, MOST_FLAGS);
  const nameOf = flagNamer(impact.flags);
  const left = moving.length - drawn.length;
  const sides = `${before.label} → ${after.label}; ${populationText(told)}`;
  const paths = unmeasured(told);
  const errors = paths.length === 0 ? [] : [`${UNMEASURED}: ${paths.join(', ')}`];
  const top = HEAD + errors.length * LINE;
  const height = top + drawn.length * ROW + (left > 0 ? 32 : 0) + MARGIN;
  const said = drawn.map((flag) => `${nameOf(flag)} in ${flag.environment}: ${movedText(flag)}.`).join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title summary">`,
    `<title id="title">${xml(`Impact: ${headline(told)}`)}</title>`,
    `<desc id="summary">${xml([sides, ...errors, said].join('. '))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>`,
    text({ x: MARGIN, y: 38, of: 'head' }, `Impact: ${headline(told)}`),
    text({ x: MARGIN, y: 62, of: 'quiet' }, cut(sides, FITS.label)),
    ...errors.map((line) => text({ x: MARGIN, y: 62 + LINE, of: 'quiet' }, cut(line, FITS.label))),
    ...drawn.flatMap((flag, row) =>
      flagRow(flag, { name: nameOf(flag), causes: publicCausesText(flag, told), top: top + row * ROW }),
    ),
    ...(left > 0 ? [text({ x: MARGIN, y: height - MARGIN, of: 'quiet' }, `and ${number(left)} more`)] : []),
    '</svg>',
  ].join('\n');
}

interface Row {
  readonly name: string;
  readonly causes: string;
  readonly top: number;
}

function flagRow(flag: FlagImpact, { name, causes, top }: Row): readonly string[] {
  const outcomes = [...flag.before, ...flag.after]
    .map(({ outcome }) => outcome)
    .filter((outcome, place, all) => all.findIndex((one) => isSameOutcome(one, outcome)) === place)
    .sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  return [
    `<line class="rule" x1="${MARGIN}" y1="${top}" x2="${WIDTH - MARGIN}" y2="${top}"/>`,
    text({ x: MARGIN, y: top + 24, of: 'name' }, cut(`${name} in ${flag.environment}`, FITS.name)),
    text({ x: WIDTH - MARGIN, y: top + 24, of: 'end' }, movedText(flag)),
    ...bar(flag.before, { label: 'before', top: top + 34, outcomes, contexts: flag.contexts }),
    ...bar(flag.after, { label: 'after', top: top + 60, outcomes, contexts: flag.contexts }),
    ...legend(flag, outcomes, top + 102),
    ...(causes === ''
      ? []
      : [text({ x: BAR.left, y: top + 122, of: 'quiet' }, cut(`because of ${causes}`, FITS.cause))]),
  ];
}

function movedText({ moved, contexts }: FlagImpact): string {
  return `${number(moved)} of ${number(contexts)} ${moved === 1 ? 'moves' : 'move'}`;
}

interface Bar {
  readonly label: string;
  readonly top: number;
  /** In the order of their colours. */
  readonly outcomes: readonly Outcome[];
  readonly contexts: number;
}

function bar(shares: readonly Share[], { label, top, outcomes, contexts }: Bar): readonly string[] {
  const parts = [text({ x: MARGIN, y: top + 16, of: 'quiet' }, label)];
  let x = BAR.left;
  for (const [place, outcome] of outcomes.entries()) {
    const amount = amountOf(shares, outcome);
    if (amount === 0) continue;
    const width = (BAR.width * amount) / contexts;
    const tip = `<title>${xml(`${label}: ${outcomeText(outcome)} ${number(amount)}`)}</title>`;
    parts.push(
      `<rect class="${color(outcome, place)}" x="${round(x)}" y="${top}" width="${round(width)}" height="${BAR.height}">${tip}</rect>`,
    );
    x += width;
  }
  return parts;
}

/** What each colour is, and how many there were and are. */
function legend(flag: FlagImpact, outcomes: readonly Outcome[], y: number): readonly string[] {
  const step = BAR.width / MOST_LEGEND;
  return outcomes.slice(0, MOST_LEGEND).flatMap((outcome, place) => {
    const x = BAR.left + place * step;
    const amounts = `${number(amountOf(flag.before, outcome))} → ${number(amountOf(flag.after, outcome))}`;
    return [
      `<rect class="${color(outcome, place)}" x="${round(x)}" y="${y - 10}" width="10" height="10"/>`,
      text({ x: x + 15, y, of: 'small' }, `${cut(outcomeText(outcome), FITS.legend)} ${amounts}`),
    ];
  });
}

function amountOf(shares: readonly Share[], outcome: Outcome): number {
  return shares.find((share) => isSameOutcome(share.outcome, outcome))?.contexts ?? 0;
}

/** What is off comes first. */
function rank(outcome: Outcome): string {
  return isOff(outcome) ? '' : outcomeText(outcome);
}

function isOff(outcome: Outcome): boolean {
  return outcome.kind === 'value' && outcome.variant === 'off';
}

function color(outcome: Outcome, place: number): string {
  if (outcome.kind !== 'value') return 'none';
  return isOff(outcome) ? 'off' : `c${place % COLORS}`;
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  /** Its class. */
  readonly of: 'head' | 'name' | 'quiet' | 'small' | 'end';
}

function text({ x, y, of }: TextPlace, content: string): string {
  return `<text class="${of}" x="${round(x)}" y="${y}">${xml(content)}</text>`;
}

function round(units: number): string {
  return String(Math.round(units * 100) / 100);
}

function cut(content: string, most: number): string {
  const characters = [...content];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : content;
}

/** XML 1.0 has no place for most control characters, nor for halves of a character. */
function xml(content: string): string {
  return content
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The hues are told apart by those who see few colours; numbers say the same beside them. */
const STYLE = `
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; font-size: 13px; fill: #1f2328; }
.ground { fill: #ffffff; }
.head { font-size: 20px; font-weight: 600; }
.name { font-size: 15px; font-weight: 600; }
.end { text-anchor: end; }
.small { font-size: 12px; }
.quiet { font-size: 12px; fill: #59636e; }
.rule { stroke: #d1d9e0; }
.off { fill: #9aa5b1; } .c1 { fill: #0072b2; } .c2 { fill: #d55e00; } .c3 { fill: #009e73; } .c4 { fill: #b3569a; } .c0 { fill: #b58900; }
.none { fill: #e4e8ec; stroke: #59636e; stroke-width: 0.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .ground { fill: #0d1117; }
  .quiet { fill: #9198a1; }
  .rule { stroke: #3d444d; }
  .off { fill: #6e7a87; } .c1 { fill: #4aa8e0; } .c2 { fill: #f0883e; } .c3 { fill: #2fbf95; } .c4 { fill: #d883c2; } .c0 { fill: #e0b341; }
  .none { fill: #21262d; stroke: #9198a1; }
}
`;
