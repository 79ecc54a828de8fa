import { programOf } from '../test/support/program.js';
import { KINDS, type Kind } from './contrast/committer.js';
import { atOnce, killed, type Outcome, twoProcesses } from './contrast/parts.js';
import { runOnSmallDisk } from './crash/small-disk.js';
import { readNumbers } from './numbers.js';

const FULL_CHILD = programOf('scripts/contrast/full-child.ts');

/**
 * `npm run test:contrast [-- --count 100]`: our writer and isomorphic-git's plain add and commit in the same troubles, side by
 * side. It asserts nothing: it gives the figures of the README.
 */
async function main(): Promise<void> {
  const { count } = readNumbers('test:contrast', { count: 100 });
  const parts: readonly (readonly [string, (kind: Kind) => Promise<Outcome | undefined>])[] = [
    [`two processes, ${count} commits each`, (kind) => twoProcesses(kind, count)],
    ['20 requests at once, 20 times', (kind) => atOnce(kind, 20)],
    [`kill -9, ${count} times`, (kind) => killed(kind, count)],
    ['disk full, 20 times', onFullDisk],
  ];
  for (const [name, measure] of parts) {
    for (const kind of KINDS) console.log(lineOf(name, kind, await measure(kind)));
  }
}

async function onFullDisk(kind: Kind): Promise<Outcome | undefined> {
  const output = await runOnSmallDisk(FULL_CHILD, ['20', kind]);
  return output === undefined ? undefined : (JSON.parse(output) as Outcome);
}

function lineOf(name: string, kind: Kind, outcome: Outcome | undefined): string {
  if (outcome === undefined) return `${name}, ${kind}: not measured, no file system can be mounted here`;
  const { acknowledged, lost, broken, clones } = outcome;
  return `${name}, ${kind}: ${lost} of ${acknowledged} acknowledged lost, ${broken} of ${clones} clones broken`;
}

await main();
