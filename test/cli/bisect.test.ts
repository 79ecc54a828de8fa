import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../support/git.js';
import { committedRepository, DARK_MODE, PERSON, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const bisect = suite<Place>('flagstaff bisect');
const PROJECT = 'flags/acme/web-app';
const BETA = `${PROJECT}/segments/beta.yaml`;
const INNER = `${PROJECT}/segments/inner.yaml`;
const LAYOUT = `${PROJECT}/flags/layout.yaml`;
const GERMAN = '{"targetingKey":"u-1","country":"DE"}';
const JANUARY = { GIT_AUTHOR_DATE: '2026-01-15T10:00:00Z', GIT_COMMITTER_DATE: '2026-01-15T10:00:00Z' };

bisect.before.each(async (place) => {
  place.repository = await committedRepository({
    [LAYOUT]: 'environments: { production: { enabled: true } }\n',
    [INNER]: 'include: { users: [u-5] }\n',
    [BETA]: 'when: [{ segment: inner }]\n',
  });
});

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(['bisect', '--flag', 'dark-mode', ...words], { cwd: repository.dir });
}

async function edited({ repository }: Place, from: string, to: string): Promise<string> {
  const text = await repository.git('show', `HEAD:${DARK_MODE}`);
  assert.ok(text.includes(from), from);
  return `${text.replace(from, to)}\n`;
}

bisect('names the commit, its author and what it did, and both answers', async (place) => {
  const { repository } = place;
  await repository.commit({ [LAYOUT]: 'environments: { production: { enabled: false } }\n' }, 'no layout');
  const text = await edited(place, 'equals: DE', 'in: [AT]');
  const culprit = await repository.commit({ [DARK_MODE]: text }, 'Austria only', { ...PERSON, ...JANUARY });
  await repository.commit({ [INNER]: 'include: { users: [u-6] }\n' }, 'somebody else');
  const words = ['--context', GERMAN, '--expect', 'on'];
  assert.equal(await flagstaff(place, ...words), {
    code: 0,
    err: '',
    out: `${culprit.slice(0, 7)}  2026-01-15T10:00:00Z  Ada <ada@example.com>
    Austria only
      production: rule germans: country equals DE → country in AT

acme/web-app/dark-mode in production: on (rule germans) → off (DEFAULT)`,
  });
  assert.is((await flagstaff(place, ...words, '--exit-code')).code, 1);
});

bisect('the newest commit that ended it, where the answer changed several times', async (place) => {
  const { repository } = place;
  const text = await repository.git('show', `HEAD:${DARK_MODE}`);
  const kill = text.replace('enabled: true\n', 'enabled: true\n    killed: true\n');
  const kills: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    kills.push(await repository.commit({ [DARK_MODE]: `${kill}\n` }, `kill ${round}`));
    if (round < 2) await repository.commit({ [DARK_MODE]: `${text}\n` }, `unkill ${round}`);
  }
  const json = async (...words: readonly string[]) =>
    JSON.parse((await flagstaff(place, '--context', GERMAN, '--json', ...words)).out);
  assert.is((await json('--expect', 'true')).commit, kills[2]);
  const unkilled = await json('--expect', 'true', '--to', `${kills[2]}~1`);
  assert.equal(
    [unkilled.outcome, unkilled.found, unkilled.at],
    ['still', false, await repository.git('rev-parse', 'HEAD~1')],
  );
  assert.is((await json('--expect', 'off')).outcome, 'still');
  assert.is((await json('--expect', 'off', '--to', 'HEAD~1')).subject, 'unkill 1');
});

bisect('finds what another file did: a nested segment, a required flag, an override', async (place) => {
  const { repository } = place;
  const text = await edited(
    place,
    'enabled: true\n    rules',
    'enabled: true\n    segments: [beta]\n    requires: [layout]\n    rules',
  );
  await repository.commit({ [DARK_MODE]: text }, 'segments');
  await repository.commit({ [INNER]: 'include: { users: [u-6] }\n' }, 'u-5 leaves');
  await repository.commit(
    { [LAYOUT]: 'environments: { production: { enabled: true, killed: true } }\n' },
    'no layout',
  );
  await repository.commit({ [`${PROJECT}/overrides/dark-mode.yaml`]: null }, 'no overrides');
  const foundFor = async (context: string) => {
    const { out } = await flagstaff(place, '--context', context, '--expect', 'on', '--json');
    const { subject, loadedCommits } = JSON.parse(out);
    return [subject, loadedCommits];
  };
  assert.equal(await foundFor('{"targetingKey":"u-5"}'), ['u-5 leaves', 4]);
  assert.equal(await foundFor(GERMAN), ['no layout', 3]);
  assert.equal(await foundFor('{"userId":"u-7"}'), ['no overrides', 2]);
});

bisect('loads only commits that touch what the flag asks', async (place) => {
  const { repository } = place;
  for (let round = 0; round < 5; round += 1) {
    await repository.commit({ [LAYOUT]: `description: ${round}\nenvironments: {}\n` }, `other ${round}`);
  }
  await repository.commit({ [DARK_MODE]: await edited(place, 'equals: DE', 'equals: AT') }, 'Austria');
  for (let round = 5; round < 9; round += 1) {
    await repository.commit({ [LAYOUT]: `description: ${round}\nenvironments: {}\n` }, `other ${round}`);
  }
  const { out } = await flagstaff(place, '--context', GERMAN, '--expect', 'on', '--json');
  assert.equal([JSON.parse(out).subject, JSON.parse(out).loadedCommits], ['Austria', 3]);
});

bisect('of a merge it is the commit that was merged', async (place) => {
  const { repository } = place;
  await repository.git('checkout', '--quiet', '-b', 'side');
  await repository.commit({ [INNER]: 'include: { users: [u-6] }\n' }, 'nothing to do with it');
  const culprit = await repository.commit(
    { [DARK_MODE]: await edited(place, 'equals: DE', 'equals: AT') },
    'Austria',
  );
  await repository.commit({ [DARK_MODE]: await edited(place, 'Dark theme', 'Darkness') }, 'words');
  await repository.git('checkout', '--quiet', 'main');
  await repository.git('merge', '--quiet', '--no-ff', '--message', 'Merge side', 'side');
  const { out } = await flagstaff(place, '--context', GERMAN, '--expect', 'on', '--json');
  const { commit, mergedBy, sentences } = JSON.parse(out);
  assert.equal([commit, mergedBy.subject], [culprit, 'Merge side']);
  assert.match(sentences.join(), 'rule germans');
  const text = await flagstaff(place, '--context', GERMAN, '--expect', 'on');
  assert.match(text.out, `    merged by ${(await repository.head()).slice(0, 7)}\n`);
});

bisect(
  'a file that is broken ends nothing, and a flag of the same name in other letters does',
  async (place) => {
    const { repository } = place;
    await repository.commit({ [DARK_MODE]: 'environments: [\n' }, 'broken');
    const words = ['--context', GERMAN, '--expect', 'on'];
    assert.match(
      (await flagstaff(place, ...words)).out,
      /^acme\/web-app\/dark-mode in production still answers on at [0-9a-f]{7}: no commit ended it$/,
    );
    await repository.commit({ [DARK_MODE]: null }, 'away');
    assert.match(
      (await flagstaff(place, ...words)).out,
      /^ {4}away\n[\s\S]*: on \(rule germans\) → no flag$/m,
    );
  },
);

bisect('finds the commit that let a change of another one take effect', async (place) => {
  const { repository } = place;
  await repository.commit({ [LAYOUT]: 'id: same\nenvironments: {}\n' }, 'an id');
  const text = await edited(place, 'equals: DE', 'equals: AT');
  await repository.commit({ [DARK_MODE]: `id: same\n${text}` }, 'in vain: the id is taken');
  await repository.commit({ [INNER]: 'include: { users: [u-6] }\n' }, 'something else');
  await repository.commit({ [LAYOUT]: 'environments: {}\n' }, 'the id is free');
  await repository.commit({ [INNER]: 'include: { users: [u-7] }\n' }, 'something else');
  const { out } = await flagstaff(place, '--context', GERMAN, '--expect', 'on', '--json');
  const { subject, sentences } = JSON.parse(out);
  assert.equal([subject, sentences.length], ['the id is free', 1]);
});

bisect('agrees with asking every commit, on random histories', async ({ repository }) => {
  const random = randomFrom(20_261_122);
  const pick = (texts: readonly string[]): string => texts[Math.floor(random() * texts.length)] ?? '';
  for (let round = 0; round < 16; round += 1) {
    const states = [
      '{ enabled: true, segments: [beta] }',
      '{ enabled: true, requires: [layout] }',
      '{ enabled: true }',
      '{ enabled: false }',
    ];
    const choices = [
      { [DARK_MODE]: `description: ${round}\nenvironments: { production: ${pick(states)} }\n` },
      { [LAYOUT]: `description: ${round}\nenvironments: { production: { enabled: ${random() < 0.5} } }\n` },
      { [INNER]: `description: ${round}\ninclude: { users: [u-${random() < 0.5 ? 1 : 5}] }\n` },
      {
        [`${PROJECT}/overrides/dark-mode.yaml`]:
          random() < 0.5 ? null : `- { users: [u-1], serve: off } # ${round}\n`,
      },
    ];
    await repository.commit(choices[Math.floor(random() * choices.length)] ?? {}, `change ${round}`);
  }
  const commits = (await repository.git('rev-list', '--first-parent', 'HEAD')).split('\n');
  const answers: string[] = [];
  for (const commit of commits) {
    const words = ['evaluate', 'dark-mode', '--context', GERMAN, '--at', commit, '--json'];
    answers.push(JSON.parse((await run(words, { cwd: repository.dir })).out).variant);
  }
  for (let at = 0; at < commits.length; at += 3) {
    const end = answers.findIndex(
      (answer, place) => place >= at && answer !== 'on' && answers[place + 1] === 'on',
    );
    const found = await run(
      [
        'bisect',
        '--flag',
        'dark-mode',
        '--context',
        GERMAN,
        '--expect',
        'on',
        '--to',
        commits[at] ?? '',
        '--json',
      ],
      { cwd: repository.dir },
    );
    const expected = answers[at] === 'on' ? undefined : commits[end];
    assert.is(JSON.parse(found.out).commit, expected, `to ${commits[at]}: ${answers.join(' ')}`);
  }
});

/** Numbers from 0 to 1 that are the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

bisect('says so where it never was the answer, within --from too', async (place) => {
  const { repository } = place;
  const start = await repository.head();
  await repository.commit({ [DARK_MODE]: await edited(place, 'equals: DE', 'equals: AT') }, 'Austria');
  const after = await repository.head();
  const never = await flagstaff(place, '--context', '{}', '--expect', 'on', '--exit-code');
  assert.is(never.code, 0);
  assert.match(
    never.out,
    /^acme\/web-app\/dark-mode in production never answered on: it is off \(DEFAULT\) at [0-9a-f]{7} \(2 commits loaded\)$/,
  );
  const since = await flagstaff(place, '--context', GERMAN, '--expect', 'on', '--from', after);
  assert.match(since.out, `never answered on since ${after.slice(0, 7)}: it is off`);
  assert.match(
    (await flagstaff(place, '--context', GERMAN, '--expect', 'on', '--from', start)).out,
    'Austria',
  );
});

bisect('the clock is told from a commit', async (place) => {
  await place.repository.commit(
    { [`${PROJECT}/overrides/dark-mode.yaml`]: '- { users: [u-9], until: 2026-02-01 }\n' },
    'until',
    JANUARY,
  );
  const words = ['--context', '{"targetingKey":"u-9"}', '--expect', 'on'];
  assert.match(
    (await flagstaff(place, ...words)).out,
    /never answered on.*\nAt the time of [0-9a-f]{7} it did: the clock ended it/,
  );
  assert.match((await flagstaff(place, ...words, '--now', '2026-01-20T00:00:00Z')).out, 'still answers on');
});

bisect('another branch has its own history', async (place) => {
  const { repository } = place;
  await repository.git('checkout', '--quiet', '-b', 'side');
  await repository.commit({ [DARK_MODE]: await edited(place, 'equals: DE', 'equals: AT') }, 'Austria');
  await repository.git('checkout', '--quiet', 'main');
  const words = ['--context', GERMAN, '--expect', 'on'];
  assert.match((await flagstaff(place, ...words)).out, 'still answers on');
  assert.match((await flagstaff(place, ...words, '--to', 'side')).out, '    Austria\n');
  const wrong = await flagstaff(place, ...words, '--from', 'side');
  assert.equal([wrong.code, wrong.err], [2, 'flagstaff: --from side: is none of the first parents of HEAD']);
});

bisect.run();
