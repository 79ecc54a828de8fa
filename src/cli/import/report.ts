import { EFFECTS, type Effect, type NotCarried } from '../../files/import/imported.js';
import type { AttributeDeclarations } from '../../model/project.js';
import { count } from '../format.js';
import { markdownText } from '../markdown.js';
import { shownLine } from '../shown.js';
import type { ReplacedSegment } from './replaced.js';

/** What an import did, or would do. */
export interface ImportReport {
  /** The word behind `--from`. */
  readonly from: string;
  /** What the tool is called. */
  readonly title: string;
  readonly org: string;
  readonly project: string;
  readonly environments: readonly string[];
  readonly isDryRun: boolean;
  /** How many flags the source has, and how many of them have a file. */
  readonly found: number;
  readonly carried: number;
  /** Paths from the top of the repository. */
  readonly files: readonly string[];
  readonly notCarried: readonly NotCarried[];
  /** Attributes that the flags read and that project.yaml does not declare. */
  readonly undeclared: AttributeDeclarations;
  /** Segments that are written over, whom other files ask. */
  readonly replaced: readonly ReplacedSegment[];
}

/** The report as lines for people. */
export function reportLines(report: ImportReport): readonly string[] {
  const { notCarried, undeclared, isDryRun, files, org, project } = report;
  const sorted = EFFECTS.flatMap((effect) => notCarried.filter((one) => one.effect === effect));
  const wrote = isDryRun ? 'would write' : 'wrote';
  const names = Object.keys(undeclared);
  return [
    ...sorted.map((one) => shownLine(`${whose(one)}: ${one.effect}: ${one.construct}: ${one.reason}`)),
    ...(names.length === 0 ? [] : [`project.yaml does not declare: ${declarations(undeclared)}`]),
    ...report.replaced.map((one) => shownLine(replacedLine(one, isDryRun))),
    `${wrote} ${count(files.length, 'file')} in flags/${org}/${project}`,
    summaryLine(report),
  ];
}

/** The report as JSON. */
export function reportJson({ title: _title, isDryRun, ...report }: ImportReport): string {
  const notCarried = report.notCarried.map(({ flag = null, ...one }) => ({ flag, ...one }));
  return JSON.stringify({ ...report, dryRun: isDryRun, notCarried }, undefined, 2);
}

/** The report as Markdown, for the pull request that brings the flags. */
export function reportMarkdown(report: ImportReport): string {
  const { title, notCarried, undeclared } = report;
  const lines = [`# Flags from ${markdownText(title)}`, '', markdownText(summaryLine(report))];
  for (const effect of EFFECTS) {
    const notes = notCarried.filter((one) => one.effect === effect);
    if (notes.length > 0) lines.push('', ...section(effect, notes));
  }
  const names = Object.keys(undeclared);
  if (names.length > 0)
    lines.push('', '## Attributes to declare in project.yaml', '', markdownText(declarations(undeclared)));
  const replaced = report.replaced.map((one) => `- ${markdownText(replacedLine(one, report.isDryRun))}`);
  if (replaced.length > 0) lines.push('', '## Segments that other files ask', '', ...replaced);
  return `${lines.join('\n')}\n`;
}

function replacedLine({ segment, users }: ReplacedSegment, isDryRun: boolean): string {
  return `segment ${segment} ${isDryRun ? 'would be' : 'is'} written over; who asks it may get other answers: ${users.join(', ')}`;
}

/** `3 of 4 flags of flagd are carried: 1 left out, 2 assumed`. */
function summaryLine({ title, found, carried, notCarried }: ImportReport): string {
  const counts = EFFECTS.flatMap((effect) => {
    const number = notCarried.filter((one) => one.effect === effect).length;
    return number === 0 ? [] : [`${number} ${effect}`];
  });
  const notes = counts.length === 0 ? 'nothing to note' : `notes: ${counts.join(', ')}`;
  return `${carried} of ${count(found, 'flag')} of ${title} ${carried === 1 || found === 1 ? 'is' : 'are'} carried; ${notes}`;
}

function section(effect: Effect, notes: readonly NotCarried[]): readonly string[] {
  const rows = notes.map(({ construct, reason, ...one }) => {
    return `| ${[whose(one), construct, reason].map(markdownText).join(' | ')} |`;
  });
  return [`## ${HEADINGS[effect]}`, '', '| flag | because of | why |', '| --- | --- | --- |', ...rows];
}

const HEADINGS: Readonly<Record<Effect, string>> = {
  'left out': 'Left out: these flags have no file',
  moved: 'Moved: the same shares, but other people',
  assumed: 'Assumed of callers',
  renamed: 'Renamed',
  dropped: 'Dropped: facts that never change an answer',
};

function whose({ flag, environment }: Pick<NotCarried, 'flag' | 'environment'>): string {
  const name = flag ?? 'all flags';
  return environment === undefined ? name : `${name} in ${environment}`;
}

function declarations(attributes: AttributeDeclarations): string {
  return Object.entries(attributes)
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ');
}
