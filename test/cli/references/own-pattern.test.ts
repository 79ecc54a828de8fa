import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPattern } from '../../../src/cli/references/own-pattern.js';
import { compileRegex } from '../../../src/evaluation/regex.js';
import { flagsRepository, run, writeFiles } from '../run.js';

const test = suite('patterns of the caller');
/** A greedy end that is hardly ever there: without a bound each match is looked for through all the rest of the line. */
const FAR = String.raw`isOn\("([^"]+)"(?:.*END)?`;

type Found = readonly (readonly [key: string, offset: number])[];

function found(source: string, text: string, reach?: number): Found {
  return [...readPattern(source, { reach })(text)].map(({ key, offset }) => [key, offset]);
}

/** What is found where the whole text is looked through at once. */
function foundAtOnce(source: string, text: string): Found {
  const compiled = compileRegex(source, 0);
  if (compiled instanceof Error) throw compiled;
  const matcher = compiled.matcher(text);
  const all: [string, number][] = [];
  while (matcher.find()) {
    const key = matcher.group(1);
    if (key !== null) all.push([key, matcher.start(1)]);
  }
  return all;
}

test('in windows the same is found as at once, wherever these end', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const parts = ['on(a)', 'on(bc)', 'on(', ')', '\n', ' ', 'é', '😀', 'x', 'non(d)'];
  const sources = [String.raw`on\((\w*)\)`, String.raw`\bon\((\w+)`, '(?m)^(.?)o', '(a|b)?', 'o(n).?'];
  for (let round = 0; round < 400; round += 1) {
    const text = Array.from({ length: random(30) }, () => parts[random(parts.length)]).join('');
    for (const source of sources)
      assert.equal(
        found(source, text, 10),
        foundAtOnce(source, text),
        `${source} in ${JSON.stringify(text)}`,
      );
  }
});

test('no text is looked through behind twice the reach, and all of it before', () => {
  const texts = [8, 9, 15, 16, 17, 40].map((length) => `on(a)${'-'.repeat(length - 8)}END`);
  const seen = texts.map((text) => found('on.(?:.*(END))', `${text}${'.'.repeat(100)}`, 8).length);
  assert.equal(seen, [1, 1, 1, 0, 0, 0]);
  assert.equal(found('(on.*)', 'on(a)'.repeat(20), 8), [], 'a key that does not end there is none');
});

test('a line of 5 MB takes no time for each of its calls that grows with the line', async () => {
  const call = `isOn("dark-mode");${'a=b.c(d);'.repeat(185)}`;
  const cwd = flagsRepository();
  writeFiles(cwd, { 'app/bundle.js': call.repeat(3_000) });
  const words = ['references', '--src', 'app', '--pattern', FAR, '--json'];
  const { out } = await run(words, { cwd });
  const { files, skipped, flags } = JSON.parse(out);
  assert.equal([files, skipped], [1, []]);
  const { counts, places } = flags.find(({ key }: { readonly key: string }) => key === 'dark-mode');
  assert.equal([counts, places[1].column], [{ asked: 3_000, quoted: 0, named: 0 }, call.length + 7]);
});

test.run();
