import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ANSWERS_FOLDER, type AnswersSeen, noteAnswers } from './test/answers.js';
import { compileProject } from './test/compile.js';
import { judge, type Verdict } from './test/judge.js';
import { runFile } from './test/run-file.js';

const AT_ONCE = 2;
const SLOWEST = 5;

interface FileResult extends Verdict {
  readonly file: string;
  readonly tookMs: number;
}

/**
 * `npm test [-- FILE...]`: compiles what changed, and runs every `test/**\/*.test.ts`, or the files named, each in a
 * process of its own. The last line is `N passed, N failed`; the exit code is 1 where anything failed or nothing ran. The answers that tests got over
 * HTTP are counted: a whole run fails where fewer kinds were seen than `test/answers.json` says.
 */
async function main(named: readonly string[]): Promise<void> {
  const files = named.length > 0 ? named : findTests('test');
  await compileProject();
  const answers = noteAnswers();
  if (answers !== undefined) process.env[ANSWERS_FOLDER] = answers.folder;
  const results = await runAll(files);
  printSlowest(results);
  const seen = answers?.end();
  const lost = named.length > 0 ? [] : (seen?.reasons ?? []);
  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failed)) + lost.length;
  for (const result of results) {
    if (result.reasons.length > 0) console.log(`FAILED ${result.file}: ${result.reasons.join('; ')}`);
  }
  for (const reason of lost) console.log(`FAILED answers: ${reason}`);
  if (seen !== undefined) printSeen(seen);
  if (passed + failed === 0) console.log('FAILED: no test ran');
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

function findTests(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name))
    .sort();
}

async function runAll(files: readonly string[]): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const waiting = [...files];
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      results.push(await runOne(file));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function runOne(file: string): Promise<FileResult> {
  const startedMs = performance.now();
  const run = await runFile(file);
  const verdict = judge(run);
  const tookMs = performance.now() - startedMs;
  const isGood = verdict.reasons.length === 0;
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${file} (${verdict.passed} passed, ${seconds(tookMs)})`);
  if (!isGood) console.log(`${run.output.trimEnd()}\n`);
  return { file, tookMs, ...verdict };
}

function printSeen({ seen, described }: AnswersSeen): void {
  console.log(
    `answers: ${seen} of ${described} pairs of operation and status in schemas/openapi.yaml were seen`,
  );
}

function printSlowest(results: readonly FileResult[]): void {
  const slowest = [...results].sort((a, b) => b.tookMs - a.tookMs).slice(0, SLOWEST);
  console.log(`\nslowest: ${slowest.map((result) => `${result.file} ${seconds(result.tookMs)}`).join(', ')}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

await main(process.argv.slice(2));
