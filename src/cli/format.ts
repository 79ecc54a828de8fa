import { type Command, Option } from 'commander';
import { unreachable } from '../model/unreachable.js';
import { WrongUse } from './exit.js';
import type { Found, RuleFacts } from './found.js';
import { annotate } from './github.js';
import { junitXml, type Suite } from './junit.js';
import { writeOutput } from './output-file.js';
import { type PaintPlace, PLAIN } from './paint.js';
import { sarifLog } from './sarif.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

/**
 * How findings are printed: lines for people, JSON for programs, annotations for GitHub's pull requests, SARIF 2.1.0 for
 * code scanning, JUnit's XML for what shows test reports.
 */
export type Format = 'text' | 'json' | 'github' | 'sarif' | 'junit';

const FORMATS: readonly Format[] = ['text', 'json', 'github', 'sarif', 'junit'];

/** The options that `addFormat` adds. */
export interface FormatOptions {
  readonly format: Format;
  readonly json?: boolean;
  /** The file that takes the report. */
  readonly output?: string;
}

/** Adds the options `--format`, `--json` and `--output` to a command. */
export function addFormat(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how to print what is found').choices(FORMATS).default('text'))
    .addOption(new Option('--json', 'the same as --format json').conflicts('format'))
    .option('--output <file>', 'write the report into this file, and print its summary');
}

/** What a command found, for every format. */
export interface Report {
  /** For people, a line or several for each finding. */
  readonly lines: (place: PaintPlace) => readonly string[];
  /** One line, of numbers. */
  readonly summary: string;
  readonly found: readonly Found[];
  /** What there is to say of the codes found. */
  readonly describe: (code: string) => RuleFacts;
  readonly suites: () => readonly Suite[];
  /** What `--format json` prints. */
  readonly json: () => unknown;
}

/** Where a report is printed. */
export interface ReportPlace {
  /** The top of the flags repository. */
  readonly folder: string;
  readonly options: FormatOptions;
  readonly around: Surroundings;
}

/** Prints a report, or writes it into the file that is named. Throws `WrongUse` where a format cannot be in a file. */
export function printReport(report: Report, { folder, options, around }: ReportPlace): void {
  const { output } = options;
  const format = options.json ? 'json' : options.format;
  if (format === 'github') {
    if (output !== undefined)
      throw new WrongUse('--format github: GitHub reads it from standard output, so --output cannot take it');
    annotate(report.found, folder, around);
    around.print(shownLine(report.summary));
    return;
  }
  if (output === undefined) {
    around.print(reportText(report, { format, folder, around }));
    return;
  }
  writeOutput(output, reportText(report, { format, folder, around: { ...around, ...PLAIN } }), around);
  around.print(shownLine(`${report.summary}; the report is in ${output}`));
}

interface TextPlace extends Pick<ReportPlace, 'folder' | 'around'> {
  readonly format: Exclude<Format, 'github'>;
}

function reportText(report: Report, { format, folder, around }: TextPlace): string {
  switch (format) {
    case 'text':
      return [...report.lines(around), report.summary].join('\n');
    case 'json':
      return JSON.stringify(report.json(), undefined, 2);
    case 'sarif':
      return JSON.stringify(sarifLog(report, folder, around), undefined, 2);
    case 'junit':
      return junitXml(report.suites());
    default:
      return unreachable(format);
  }
}

/** `1 error`, `2 errors`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
