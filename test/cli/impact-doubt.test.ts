import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const impact = suite<Place>('what flagstaff impact cannot measure, and must not tell');
const CHECKOUT = 'flags/acme/web-app/flags/new-checkout.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/new-checkout.yaml';
const PROJECT = 'flags/acme/web-app/project.yaml';
const STILL = `environments: { production: { enabled: true, serve: off } }\n`;

impact.before.each(async (place) => {
  place.repository = await committedRepository({
    [CHECKOUT]: STILL,
    'flags/acme/back-office/project.yaml': 'environments: [production]\n',
    'flags/globex/org.yaml': 'name: Globex\n',
    'flags/globex/shop/project.yaml': 'environments: [live]\n',
    'flags/globex/shop/flags/sale.yaml': 'environments: { live: { enabled: false } }\n',
  });
});

function flagstaff({ repository }: Place, words: readonly string[], input?: string) {
  return run(['impact', ...words], { cwd: repository.dir, ...(input === undefined ? {} : { input }) });
}

impact('a broken change never reads as harmless, in any format', async (place) => {
  place.repository.write({ [CHECKOUT]: STILL.replace('serve: off', 'serve: onn') });
  const told = async (...words: readonly string[]) => {
    const { code, out } = await flagstaff(place, [...words, '--exit-code']);
    assert.is(code, 1);
    return out;
  };
  const HEADLINE = 'none of 10,000 contexts gets another answer; not measured: 1 path with errors';
  const text = await told();
  assert.ok(text.startsWith(`${HEADLINE} (`), text);
  assert.match(text, /\n {2}the work tree: flags\/acme\/web-app\/flags\/new-checkout\.yaml:1: .*onn/);
  const markdown = await told('--format', 'markdown');
  assert.ok(markdown.includes(`**${HEADLINE}**`), markdown);
  assert.match(markdown, /\n- `the work tree`: `flags\/acme\/web-app\/flags\/new-checkout\.yaml:1`: .*onn/);
  const { before, after } = JSON.parse(await told('--json'));
  assert.equal([before.errors, after.errors.length], [[], 1]);
  assert.equal([after.errors[0].path, after.errors[0].code], [CHECKOUT, 'UNKNOWN_VARIANT']);
  const picture = await told('--format', 'svg');
  const { svg } = new XMLParser({ ignoreAttributes: false }).parse(picture);
  assert.is(svg.title['#text'], `Impact: ${HEADLINE}`);
  assert.ok(svg.desc['#text'].includes(CHECKOUT));
  assert.is((await flagstaff(place, [])).code, 0);
});

impact('a project.yaml that is broken or gone is told as not measured', async (place) => {
  for (const damage of [
    () => place.repository.write({ [PROJECT]: ': : [\n' }),
    () => rmSync(path.join(place.repository.dir, PROJECT)),
  ]) {
    damage();
    const { code, out } = await flagstaff(place, ['--exit-code']);
    assert.is(code, 1);
    assert.match(out, /the work tree: flags\/acme\/web-app\/project\.yaml:1: /);
    for (const elsewhere of [
      ['--org', 'globex'],
      ['--org', 'acme', '--project', 'back-office'],
    ]) {
      assert.is((await flagstaff(place, ['--exit-code', ...elsewhere])).code, 0);
    }
  }
});

impact(
  'a broken file that is committed answers as its last good version, and that is said',
  async (place) => {
    await place.repository.commit({ [CHECKOUT]: STILL.replace('serve: off', 'serve: on') });
    await place.repository.commit({ [CHECKOUT]: 'environments: [\n' });
    const { code, out, err } = await flagstaff(place, ['HEAD~2..HEAD']);
    assert.equal([code, err], [0, '']);
    assert.match(out, /^10,000 of 10,000 .*; not measured: 1 path with errors/);
    assert.match(out, /\n {2}HEAD: flags\/acme\/web-app\/flags\/new-checkout\.yaml:\d+: /);
  },
);

impact('lines that are deep, long or hold no context are named, and the others are asked', async (place) => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const long = `{"targetingKey":"${'x'.repeat(1 << 20)}"}`;
  const nothing = '{"context":5}\n{"context":null}\n{"context":[]}';
  const input = `{"a":1}\n${deep}\n${long}\n${nothing}\n{"b":[[1]]}\n`;
  const { code, err } = await flagstaff(place, ['--contexts', '-'], input);
  assert.is(code, 2);
  assert.equal(err.split('\n'), [
    'standard input: line 2: nested deeper than 32 levels',
    'standard input: line 3: longer than 1048576 characters',
    'standard input: line 4: context: wanted a JSON object, got 5',
    'standard input: line 5: context: wanted a JSON object, got null',
    'standard input: line 6: context: wanted a JSON object, got []',
    'flagstaff: 5 lines of standard input are no context; --skip-broken goes on without',
  ]);
  const skipped = await flagstaff(place, ['--contexts', '-', '--skip-broken'], input);
  assert.is(skipped.code, 0);
  assert.match(skipped.out, /^none of 2 contexts gets another answer/);
});

impact('of nobody nothing is said', async (place) => {
  const line = '{"context":{},"org":"globex","project":"shop","environment":"live"}\n';
  for (const [input, ...words] of [
    [''],
    ['\n\n'],
    ['[]\n', '--skip-broken'],
    [line, '--environment', 'production'],
    [line, '--org', 'acme'],
    [line, '--org', 'acme', '--project', 'web-app'],
  ] as const) {
    const { code, out, err } = await flagstaff(place, ['--contexts', '-', ...words], input);
    assert.equal([code, out], [2, '']);
    assert.match(err, /flagstaff: standard input has no context that asks here: there is nobody to say/);
  }
});

impact('the headline counts those who are asked, and no more than can be counted', async (place) => {
  place.repository.write({ [CHECKOUT]: STILL.replace('serve: off', 'serve: on') });
  const line = (environment: string, count: number) =>
    `${JSON.stringify({ context: {}, environment, count })}\n`;
  const words = ['--contexts', '-', '--environment', 'production'];
  const input = `${line('live', 5)}${line('production', 3)}{"targetingKey":"u-1"}\n`;
  assert.match((await flagstaff(place, words, input)).out, /^4 of 4 contexts get another answer/);
  const { code, err } = await flagstaff(place, words, line('production', Number.MAX_SAFE_INTEGER).repeat(2));
  assert.equal([code, err], [2, 'flagstaff: more than 9,007,199,254,740,991 contexts cannot be counted']);
});

impact('contexts of places that are not there are left out, and the headline says so', async (place) => {
  const line = (more: object) => `${JSON.stringify({ context: {}, ...more })}\n`;
  const input =
    line({ environment: 'prodction', count: 2 }) +
    line({ project: 'web-ap' }) +
    line({ org: 'acne', count: 3 }) +
    line({ org: 'globex', project: 'shop', environment: 'live' });
  const { code, out, err } = await flagstaff(place, ['--contexts', '-'], input);
  assert.is(code, 0);
  assert.match(out, /^none of 1 context gets another answer; left out: 6 contexts asked where nothing is \(/);
  assert.equal(err.split('\n'), [
    'flagstaff: 2 contexts asked in environments that no project has: prodction',
    'flagstaff: 1 context asked in projects that no organization has: web-ap',
    'flagstaff: 3 contexts asked in organizations that are not there: acne',
  ]);
  const { population, contexts } = JSON.parse(
    (await flagstaff(place, ['--contexts', '-', '--json'], input)).out,
  );
  assert.equal([population.nowhere, contexts], [6, 1]);
  const nobody = await flagstaff(place, ['--contexts', '-'], line({ environment: 'prodction' }));
  assert.is(nobody.code, 2, 'a name that is wrong everywhere is no impact of nobody');
});

impact('a place is known by all names together, not by each of them somewhere', async (place) => {
  const line = (more: object) => `${JSON.stringify({ context: {}, ...more })}\n`;
  const elsewhere =
    line({ org: 'acme', project: 'shop', environment: 'production', count: 7 }) +
    line({ org: 'acme', project: 'web-app', environment: 'live', count: 11 }) +
    line({ project: 'back-office', environment: 'live' }) +
    line({ org: 'globex', environment: 'production' });
  const there = line({ project: 'shop', environment: 'live' }) + line({ org: 'acme' }) + line({});
  const { code, out, err } = await flagstaff(place, ['--contexts', '-'], elsewhere + there);
  assert.is(code, 0);
  assert.match(
    out,
    /^none of 3 contexts gets another answer; left out: 20 contexts asked where nothing is \(/,
  );
  assert.is(
    err,
    'flagstaff: 20 contexts asked where nothing is: ' +
      'acme/shop/production, acme/web-app/live, */back-office/live, globex/*/production',
  );
  assert.is((await flagstaff(place, ['--contexts', '-'], elsewhere)).code, 2);
});

impact('Markdown and pictures name nobody of overrides unless --names wants it', async (place) => {
  place.repository.write({ [OVERRIDES]: '- { users: [marc@example.com] }\n' });
  const input = '{"targetingKey":"marc@example.com"}\n';
  const told = async (...words: readonly string[]) =>
    (await flagstaff(place, ['--contexts', '-', '--examples', '0', ...words], input)).out;
  for (const format of ['markdown', 'svg']) {
    const out = await told('--format', format);
    assert.match(out, /an override added/);
    assert.not.match(out, /marc/);
    assert.match(await told('--format', format, '--names'), /override for `?marc/);
  }
  assert.match(await told(), /override for marc@example\.com added/);
});

impact('nothing turns the direction of what is printed', async (place) => {
  await place.repository.commit({ [CHECKOUT]: STILL.replace('serve: off', 'serve: on') });
  const file = 'a\u202Eb.jsonl';
  place.repository.write({ [file]: `${JSON.stringify({ targetingKey: 'u-1', name: '\u2066x\u202Ey' })}\n` });
  for (const format of ['text', 'markdown', 'json', 'svg']) {
    const { code, out } = await flagstaff(place, ['HEAD~1', 'HEAD', '--format', format, '--contexts', file]);
    assert.is(code, 0);
    assert.not.match(out, /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/, format);
    assert.match(out, /a\\u202eb\.jsonl/, format);
    if (format === 'svg') assert.is(XMLValidator.validate(out), true);
    else assert.match(out, /\\u2066x\\u202ey/, format);
    if (format === 'json') assert.is(JSON.parse(out).flags[0].moves[0].examples[0].name, '\u2066x\u202Ey');
  }
});

impact('reports are written both or none, and never both into one file', async (place) => {
  const folder = temporaryFolder();
  const file = (name: string) => path.join(folder, name);
  const bad = await flagstaff(place, ['--svg', file('a.svg'), '--output', file('no/a.json')]);
  assert.equal(
    [bad.code, bad.err],
    [2, `flagstaff: ${file('no/a.json')}: the folder ${file('no')} is not there`],
  );
  const same = await flagstaff(place, [
    '--svg',
    file('a'),
    '--output',
    path.relative(place.repository.dir, file('a')),
  ]);
  assert.equal([same.code, same.err], [2, 'flagstaff: --output and --svg: wanted two files, got one']);
  assert.equal(readdirSync(folder), []);
  const good = await flagstaff(place, ['--svg', file('a.svg'), '--output', file('a.txt')]);
  assert.is(good.code, 0);
  assert.match(readFileSync(file('a.txt'), 'utf8'), /^none of 10,000 contexts/);
  assert.is(XMLValidator.validate(readFileSync(file('a.svg'), 'utf8')), true);
});

impact('its help shows command lines that work', async () => {
  const { out } = await run(['impact', '--help']);
  const lines = out.split('\n').filter((line) => line.includes('$ flagstaff'));
  assert.is(lines.length, 5);
  for (const line of lines) assert.match(line, /^ {2}\$ flagstaff impact(?: |$)/);
  assert.match(out, /Examples are whole contexts, with all personal data that is in them/);
});

impact.run();
