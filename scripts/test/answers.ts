import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

/** Where tests note which answers they saw: see `test/support/openapi.ts`. */
export const ANSWERS_FOLDER = 'FLAGSTAFF_TEST_ANSWERS';

/** How much of the API's description the tests have seen. */
export interface AnswersSeen {
  /** The pairs of operation and status that were answered to some test. */
  readonly seen: number;
  /** All pairs that the description has. */
  readonly described: number;
  /** Why that is too little, as sentences; empty where it is enough. */
  readonly reasons: readonly string[];
}

/** How many pairs a whole run has to see. Where it is missing, there is no API to count answers of. */
const FLOOR = 'test/answers.json';

/** Makes the folder that tests write to, and gives how to read and remove it. Undefined where nothing is counted. */
export function noteAnswers(): { readonly folder: string; readonly end: () => AnswersSeen } | undefined {
  if (!existsSync(FLOOR)) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'answers-'));
  const end = (): AnswersSeen => {
    const noted = readdirSync(folder).flatMap((name) =>
      readFileSync(path.join(folder, name), 'utf8').split('\n'),
    );
    rmSync(folder, { recursive: true });
    const floor: { readonly seen: number } = JSON.parse(readFileSync(FLOOR, 'utf8'));
    return compareAnswers(new Set(noted), describedAnswers(), floor.seen);
  };
  return { folder, end };
}

/**
 * Holds what was seen against the description: fewer pairs than before are a test that got lost, and an operation whose
 * success nobody saw is not tested at all.
 */
export function compareAnswers(
  noted: ReadonlySet<string>,
  described: readonly string[],
  floor: number,
): AnswersSeen {
  const seen = described.filter((pair) => noted.has(pair));
  const operationOf = (pair: string): string => pair.slice(0, pair.lastIndexOf(' '));
  const succeeded = new Set(seen.filter((pair) => / 2\d\d$/.test(pair)).map(operationOf));
  const untested = [...new Set(described.map(operationOf))].filter((operation) => !succeeded.has(operation));
  const reasons = untested.map((operation) => `no test saw ${operation} succeed`);
  if (seen.length < floor) reasons.push(`tests saw ${seen.length} kinds of answer, and ${floor} before`);
  return { seen: seen.length, described: described.length, reasons };
}

/** Every `POST /api/v1/feature-flags 201` of the description. A 500 is a bug, which no test can want. */
function describedAnswers(): readonly string[] {
  const { paths }: { paths: Record<string, Record<string, { responses?: object }>> } = parse(
    readFileSync('schemas/openapi.yaml', 'utf8'),
  );
  return Object.entries(paths).flatMap(([place, item]) =>
    Object.entries(item).flatMap(([method, { responses = {} }]) =>
      Object.keys(responses)
        .filter((status) => status !== '500')
        .map((status) => `${method.toUpperCase()} ${place} ${status}`),
    ),
  );
}
