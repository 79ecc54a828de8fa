import type { Imported, ImportedFile, NotCarried } from '../../files/import/imported.js';
import { withoutLost } from '../../files/import/lost.js';
import type { Problem } from '../../model/problem.js';
import { addedErrors, type DraftFile } from '../create/judge.js';
import { type Destination, draftsOf } from './destination.js';

/** What is written: every file is good to the judge of all files. */
export interface ValidImport extends Pick<Imported, 'files' | 'notCarried'> {
  readonly drafts: readonly DraftFile[];
  /** Errors that leaving out flags does not mend: of the project itself. */
  readonly problems: readonly Problem[];
}

interface Judging {
  readonly destination: Destination;
  /** The files of a new organization and project. */
  readonly frame: readonly DraftFile[];
  readonly now: number;
}

/** Leaves out, with the judge's words, what is no good file here: too large, an expression that is too much work. */
export function validImport(imported: Pick<Imported, 'files' | 'notCarried'>, judging: Judging): ValidImport {
  const drafts = [...judging.frame, ...draftsOf(imported.files, judging.destination)];
  const problems = addedErrors(judging.destination.orgNow, drafts, judging.now);
  const broken = brokenFiles(imported.files, problems, judging.destination);
  if (broken.length === 0) return { ...imported, drafts, problems };
  const keys = new Set(broken.flatMap(({ file }) => (file.kind === 'segment' ? [] : [file.key])));
  const files = imported.files.filter((file) => file.kind === 'segment' || !keys.has(file.key));
  const left = files.filter((file) => !broken.some((one) => one.file === file));
  const notes = broken.map(noteOf);
  return validImport(withoutLost({ files: left, notCarried: [...imported.notCarried, ...notes] }), judging);
}

interface Broken {
  readonly file: ImportedFile;
  readonly problem: Problem;
}

/** The first problem of each file that has one. */
function brokenFiles(
  files: readonly ImportedFile[],
  problems: readonly Problem[],
  destination: Destination,
): readonly Broken[] {
  const byPath = new Map<string, Problem>();
  for (const problem of problems) if (!byPath.has(problem.path)) byPath.set(problem.path, problem);
  if (byPath.size === 0) return [];
  const byName = new Map([...byPath.values()].map((problem) => [problem.path.toLowerCase(), problem]));
  return files.flatMap((file) => {
    const [draft] = draftsOf([file], destination);
    const problem = draft && (byPath.get(draft.path) ?? collision(byName.get(draft.path.toLowerCase())));
    return problem === undefined ? [] : [{ file, problem }];
  });
}

/** Of two names that differ only in case the judge blames one: the file that is there, too. */
function collision(problem: Problem | undefined): Problem | undefined {
  if (problem?.code !== 'KEY_CASE_COLLISION') return undefined;
  const message = `the file's name differs only in case from ${problem.path}, which is there already`;
  return { ...problem, message };
}

function noteOf({ file, problem }: Broken): NotCarried {
  const reason = file.kind === 'segment' ? `segment ${file.key}: ${problem.message}` : problem.message;
  const flag = file.kind === 'segment' ? undefined : file.key;
  return { flag, construct: problem.code, effect: 'left out', reason };
}
