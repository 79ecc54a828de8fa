/** When a line comes, commits so many times, one after the other, and prints at once each commit that is said to be made. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { KINDS, openCommitter } from './committer.js';

const [kindName, dir = '', flag = '', count = '0'] = process.argv.slice(2);
const kind = KINDS.find((name) => name === kindName) ?? 'ours';
const committer = await openCommitter(kind, dir, flag);
writeSync(1, 'ready\n');
await once(process.stdin, 'data');
for (let number = 0; number < Number(count); number += 1) {
  const commit = await committer.write(`${flag} ${number}`).catch(() => undefined);
  if (commit !== undefined) writeSync(1, `${commit}\n`);
}
await committer.close();
process.stdin.destroy();
