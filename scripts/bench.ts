import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench/row.js';

const PARTS = [
  'evaluation',
  'load',
  'validate',
  'http',
  'write',
  'history',
  'past',
  'packs',
  'streams',
  'remote',
  'impact',
];
const COLUMNS = ['what', 'ours', 'compared to', 'ratio', 'target', ''] as const;

/**
 * `npm run bench [-- PART...]`: measures ours and what it is compared to side by side, and prints one table of ratios.
 * It asserts nothing and ends with 0: a busy machine must not fail a build.
 */
async function main(named: readonly string[]): Promise<void> {
  const lines: (readonly string[])[] = [COLUMNS];
  for (const part of named.length > 0 ? named : PARTS) {
    console.error(`measuring ${part} ...`);
    const rows = await measure(part);
    lines.push(...(rows?.map(cells) ?? [[part, 'ended without a result', '', '', '', '']]));
  }
  console.log(table(lines));
}

/** Fulfils with the rows, or with undefined where the part's process ended without any. */
function measure(part: string): Promise<readonly BenchRow[] | undefined> {
  return new Promise((resolve) => {
    const runner = fileURLToPath(import.meta.resolve('./bench/part.ts'));
    const child = fork(runner, [part], {
      execArgv: ['--no-memory-reducer', '--import', import.meta.resolve('tsx')],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let rows: readonly BenchRow[] | undefined;
    child.on('message', (message) => {
      rows = message as readonly BenchRow[];
    });
    child.once('close', () => resolve(rows));
  });
}

function cells(row: BenchRow): readonly string[] {
  return [row.name, row.ours, row.theirs, row.ratio.toFixed(2), row.target, row.met ? 'met' : 'MISSED'];
}

function table(lines: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

await main(process.argv.slice(2));
