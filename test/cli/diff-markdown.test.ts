import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type TestRepository, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, PERSON, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const markdown = suite<Place>('flagstaff diff --format markdown');
const SEGMENT = 'flags/acme/web-app/segments/beta.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';

markdown.before.each(async (place) => {
  place.repository = await committedRepository();
});

async function diff({ repository }: Place, words: readonly string[], env: Record<string, string> = {}) {
  const { code, out, err } = await run(['diff', ...words, '--format', 'markdown'], {
    cwd: repository.dir,
    env,
  });
  assert.equal([code, err], [0, '']);
  return out;
}

async function change({ repository }: Place): Promise<void> {
  const text = await repository.git('show', `HEAD:${DARK_MODE}`);
  const killed = text.replace('serve: off', 'killed: true\n    serve: off');
  await repository.commit({ [DARK_MODE]: `${killed}\n` }, 'kill', PERSON);
  const described = killed.replace('Dark theme', 'Dark *theme*\\nof <b>ours</b>');
  await repository.commit(
    { [DARK_MODE]: `${described}\n`, [OVERRIDES]: '- { users: [u-7, u-8] }\n' },
    'more',
  );
}

markdown('groups by flag and environment, with authors and the header for a preview', async (place) => {
  await change(place);
  const head = await place.repository.head();
  assert.is(
    await diff(place, ['HEAD~2', 'HEAD']),
    `### Flag changes

**1 flag** differs between \`HEAD~2\` and \`HEAD\`.

#### acme/web-app/dark-mode by Ada, Marc

- description changed
- override for u-8 added: on
- **production**
  - killed

Try it before it merges: a server answers as it would with the header \`Flagstaff-At: ${head}\`.`,
  );
});

markdown('a pull or merge request is previewed by its ref', async (place) => {
  await change(place);
  const inGitHub = await diff(place, ['HEAD~1..HEAD'], { GITHUB_REF: 'refs/pull/12/merge' });
  assert.match(inGitHub, '`Flagstaff-At: pull/12/head`');
  const inGitLab = await diff(place, ['HEAD~1..HEAD'], { CI_MERGE_REQUEST_IID: '3' });
  assert.match(inGitLab, '`Flagstaff-At: merge-requests/3/head`');
  const onBranch = await diff(place, ['HEAD~1..HEAD'], { GITHUB_REF: 'refs/heads/pull/12/x' });
  assert.not.match(onBranch, 'pull/12');
  const head = await place.repository.git('rev-parse', 'HEAD~1');
  const other = await diff(place, ['HEAD~2..HEAD~1'], {
    GITHUB_REF: 'refs/pull/12/merge',
    CI_MERGE_REQUEST_IID: '3',
  });
  assert.match(other, `\`Flagstaff-At: ${head.trim()}\``, 'the job has checked out another');
});

markdown('A...B leaves out what A has got since, as a pull request does', async (place) => {
  const { repository } = place;
  await repository.git('checkout', '--quiet', '-b', 'kill-it');
  await change(place);
  await repository.git('checkout', '--quiet', 'main');
  await repository.commit({ [SEGMENT]: 'include: { users: [u-1] }\n' }, 'a segment');
  assert.match(await diff(place, ['main..kill-it']), '**1 flag and 1 segment** differ');
  const forked = await diff(place, ['main...kill-it']);
  const base = (await repository.git('merge-base', 'main', 'kill-it')).trim();
  const parted = `${base.slice(0, 10)}, where main and kill-it parted`;
  assert.match(forked, `**1 flag** differs between \`${parted}\` and \`kill-it\`.`);
  const impact = await run(['impact', 'main...kill-it', '--generate', '10'], { cwd: repository.dir });
  assert.match(impact.out, `(${parted} → kill-it; `);
  assert.not.match(forked, 'segment');
  const tip = (await repository.git('rev-parse', 'kill-it')).trim();
  assert.match(await diff(place, [`${tip}...kill-it`]), NOTHING);
  assert.match(
    await diff(place, [`${tip}..kill-it`]),
    `differs between \`${tip.slice(0, 10)}\` and \`kill-it\`.`,
  );
});

const NOTHING =
  /\n\nNo flag, segment or setting differs between `(\w{10}), where \1 and kill-it parted` and `kill-it`\.$/;

markdown('two histories without a common commit are refused with what to do', async ({ repository }) => {
  await repository.git('checkout', '--quiet', '--orphan', 'other');
  await repository.commit({}, 'another start');
  const { code, err } = await run(['diff', 'main...other'], { cwd: repository.dir });
  assert.is(code, 2);
  assert.match(err, /^flagstaff: main\.\.\.other: no common commit in this clone; .*fetch-depth: 0/);
});

markdown('a range of too many dots is refused with what is meant', async ({ repository }) => {
  const { code, err } = await run(['diff', 'main....x'], { cwd: repository.dir });
  assert.equal([code, err], [2, 'flagstaff: wanted A B, A..B, A...B or A, got main....x']);
});

markdown('says which problems are new, and shows words as they are', async (place) => {
  const { repository } = place;
  await repository.commit({
    [DARK_MODE]: 'description: "[x](http://a.example) <img>"\nenvironments: { production: { enabled: 1 } }\n',
  });
  const out = await diff(place, ['HEAD~1', 'HEAD']);
  assert.match(
    out,
    /#### What the checks say\n\n- error WRONG_TYPE in `flags\/acme\/web-app\/flags\/dark-mode.yaml:2`: /,
  );
  assert.not.match(out, /<img>|\]\(/);
  await repository.commit({ [SEGMENT]: 'include: { users: [u-1] }\n' });
  assert.not.match(await diff(place, ['HEAD~1', 'HEAD']), 'WRONG_TYPE');
});

markdown('says what the checks say of the change itself, and what needs a second approver', async (place) => {
  const { repository } = place;
  const flag = 'flags/acme/web-app/flags/canary.yaml';
  const share = (percentage: number, salt: string) =>
    `owner: web\nsalt: ${salt}\nenvironments:\n  production:\n    enabled: true\n    rules:\n      - { id: some, percentage: ${percentage} }\n    serve: off\n`;
  await repository.commit({
    '.flagstaff.yaml': 'policy: { ramp: { points: 20, environments: [production] } }\n',
    [flag]: share(5, 'one'),
  });
  await repository.commit({ [flag]: share(50, 'one') }, 'ramp');
  const ramp = await diff(place, ['HEAD~1', 'HEAD']);
  assert.match(
    ramp,
    /- warning, \*\*needs a second approver\*\*: RAMP_TOO_STEEP in `flags\/acme\/web-app\/flags\/canary.yaml:7`/,
  );
  repository.write({ [flag]: share(50, 'two') });
  assert.match(await diff(place, []), / REBUCKETED in `/);
});

markdown(
  'the work tree has no header, and what is too long for a comment is named or counted',
  async (place) => {
    const names = Array.from(
      { length: 500 },
      (_, index) => `flags/acme/web-app/flags/${'long-'.repeat(15)}${index}.yaml`,
    );
    place.repository.write(Object.fromEntries(names.map((name) => [name, 'environments: {}\n'])));
    const out = await diff(place, []);
    assert.match(out, '**500 flags** differ between `HEAD` and `the work tree`');
    const told = out.match(/^#### acme/gm)?.length ?? 0;
    const named = out.match(/^- acme.*: 1 difference$/gm)?.length ?? 0;
    assert.ok(told > 100 && named > 50, `${told}, ${named}`);
    const rest = `- … and ${500 - told - named} more\n\n\`flagstaff diff\` prints everything.`;
    assert.is(out.slice(-rest.length), rest);
    assert.ok(out.length < 60_000);
  },
);

markdown('a flag of which much differs hides no other', async (place) => {
  const rules = Array.from(
    { length: 400 },
    (_, index) => `      - { id: r-${index}, when: [{ attribute: country, in: [${'AT, '.repeat(20)}DE] }] }`,
  );
  const large = `environments:\n  production:\n    enabled: true\n    rules:\n${rules.join('\n')}\n    serve: off\n`;
  place.repository.write({
    'flags/acme/web-app/flags/a-large.yaml': 'environments: { production: { enabled: true } }\n',
  });
  await place.repository.commit({}, 'small');
  place.repository.write({
    'flags/acme/web-app/flags/a-large.yaml': large,
    'flags/acme/web-app/flags/b-small.yaml': 'environments: {}\n',
    'flags/acme/web-app/flags/c-small.yaml': 'environments: {}\n',
  });
  const out = await diff(place, []);
  const headings = out.match(/^#### .*$/gm) ?? [];
  assert.equal(
    headings.slice(0, 3),
    ['a-large', 'b-small', 'c-small'].map((key) => `#### acme/web-app/${key}`),
  );
  assert.match(out, /- … and \d{3} more, which `flagstaff diff` prints\n/);
  assert.ok(out.length < 60_000);
});

markdown('nobody is told, nothing linked and no address shown by what people wrote', async (place) => {
  const { repository } = place;
  const before = await repository.git('show', `HEAD:${DARK_MODE}`);
  const person = { ...PERSON, GIT_AUTHOR_NAME: 'ada@example.com' };
  const rules = before.replace('equals: DE', "equals: '@acme/all https://a.example www.a.example #12'");
  await repository.commit({ [DARK_MODE]: `${rules}\n` }, 'rules', person);
  await repository.commit({ [DARK_MODE]: `${rules}\nowner: "@acme/web"\n` }, 'owner', {
    ...PERSON,
    GIT_AUTHOR_NAME: 'Ada #7',
  });
  const out = await diff(place, ['HEAD~2', 'HEAD']);
  assert.not.match(out, 'ada@');
  assert.match(out, '#### acme/web-app/dark-mode by Ada `#7`\n');
  for (const live of ['@acme/all', 'https://a.example', 'www.a.example', '#12', '@acme/web']) {
    assert.match(out, `\`${live}\``);
  }
  assert.not.match(out.replaceAll(/`[^`]*`/g, ''), /@|:\/\/|www|#\d/);
});

markdown('--format json is --json; neither goes with --text', async ({ repository }) => {
  const json = await run(['diff', '--format', 'json'], { cwd: repository.dir });
  assert.equal(json, { code: 0, out: '[]', err: '' });
  for (const words of [
    ['--text', '--format', 'markdown'],
    ['--format', 'yaml'],
  ]) {
    assert.is((await run(['diff', ...words], { cwd: temporaryFolder() })).code, 2);
  }
});

markdown.run();
