import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TestRepository } from '../support/git.js';
import { committedRepository, DARK_MODE, PERSON, run } from './run.js';

interface Place {
  repository: TestRepository;
}

const blame = suite<Place>('flagstaff blame');

blame.before(async (place) => {
  const repository = await committedRepository();
  place.repository = repository;
  const text = await repository.git('show', `HEAD:${DARK_MODE}`);
  await repository.commit({ [DARK_MODE]: `${text.replace('equals: DE', 'in: [DE, AT]')}\n` }, 'Austria too', {
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: '2026-01-15T10:00:00Z',
    GIT_COMMITTER_DATE: '2026-01-15T10:00:00Z',
  });
  const words = ['kill', 'dark-mode', '--reason', 'it is too bright', '--environment', 'development'];
  assert.is((await run(words, { cwd: repository.dir, env: PERSON })).code, 0);
});

function flagstaff({ repository }: Place, ...words: readonly string[]) {
  return run(['blame', ...words], { cwd: repository.dir });
}

blame('each part with its last commit, who and why, in aligned columns', async (place) => {
  const { code, out, err } = await flagstaff(place, 'dark-mode');
  assert.equal([code, err], [0, '']);
  const lines = out.split('\n');
  const rule = lines.find((line) => line.includes('rule germans')) ?? '';
  const id = await place.repository.git('rev-parse', '--short=7', 'HEAD~1');
  assert.match(rule, `${id}  2026-01-15T10:00:00Z  Ada   production   `);
  assert.match(rule, /Austria too$/);
  const killed = lines.find((line) => line.includes('killed')) ?? '';
  assert.match(killed, /^[0-9a-f]{7} .* Ada +development +.*killed.* it is too bright$/);
  const starts = lines.filter((line) => line.endsWith('start'));
  assert.ok(starts.length > 1, out);
  assert.is(new Set(starts.map((line) => line.lastIndexOf('start'))).size, 1, out);
});

blame('--environment leaves only what is about it; one that is not there is wrong use', async (place) => {
  const { out } = await flagstaff(place, 'dark-mode', '--environment', 'development');
  assert.ok(
    out.split('\n').every((line) => line.includes('  development  ')),
    out,
  );
  const wrong = await flagstaff(place, 'dark-mode', '--environment', 'dev');
  assert.equal(wrong, {
    code: 2,
    out: '',
    err: 'flagstaff: no environment of acme/web-app is called dev: there are development, production',
  });
});

blame('--json is the same as data', async (place) => {
  const lines = JSON.parse((await flagstaff(place, 'dark-mode', '--json')).out);
  const rule = lines.find(({ part }: { part: { kind: string } }) => part.kind === 'rule');
  const { sentence, ...told } = rule;
  assert.match(sentence, 'germans');
  assert.equal(told, {
    environment: 'production',
    part: { kind: 'rule', id: 'germans' },
    commit: await place.repository.git('rev-parse', 'HEAD~1'),
    date: '2026-01-15T10:00:00Z',
    author: { name: 'Ada', email: 'ada@example.com' },
    subject: 'Austria too',
    body: '',
    reason: null,
    force: null,
    isCutOff: false,
    mergedBy: null,
  });
  assert.ok(lines.some(({ environment }: { environment: string | null }) => environment === null));
});

blame('a flag that is not there is wrong use, with the nearest one', async (place) => {
  assert.equal(await flagstaff(place, 'dark-mod'), {
    code: 2,
    out: '',
    err: 'flagstaff: acme/web-app has no flag dark-mod (did you mean dark-mode?)',
  });
});

blame.run();
