import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const impact = suite<Place>('flagstaff impact');
const CHECKOUT = 'flags/acme/web-app/flags/new-checkout.yaml';
const SALE = 'flags/globex/shop/flags/sale.yaml';

function checkout(share: number): string {
  return `environments:
  production:
    enabled: true
    rules:
      - { id: canary, percentage: ${share} }
    serve: off
`;
}

impact.before.each(async (place) => {
  const repository = await committedRepository({
    [CHECKOUT]: checkout(5),
    'flags/acme/web-app/segments/early.yaml': 'when: [{ attribute: early, equals: true }]\n',
    'flags/globex/org.yaml': 'name: Globex\n',
    'flags/globex/shop/project.yaml': 'environments: [live]\n',
    [SALE]: 'environments: { live: { enabled: false } }\n',
  });
  place.repository = repository;
  await repository.git('tag', 'v1');
  await repository.commit({ [CHECKOUT]: checkout(20) });
});

function flagstaff({ repository }: Place, words: readonly string[], input?: string) {
  return run(['impact', ...words], { cwd: repository.dir, ...(input === undefined ? {} : { input }) });
}

/** One line for each caller. */
function lines(count: number, more: (number: number) => object = () => ({})): string {
  const all = Array.from({ length: count }, (_, number) => ({
    targetingKey: `u-${number}`,
    ...more(number),
  }));
  return all.map((context) => `${JSON.stringify(context)}\n`).join('');
}

const PEOPLE = lines(1_000, (number) => ({ early: number % 2 === 0 }));

impact('says who moves, from what to what, and why (P3)', async (place) => {
  const { code, out, err } = await flagstaff(
    place,
    ['v1..HEAD', '--contexts', '-', '--examples', '1'],
    PEOPLE,
  );
  assert.equal([code, err], [0, '']);
  const moved =
    /^(\d+) of 1,000 contexts get another answer \(v1 → HEAD; contexts of standard input\)\n/.exec(out)?.[1];
  assert.ok(Number(moved) > 100 && Number(moved) < 200, out);
  const [, , flag = '', segments = '', example = '', ...more] = out.split('\n');
  assert.is(
    flag,
    `new-checkout in production: ${moved} of 1,000 off → on, 0 on → off; because of rule canary 5 % → 20 %`,
  );
  assert.match(segments, /^ {2}by segment: \d+ in early$/);
  assert.match(example, /^ {2}off → on: \{"targetingKey":"u-\d+","early":(true|false)\}$/);
  assert.equal(more, []);
});

impact('JSON has the numbers at its top, and what they were measured with', async (place) => {
  const words = ['v1', 'main', '--json', '--now', '2026-06-15T12:00:00Z', '--contexts', '-'];
  const { out } = await flagstaff(place, words, PEOPLE);
  const report = JSON.parse(out);
  assert.equal(Object.keys(report), ['moved', 'contexts', 'before', 'after', 'now', 'population', 'flags']);
  assert.equal([report.contexts, report.now], [1_000, '2026-06-15T12:00:00.000Z']);
  const commit = await place.repository.git('rev-parse', 'v1');
  assert.equal(report.before, { label: 'v1', commit, errors: [] });
  assert.equal(report.population, { kind: 'file', file: '-', skipped: 0, nowhere: 0 });
  const [flag] = report.flags;
  assert.equal([flag.flag, flag.environment, flag.moved], ['new-checkout', 'production', report.moved]);
  assert.equal(flag.because[0].text, 'rule canary 5 % → 20 %');
  assert.is(flag.because[0].path, CHECKOUT);
});

impact('without contexts some are made, the same for the same seed', async (place) => {
  const first = await flagstaff(place, ['v1..HEAD', '--generate', '500', '--seed', '7']);
  assert.match(first.out, / of 500 contexts get another answer \(v1 → HEAD; generated contexts, seed 7\)\n/);
  assert.equal(await flagstaff(place, ['v1..HEAD', '--generate', '500', '--seed', '7']), first);
  assert.not.equal(await flagstaff(place, ['v1..HEAD', '--generate', '500', '--seed', '8']), first);
  assert.match((await flagstaff(place, ['v1..HEAD'])).out, / of 10,000 contexts get another answer /);
});

impact('the work tree is tried too, and what nobody moves by', async (place) => {
  writeFileSync(
    path.join(place.repository.dir, SALE),
    'environments: { live: { enabled: true, serve: off } }\n',
  );
  const { out } = await flagstaff(place, ['--contexts', '-'], PEOPLE);
  assert.is(
    out,
    'none of 1,000 contexts gets another answer (HEAD → the work tree; contexts of standard input)\n\nchanged, and moves nobody: sale in live',
  );
  assert.match(
    (await flagstaff(place, ['v1', '--contexts', '-'], PEOPLE)).out,
    /\n\nacme\/web-app\/new-checkout in /,
  );
});

impact('a line may say where it was asked, and how often', async (place) => {
  const line = (more: object) => `${JSON.stringify({ context: { targetingKey: 'u-1' }, ...more })}\n`;
  const input = line({ environment: 'development', count: 40 }) + line({ at: '2026-01-01T00:00:00Z' });
  const { out } = await flagstaff(place, ['v1..HEAD', '--json', '--contexts', '-'], input);
  const { contexts, flags } = JSON.parse(out);
  assert.equal([contexts, flags[0].contexts], [41, 1]);
});

impact('org, project, environment and flag choose what is asked', async (place) => {
  await place.repository.commit({
    [SALE]: 'environments: { live: { enabled: true } }\n',
    [DARK_MODE]: 'environments: { production: { enabled: false }, development: { enabled: false } }\n',
  });
  const told = async (...words: readonly string[]) => {
    const { out } = await flagstaff(place, ['v1..HEAD', '--json', ...words]);
    const { flags } = JSON.parse(out) as { flags: { flag: string; environment: string }[] };
    return flags.map(({ flag, environment }) => `${flag} in ${environment}`).sort();
  };
  const WEB = ['dark-mode in development', 'dark-mode in production', 'new-checkout in production'];
  assert.equal(await told(), [...WEB, 'sale in live']);
  assert.equal(await told('--org', 'globex'), ['sale in live']);
  assert.equal(await told('--project', 'web-app'), WEB);
  assert.equal(await told('--environment', 'production'), WEB.slice(1));
  assert.equal(await told('--flag', 'dark-mode'), WEB.slice(0, 2));
  assert.equal(await told('--flag', 'dark-mode', '--environment', 'live'), []);
});

impact('names that are nowhere are wrong use, with the nearest that is there', async (place) => {
  const wrong = async (...words: readonly string[]) => {
    const { code, err } = await flagstaff(place, ['v1..HEAD', ...words]);
    return [code, err];
  };
  assert.equal(await wrong('--flag', 'new-chekout'), [
    2,
    'flagstaff: no project has a flag new-chekout (did you mean new-checkout?)',
  ]);
  assert.equal(await wrong('--environment', 'prodction'), [
    2,
    'flagstaff: no project has an environment prodction (did you mean production?)',
  ]);
  assert.equal((await wrong('--org', 'nobody'))[0], 2);
  assert.equal((await wrong('--contexts', 'nowhere.jsonl'))[0], 2);
  assert.equal((await wrong('--generate', '0'))[0], 2);
  assert.equal((await wrong('--examples', '1001'))[0], 2);
  assert.equal((await wrong('--generate', '10', '--contexts', '-'))[0], 2);
});

impact('lines that are no contexts are named and counted, and nothing is reported', async (place) => {
  const more = '[{"targetingKey":"u-1"}]\n{"context":{},"count":0}\n{"context":{},"enviroment":"x"}\n';
  const input = `${lines(2)}{"targetingKey":\n\n${more}`;
  const { code, out, err } = await flagstaff(place, ['v1..HEAD', '--contexts', '-'], input);
  assert.equal([code, out], [2, '']);
  assert.equal(err.split('\n'), [
    'standard input: line 3: wanted a JSON object, got {"targetingKey":',
    'standard input: line 5: wanted a JSON object, got [{"targetingKey":"u-1"}]',
    'standard input: line 6: count: wanted a whole number from 1, got 0',
    'standard input: line 7: enviroment beside context: wanted count, at, org, project, environment',
    'flagstaff: 4 lines of standard input are no context; --skip-broken goes on without',
  ]);
  const skipped = await flagstaff(place, ['v1..HEAD', '--contexts', '-', '--skip-broken'], input);
  assert.is(skipped.code, 0);
  assert.match(skipped.out, /of 2 contexts .*contexts of standard input, 4 broken lines left out/);
  assert.match(skipped.err, /4 lines of standard input are no context, left out$/);
});

impact('--exit-code ends with 1 where somebody moves', async (place) => {
  assert.is((await flagstaff(place, ['v1..HEAD', '--exit-code'])).code, 1);
  assert.is((await flagstaff(place, ['HEAD', 'HEAD', '--exit-code'])).code, 0);
});

impact('Markdown is a table that no name breaks out of', async (place) => {
  await place.repository.commit({
    'flags/acme/web-app/overrides/new-checkout.yaml':
      '- { users: ["a|b<i>`c`"], environments: [production] }\n',
  });
  const input = `${JSON.stringify({ targetingKey: 'a|b<i>`c`' })}\n`;
  const words = ['HEAD~1..HEAD', '--format', 'markdown', '--contexts', '-', '--names'];
  const { out } = await flagstaff(place, words, input);
  assert.equal(out.split('\n'), [
    '### Impact',
    '',
    '**1 of 1 context gets another answer** (`HEAD~1` → `HEAD`; contexts of standard input).',
    '',
    '| flag | environment | who moves | because of | by segment |',
    '| --- | --- | --- | --- | --- |',
    '| new-checkout | production | 1 of 1 off → on, 0 on → off | override for a\\|b\\<i\\>\\`c\\` added: on |  |',
    '',
    '<details><summary>Examples</summary>',
    '',
    '- new-checkout in production, off → on: `` {"targetingKey":"a|b<i>`c`"} ``',
    '',
    '</details>',
  ]);
});

impact('a picture stands for itself: well-formed, with a title, without a script', async (place) => {
  await place.repository.commit({
    'flags/acme/web-app/overrides/new-checkout.yaml': '- { users: ["<script>&\\u0001"] }\n',
  });
  const input = `${JSON.stringify({ targetingKey: '<script>&\u0001' })}\n${PEOPLE}`;
  const words = ['v1..HEAD', '--contexts', '-', '--svg', 'impact.svg', '--format', 'svg'];
  const { code, out } = await flagstaff(place, words, input);
  assert.is(code, 0);
  assert.is(readFileSync(path.join(place.repository.dir, 'impact.svg'), 'utf8'), `${out}\n`);
  assert.is(XMLValidator.validate(out), true);
  const { svg } = new XMLParser({ ignoreAttributes: false }).parse(out);
  assert.equal([svg['@_role'], svg['@_aria-labelledby']], ['img', 'title summary']);
  assert.match(svg.title['#text'], /^Impact: \d+ of 1,001 contexts get another answer$/);
  assert.match(svg.desc['#text'], /new-checkout in production: \d+ of 1,001 move\./);
  assert.match(svg.style, /prefers-color-scheme: dark/);
  assert.not.match(out, /<script|href|url\(/);
});

impact('--output holds the report, and nothing else lies beside it', async (place) => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'impact.json');
  const { code, out } = await flagstaff(place, ['v1..HEAD', '--json', '--output', file]);
  assert.is(code, 0);
  assert.match(out, /^[\d,]+ of 10,000 contexts get another answer; the report is in .*impact\.json$/);
  assert.is(JSON.parse(readFileSync(file, 'utf8')).contexts, 10_000);
  assert.equal(readdirSync(folder), ['impact.json']);
});

impact('a clone without a work tree needs two revisions', async (place) => {
  const bare = temporaryFolder();
  await repositoryAt(bare).git('clone', '--quiet', '--bare', place.repository.dir, '.');
  assert.is((await run(['impact', 'v1', 'main', '--repo', bare])).code, 0);
  const { code, err } = await run(['impact', 'v1', '--repo', bare]);
  assert.equal([code, err.includes('name two revisions')], [2, true]);
});

impact.run();
