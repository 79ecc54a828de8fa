/** Writes to the clone named by its argument, over and over, and prints each commit that was acknowledged. */
import { repositoryAt } from '../support/git.js';
import { describeFlag, openOn, writeOf } from './writable.js';

const { writer } = await openOn(repositoryAt(process.argv[2] ?? ''), { now: Date.now });
process.stdout.write('ready\n');
for (let number = 0; ; number += 1) {
  const { commit } = await writer.write(writeOf(describeFlag('new-checkout', `${process.pid} ${number}`)));
  process.stdout.write(`${commit}\n`);
}
