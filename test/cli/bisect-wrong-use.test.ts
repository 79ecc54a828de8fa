import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../support/git.js';
import { committedRepository, DARK_MODE, run, SMALL } from './run.js';

interface Place {
  repository: TestRepository;
}

const bisect = suite<Place>('flagstaff bisect, used wrongly');
const GERMAN = '{"targetingKey":"u-1","country":"DE"}';

bisect.before.each(async (place) => {
  place.repository = await committedRepository();
});

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(['bisect', '--flag', 'dark-mode', ...words], { cwd: repository.dir });
}

bisect(
  'an answer that the flag never had is wrong use, with the nearest; one that it had once is none',
  async (place) => {
    const { repository } = place;
    const words = ['--context', '{}', '--expect'];
    for (const [expected, hint] of [
      ['blue', 'there are on, off'],
      ['offf', 'did you mean off?'],
      ['"true"', 'did you mean true?'],
    ] as const) {
      const wrong = await flagstaff(place, ...words, expected);
      const sentence = `--expect ${expected}: dark-mode has had no such variant or value (${hint})`;
      assert.equal(wrong, { code: 2, out: '', err: `flagstaff: ${sentence}` });
    }
    const text = await repository.git('show', `HEAD:${DARK_MODE}`);
    const blue = `${text}\nvariants: { on: true, off: false, blue: true }\n`;
    const had = await repository.commit({ [DARK_MODE]: blue }, 'blue');
    await repository.commit({ [DARK_MODE]: `${text}\n` }, 'no blue');
    await repository.commit({ [DARK_MODE]: `${text}\n# again\n` }, 'again');
    assert.match((await flagstaff(place, ...words, 'blue')).out, 'never answered blue: it is off');
    assert.match((await flagstaff(place, ...words, 'null')).out, 'never answered null: it is off');
    assert.match((await flagstaff(place, ...words, 'blue', '--from', had)).out, 'never answered blue since');
    const later = await flagstaff(place, ...words, 'blue', '--from', 'HEAD~1');
    assert.is(later.code, 2);
    assert.match(later.err, /had no such variant or value since [0-9a-f]{7} \(there are on, off\)$/);
  },
);

bisect('--from that is newer than --to is wrong use', async (place) => {
  await place.repository.commit(
    { [DARK_MODE]: SMALL[DARK_MODE].replace('equals: DE', 'equals: AT') },
    'Austria',
  );
  const words = ['--context', GERMAN, '--expect', 'off', '--from', 'HEAD', '--to', 'HEAD~1'];
  assert.equal(await flagstaff(place, ...words), {
    code: 2,
    out: '',
    err: 'flagstaff: --from HEAD: is newer than --to HEAD~1, and the oldest commit that counts was wanted',
  });
  const same = await flagstaff(place, ...words.slice(0, 4), '--from', 'HEAD', '--to', 'HEAD');
  assert.match(same.out, 'still answers off');
});

bisect('what is not there, and what is left out, is wrong use', async (place) => {
  const { repository } = place;
  for (const [words, error] of [
    [
      ['--context', '{}', '--expect', 'on', '--environment', 'dev'],
      /no environment of acme\/web-app is called dev/,
    ],
    [['--context', '[]', '--expect', 'on'], /--context: wanted a JSON object/],
    [['--context', '{}', '--expect', 'on', '--to', 'nope'], /revision nope/],
    [['--context', '{}'], /--expect/],
  ] as const) {
    const { code, out, err } = await flagstaff(place, ...words);
    assert.equal([code, out], [2, ''], words.join(' '));
    assert.match(err, error);
  }
  const unknown = ['bisect', '--flag', 'dark-mod', '--context', '{}', '--expect', 'on'];
  const { code, err } = await run(unknown, { cwd: repository.dir });
  assert.equal([code, err], [2, 'flagstaff: acme/web-app has no flag dark-mod (did you mean dark-mode?)']);
});

bisect.run();
