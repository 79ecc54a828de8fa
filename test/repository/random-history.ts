import { execFile } from 'node:child_process';
import { gitEnvironment, type TestRepository } from '../support/git.js';

/** A source of random numbers below `end` that gives the same ones again for the same seed. */
export type Random = (end: number) => number;

/** Small and good enough for choosing: a linear congruential generator (Numerical Recipes). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** Names that git quotes, sorts or shows in odd ways, and two that take each other's place as file and folder. */
const PATHS = [
  'flags/acme/web-app/flags/a.yaml',
  'flags/acme/web-app/overrides/a.yaml',
  'flags/acme/web-app/flags/b c.yaml',
  'flags/acme/web-app/flags/b',
  'flags/acme/web-app/flags/b/below.yaml',
  'flags/acme/org.yaml',
  'flags/globex/ä 漢字 😀.yaml',
  'flags/globex/"quoted"\tand\nbroken.yaml',
  'flags/globex/:(top)*.yaml',
  'flags/:100644 100644',
  'flags',
  'flags-too/x.yaml',
  'README.md',
];

const MODES = ['100644', '100644', '100755', '120000', '160000'];
const SUBMODULE = '1234567890123456789012345678901234567890';

/** Adds a branch `main` of so many random commits: merges, roots, empty ones, deletions, symlinks, odd names and dates. */
export async function addRandomHistory(
  repository: TestRepository,
  { random, commits }: { readonly random: Random; readonly commits: number },
): Promise<void> {
  let stream = '';
  for (let number = 1; number <= commits; number += 1) stream += commitText(number, random);
  await importStream(repository.dir, `${stream}reset refs/heads/main\nfrom :${commits}\n`);
}

function commitText(number: number, random: Random): string {
  const person = `Person ${random(3)} é <person-${random(3)}@example.com> ${1_700_000_000 + number * 60 - random(200)} +0130`;
  const subject =
    random(4) === 0 ? '\n\n  ' : `change ${number}\n\nwhy\n\nFlagstaff-Reason: reason ${number}\n`;
  const isRoot = number === 1 || random(60) === 0;
  const parents = isRoot
    ? ''
    : `from :${number - 1 - (random(8) === 0 ? random(Math.min(number - 1, 5)) : 0)}\n`;
  const merged = number > 3 && random(4) === 0 ? `merge :${1 + random(number - 2)}\n` : '';
  const edits = Array.from({ length: random(4) }, () => editText(random));
  const lines = `author ${person}\ncommitter ${person}\n${dataText(subject)}${parents}${isRoot ? '' : merged}`;
  return `commit refs/heads/work-${number}\nmark :${number}\n${lines}${edits.join('')}\n`;
}

function editText(random: Random): string {
  const path = quoted(PATHS[random(PATHS.length)] ?? '');
  if (random(4) === 0) return `D ${path}\n`;
  const mode = MODES[random(MODES.length)] ?? '';
  if (mode === '160000') return `M ${mode} ${SUBMODULE} ${path}\n`;
  return `M ${mode} inline ${path}\n${dataText(`text ${random(4)}`)}`;
}

function dataText(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function quoted(path: string): string {
  return `"${path.replaceAll('"', '\\"').replaceAll('\t', '\\t').replaceAll('\n', '\\n')}"`;
}

/** Runs `git fast-import` on a stream of its language. */
export function importStream(dir: string, stream: string): Promise<void> {
  return new Promise((fulfil, reject) => {
    const child = execFile(
      'git',
      ['fast-import', '--quiet', '--force'],
      { cwd: dir, env: gitEnvironment() },
      (error) => (error === null ? fulfil() : reject(error)),
    );
    child.stdin?.end(stream);
  });
}
