import { readFileSync } from 'node:fs';
import path from 'node:path';
import { locate } from '../../files/locate.js';
import { count } from '../format.js';
import { type PaintPlace, paint } from '../paint.js';
import { dateOf, markedCommit, namedData } from '../past/entry.js';
import type { Tally } from '../references/tally.js';
import { shownLine } from '../shown.js';
import { isSafe, type StaleThing } from './judge-stale.js';

/** What people read: each thing with its reasons, and how many there are. */
export function reportLines(
  { found, code }: Omit<StaleReport, 'folder'>,
  place: PaintPlace,
): readonly string[] {
  const extent = code === undefined ? '' : ` (${code.extent})`;
  return [...found.flatMap((thing) => linesOf(thing, place)), shownLine(summaryOf(found, code) + extent)];
}

interface StaleReport {
  readonly found: readonly StaleThing[];
  /** Of the flags. */
  readonly folder: string;
  /** Undefined where no code was looked into. */
  readonly code: Tally | undefined;
}

/** What `--json` prints. */
export function staleData({ found, folder, code }: StaleReport) {
  return {
    stale: found.map((thing) => thingData(thing, folder)),
    files: code?.files ?? null,
    skipped: code?.skipped ?? null,
  };
}

function thingData(thing: StaleThing, folder: string) {
  const { candidate, reasons, blockers, replacement, uses, lastChange } = thing;
  const { kind, project, key, path: file, owner } = candidate;
  const place = candidate.kind === 'override' ? locateEntry(path.join(folder, file), candidate.place) : TOP;
  return {
    kind,
    org: project.org,
    project: project.key,
    key,
    path: file,
    ...place,
    files: candidate.files,
    isSafe: isSafe(thing),
    reasons,
    blockers,
    replaceBy: replacement ?? null,
    code: uses === undefined ? null : uses.counts,
    owner: owner ?? null,
    lastChange:
      lastChange === undefined ? null : { ...namedData(lastChange.commit), isCutOff: lastChange.isCutOff },
  };
}

function summaryOf(found: readonly StaleThing[], code: Tally | undefined): string {
  if (found.length === 0) return 'nothing is stale';
  const safe = found.filter(isSafe).length;
  const rest = found.length - safe;
  const now = `${count(safe, 'thing')} can be removed now`;
  if (rest === 0) return now;
  return code === undefined
    ? `${now}, ${rest} not before code was looked into: name it with --src`
    : `${now}, ${rest} once what comes first is done`;
}

/** What it is, why it can go, what stands in the way, and whom to ask. */
function linesOf(thing: StaleThing, place: PaintPlace): readonly string[] {
  const { candidate, reasons, blockers, replacement } = thing;
  const verdict = isSafe(thing)
    ? paint('can be removed', 'green', place)
    : paint('is stale', 'yellow', place);
  const lines = [
    ...reasons.map(({ sentence }) => `  ${sentence}`),
    ...(replacement === undefined
      ? []
      : [`  replace it by ${JSON.stringify(replacement.value)} (${replacement.variant})`]),
    ...blockers.map((blocker) => `  first: ${blocker}`),
    ...(candidate.files.length < 2 ? [] : [`  files: ${candidate.files.join(', ')}`]),
    `  ${[changeText(thing), ...(candidate.owner === undefined ? [] : [`owner ${candidate.owner}`])].join('; ')}`,
  ];
  return [`${shownLine(`${candidate.path}: ${nameOf(thing)}`)} ${verdict}`, ...lines.map(shownLine)];
}

function nameOf({ candidate }: StaleThing): string {
  switch (candidate.kind) {
    case 'override':
      return `entry ${candidate.place + 1} of the overrides of ${candidate.key}`;
    default:
      return `${candidate.kind} ${candidate.key}`;
  }
}

function changeText({ lastChange }: StaleThing): string {
  if (lastChange === undefined) return 'not committed as it is';
  const { commit } = lastChange;
  return `last changed ${dateOf(commit).slice(0, 10)} by ${commit.author.name} (${markedCommit(lastChange)})`;
}

const TOP = { line: 1, column: 1 };

function locateEntry(file: string, place: number): { readonly line: number; readonly column: number } {
  return locate(readFileSync(file, 'utf8'), [place]);
}
