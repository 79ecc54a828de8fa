import type { BenchRow } from './row.js';

/**
 * Runs one part of the benchmark for `scripts/bench.ts`, which starts this file in a fresh process for each part, so
 * that no part works in the heap or the compiled code that another one left. The rows go back as one message.
 */
const name = process.argv[2] ?? '';
const part = (await import(`./${name}.ts`)) as { run(): Promise<readonly BenchRow[]> };
const rows = await part.run();
process.send?.(rows, () => process.exit(0));
