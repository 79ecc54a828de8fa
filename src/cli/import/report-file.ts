import { statSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../model/failure.js';
import { WrongUse } from '../exit.js';
import type { Surroundings } from '../surroundings.js';
import { type ImportReport, reportJson, reportMarkdown } from './report.js';
import type { WholeFile } from './write.js';

/**
 * The file that `--report` names, where it does: JSON by its ending, else Markdown. Throws `WrongUse` where it could not be
 * written, and `Failure` ALREADY_THERE where it is there and `--force` is not.
 */
export function reportFile(
  report: ImportReport,
  { report: named, force }: { readonly report?: string; readonly force?: boolean },
  around: Pick<Surroundings, 'cwd'>,
): readonly WholeFile[] {
  if (named === undefined) return [];
  const target = path.resolve(around.cwd, named);
  const refuse = (reason: string): never => {
    throw new WrongUse(`nothing was written: --report ${named}: ${reason}`);
  };
  const there = statSync(target, { throwIfNoEntry: false });
  if (there?.isDirectory()) refuse('it is a folder');
  if (there !== undefined && !force) throw new Failure('conflict', 'ALREADY_THERE', alreadyThere(named));
  if (!statSync(path.dirname(target), { throwIfNoEntry: false })?.isDirectory())
    refuse(`the folder ${path.dirname(named)} is not there`);
  return [{ target, text: named.endsWith('.json') ? `${reportJson(report)}\n` : reportMarkdown(report) }];
}

function alreadyThere(named: string): string {
  return `nothing was written: ${named} is there already; --force writes over it`;
}
