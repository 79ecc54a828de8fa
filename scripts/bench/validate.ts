import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateRepository, TARGET_SIZE } from './generate.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

const runFile = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');
/** A process that does nothing but read the same files and parse them. */
const PARSE = `
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from ${JSON.stringify(import.meta.resolve('yaml'))};
const files = readdirSync('flags', { recursive: true, withFileTypes: true });
for (const file of files) if (file.isFile()) parse(readFileSync(join(file.parentPath, file.name), 'utf8'));
`;
const ROUNDS = 3;
const CHANGED = 'flags/org-1/web-app/flags/flag-7.yaml';

/** `validate` by the built files, process against process, in turns: everything, and what one changed file asks for. */
export async function run(): Promise<BenchRow[]> {
  const top = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const [large, small] = [join(top, 'large'), join(top, 'small')];
    await generateRepository({ dir: large, ...TARGET_SIZE });
    await generateRepository({ dir: small, orgs: 1, flagsPerOrg: 100 });
    for (const dir of [large, small]) change(join(dir, CHANGED));
    const full = await inTurns(
      () => timeOf(large, [CLI, 'validate']),
      () => timeOf(large, ['--input-type=module', '--eval', PARSE]),
    );
    const since = await inTurns(
      () => timeOf(large, [CLI, 'validate', '--since', 'HEAD']),
      () => timeOf(small, [CLI, 'validate', '--since', 'HEAD']),
    );
    return [
      row('validate, 10,000 flags, cold', full, {
        theirs: 'yaml.parse of the same files, a process too',
        most: 1.5,
      }),
      row('validate --since, 1 of 10,000 files changed', since, { theirs: '1 of 100 changed', most: 1.5 }),
    ];
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

interface Times {
  readonly ours: number;
  readonly theirs: number;
}

async function inTurns(ours: () => Promise<number>, theirs: () => Promise<number>): Promise<Times> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.theirs.push(await theirs());
    times.ours.push(await ours());
  }
  return { ours: median(times.ours), theirs: median(times.theirs) };
}

/** In milliseconds, from the start of the process to its end. */
async function timeOf(cwd: string, words: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  await runFile(process.execPath, [...words], { cwd, maxBuffer: 1 << 26 });
  return performance.now() - startedAt;
}

function change(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace('percentage: 5', 'percentage: 6'));
}

function row(
  name: string,
  { ours, theirs }: Times,
  words: { readonly theirs: string; readonly most: number },
): BenchRow {
  const ratio = ours / theirs;
  return {
    name,
    ours: `${ours.toFixed(0)} ms`,
    theirs: `${theirs.toFixed(0)} ms (${words.theirs})`,
    ratio,
    target: `<= ${words.most}`,
    met: ratio <= words.most,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
