/** What one test file did, as its process left it. */
export interface FileRun {
  readonly exitCode: number | null;
  /** The signal that ended the process, or null where it ended by itself. */
  readonly signal: string | null;
  /** True where the runner ended it because it took too long. */
  readonly timedOut: boolean;
  /** Everything that it printed. */
  readonly output: string;
  /** What reading its source found: sentences. */
  readonly mistakes: readonly string[];
}

/** What the runner makes of it. */
export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** Why the file fails, as sentences; empty where it passes. */
  readonly reasons: readonly string[];
}

/**
 * uvu 0.5.6 ends with exit code 0 when a `before` throws, a test throws something that is no Error, `.only` is left in,
 * or a file never calls `.run()`. So the exit code is only one of the witnesses: the summary must be there, and what it
 * calls the total must have passed.
 */
export function judge(run: FileRun): Verdict {
  const summary = readSummary(run.output);
  const reasons = [...endReasons(run), ...summaryReasons(run, summary), ...run.mistakes];
  const passed = summary?.passed ?? 0;
  const lost = (summary?.total ?? 0) - passed;
  return { passed, failed: reasons.length === 0 ? 0 : Math.max(lost, 1), reasons };
}

interface Summary {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

const SUMMARY = /^ {2}Total: {5}(\d+)\n {2}Passed: {4}(\d+)\n {2}Skipped: {3}(\d+)$/gm;

/** The last summary counts: a test may print what looks like one. */
function readSummary(output: string): Summary | undefined {
  const found = [...output.matchAll(SUMMARY)].at(-1);
  if (found === undefined) return undefined;
  return { total: Number(found[1]), passed: Number(found[2]), skipped: Number(found[3]) };
}

function endReasons(run: FileRun): string[] {
  if (run.timedOut) return ['took too long and was ended'];
  if (run.signal !== null) return [`ended by ${run.signal}`];
  return run.exitCode === 0 ? [] : [`exit code ${run.exitCode}`];
}

function summaryReasons(run: FileRun, summary: Summary | undefined): string[] {
  if (summary === undefined) return run.exitCode === 0 ? ['no summary: is `.run()` missing?'] : [];
  if (summary.total === 0) return ['no test ran'];
  const reasons: string[] = [];
  if (summary.passed < summary.total) {
    reasons.push(`${summary.passed} of ${summary.total} passed: a test failed, or a hook threw`);
  }
  if (summary.skipped > 0) reasons.push(`${summary.skipped} skipped`);
  return reasons;
}
