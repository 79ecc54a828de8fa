import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../test/support/git.js';
import type { Tally } from './tally.js';

const CHILD = fileURLToPath(new URL('full-disk-child.ts', import.meta.url));
/** In a name space of its own, so that it needs no rights and is gone with the process. */
const MOUNT = 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"';

/** P5 on a small file system that is really full. Undefined where this machine does not let one be mounted. */
export async function fillDisk(count: number): Promise<Tally | undefined> {
  const dir = temporaryFolder();
  if (!(await mayMount(dir))) return undefined;
  const words = [process.execPath, '--import', 'tsx', CHILD, dir, String(count)];
  const { code, output } = await run(dir, words);
  const name = 'P5, a disk that is full';
  if (code !== 0)
    return { name, tries: count, acknowledged: 0, faults: [`the process ended with ${code}: ${output}`] };
  return { name, ...(JSON.parse(output) as Omit<Tally, 'name'>) };
}

async function mayMount(dir: string): Promise<boolean> {
  return (await run(dir, ['true'])).code === 0;
}

function run(
  dir: string,
  words: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', MOUNT, dir, ...words], {
    stdio: ['ignore', 'pipe', words.length > 1 ? 'inherit' : 'ignore'],
  });
  return new Promise((fulfil) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', () => fulfil({ code: null, output }));
    child.on('close', (code) => fulfil({ code, output }));
  });
}
