import type { Terminal } from './surroundings.js';

/** The streams of a process, as far as it matters who reads them. */
interface Outputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { readonly isTTY?: boolean };
  readonly stderr: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

/** Goes to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[K';
/** Of a terminal that does not know how wide it is, or says 0. */
const DEFAULT_COLUMNS = 80;

/** What the process's terminal can show. A dumb one gets neither colours nor a line that moves. */
export function openTerminal({ env, stdout, stderr }: Outputs): Terminal {
  const isDumb = env.TERM === 'dumb';
  const isMoving = stderr.isTTY === true && !isDumb;
  let isShown = false;
  return {
    hasColors: stdout.isTTY === true && !isDumb && !env.NO_COLOR,
    hasErrorColors: isMoving && !env.NO_COLOR,
    showProgress: (line) => {
      if (!isMoving || (line === undefined && !isShown)) return;
      isShown = line !== undefined;
      stderr.write(CLEAR_LINE + (line ?? '').slice(0, (stderr.columns || DEFAULT_COLUMNS) - 1));
    },
  };
}
