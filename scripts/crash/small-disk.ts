import { spawn } from 'node:child_process';
import { temporaryFolder } from '../../test/support/git.js';
import { LOADER } from '../../test/support/program.js';

/** In a name space of its own, so that it needs no rights and is gone with the process. */
const MOUNT = 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"';

/**
 * Runs a script with the folder of a small file system as its first argument, and gives what it prints. Undefined where
 * this machine does not let one be mounted. Throws where the script fails.
 */
export async function runOnSmallDisk(script: string, words: readonly string[]): Promise<string | undefined> {
  const dir = temporaryFolder();
  if ((await run(dir, ['true'])).code !== 0) return undefined;
  const { code, output } = await run(dir, [process.execPath, ...LOADER, script, dir, ...words]);
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${output}`);
  return output;
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
