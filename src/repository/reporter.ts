import { formatProblem, type Problem } from '../model/problem.js';
import type { ServedOrg } from './served.js';

/** No organization has such a key. */
const OUTSIDE = 'the repository';

/** Writes to the log what changed for the worse or the better, once for each change. */
export class Reporter {
  readonly #log: (line: string) => void;
  readonly #lines = new Map<string, string>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** Undefined: there is none, or no more. */
  reportTrouble(trouble: string | undefined): void {
    this.#report('', trouble, 'the repository can be read again');
  }

  /** Those outside the organizations that are served. */
  reportProblems(problems: readonly Problem[]): void {
    this.#report(OUTSIDE, describeErrors(problems), 'everything is read again');
  }

  reportOrgs(orgs: ReadonlyMap<string, ServedOrg>, failed: ReadonlyMap<string, string>): void {
    for (const [key, org] of orgs)
      this.#report(key, failed.get(key) ?? describe(org), 'everything is served again');
    for (const [key, message] of failed) if (!orgs.has(key)) this.#report(key, message, '');
  }

  #report(subject: string, line: string | undefined, allClear: string): void {
    const before = this.#lines.get(subject);
    if (line === before) return;
    if (line === undefined) this.#lines.delete(subject);
    else this.#lines.set(subject, line);
    this.#log(subject === '' ? (line ?? allClear) : `${subject}: ${line ?? allClear}`);
  }
}

/** Undefined where nothing is broken. */
function describe({ problems, staleFlags }: ServedOrg): string | undefined {
  return describeErrors(problems, `, ${staleFlags} flags served from an older commit`);
}

function describeErrors(problems: readonly Problem[], consequence = ''): string | undefined {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  return first && `${errors.length} errors${consequence}; first ${formatProblem(first)}`;
}
