import { createHash } from 'node:crypto';
import type { Found, RuleFacts } from './found.js';
import { workspacePath } from './github.js';
import type { Surroundings } from './surroundings.js';
import { readVersion } from './version.js';

/** What a log is made of. */
interface SarifInput {
  readonly found: readonly Found[];
  readonly describe: (code: string) => RuleFacts;
}

/**
 * A log of SARIF 2.1.0 (OASIS), as code scanning takes it: one run, with a rule for each code that was found. Paths are
 * relative to what was checked out.
 */
export function sarifLog({ found, describe }: SarifInput, folder: string, around: Surroundings): object {
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Flagstaff',
            semanticVersion: readVersion(),
            rules: codes.map((code) => rule(code, describe(code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: withTurns(found).map(([one, turn]) => ({
          ruleId: one.code,
          ruleIndex: codes.indexOf(one.code),
          level: one.severity,
          message: { text: one.message },
          locations: [location(one, workspacePath(one.path, folder, around))],
          partialFingerprints: { 'flagstaff/v1': fingerprint(one, turn) },
        })),
      },
    ],
  };
}

function rule(code: string, { summary, fix, level }: RuleFacts): object {
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: `${summary} ${fix}`, markdown: `${summary}\n\n**What to do:** ${fix}` },
    defaultConfiguration: { level: level === 'error' ? 'error' : 'warning' },
  };
}

function location({ line, column }: Found, path: string): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
      region: { startLine: line, startColumn: column },
    },
  };
}

/** Each with how many equal ones came before it. */
function withTurns(found: readonly Found[]): (readonly [Found, number])[] {
  const turns = new Map<string, number>();
  return found.map((one) => {
    const words = wordsOf(one);
    const turn = turns.get(words) ?? 0;
    turns.set(words, turn + 1);
    return [one, turn] as const;
  });
}

/** The line is no part of it: what only moves stays the same alert. */
function fingerprint(one: Found, turn: number): string {
  return createHash('sha256')
    .update(`${wordsOf(one)}\0${turn}`)
    .digest('hex')
    .slice(0, 32);
}

function wordsOf({ path, code, title, message }: Found): string {
  return `${path}\0${code}\0${title}\0${message}`;
}
