import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hashedContext } from '../../src/http/recording/recorded-context.js';
import { ContextFiles } from '../../src/repository/context-files.js';
import type { ContextPlace } from '../../src/repository/context-folder.js';
import { readOrCreateSecret } from '../../src/repository/secret.js';
import type { TestRepository } from '../support/git.js';
import { committedRepository, DARK_MODE, run } from './run.js';

interface Place {
  repository: TestRepository;
  files: ContextFiles;
  secret: string;
}

const contexts = suite<Place>('flagstaff contexts');
const PRODUCTION = { org: 'acme', project: 'web-app', environment: 'production' } as unknown as ContextPlace;
const OTHER = { ...PRODUCTION, org: 'other' } as unknown as ContextPlace;

contexts.before.each(async (place) => {
  place.repository = await committedRepository();
  const stateDir = join(place.repository.dir, '.git', 'flagstaff');
  place.files = new ContextFiles({ stateDir });
  place.secret = await readOrCreateSecret({ stateDir });
});

/** Records a question of each of them. */
async function record({ files, secret }: Place, place: ContextPlace, people: readonly string[]) {
  const lines = people.map((targetingKey) => {
    const context = hashedContext(
      { plain: { country: 'DE' }, hashed: { targetingKey } },
      { secret, org: place.org },
    );
    return `${JSON.stringify({ ...place, context })}\n`;
  });
  assert.equal(await files.append([{ place, lines }]), []);
}

async function print({ repository }: Pick<Place, 'repository'>, ...words: readonly string[]) {
  const output = new PassThrough();
  const input = new PassThrough();
  const written = text(output);
  const result = await run(['contexts', ...words], { cwd: repository.dir, streams: { input, output } });
  output.end();
  return { ...result, lines: (await written).split('\n').slice(0, -1) };
}

contexts('prints them, as impact reads them', async (place) => {
  await record(place, PRODUCTION, ['u-1', 'u-2']);
  await record(place, OTHER, ['u-1']);
  const { lines, code, err } = await print(place, '--environment', 'production', '--org', 'acme');
  assert.equal([lines.length, code, err], [2, 0, '']);
  const off =
    'environments: { production: { enabled: true, rules: [{ id: de, when: [{ attribute: country, equals: DE }], serve: off }] } }\n';
  await place.repository.commit({ [DARK_MODE]: off });
  const impact = await run(['impact', 'HEAD~1..HEAD', '--contexts', '-', '--json'], {
    cwd: place.repository.dir,
    input: `${lines.join('\n')}\n`,
  });
  assert.match(impact.out, /"moved": 2\b/);
});

contexts('what a crash has torn is left out', async (place) => {
  await record(place, PRODUCTION, ['u-1']);
  const [file] = await place.files.list();
  appendFileSync(file?.path ?? '', '{"org":"ac');
  await record(place, PRODUCTION, ['u-2']);
  assert.is((await print(place)).lines.length, 2);
});

contexts('waits for a slow reader, however much there is', async (place) => {
  for (let round = 0; round < 20; round += 1) {
    await record(
      place,
      PRODUCTION,
      Array.from({ length: 500 }, (_, number) => `u-${round}-${number}`),
    );
  }
  const seen = { most: 0, bytes: 0 };
  const output = new Writable({
    write(chunk, _, done) {
      seen.most = Math.max(seen.most, output.writableLength);
      seen.bytes += chunk.length;
      setImmediate(done);
    },
  });
  const streams = { input: new PassThrough(), output };
  const { code } = await run(['contexts'], { cwd: place.repository.dir, streams });
  await new Promise<void>((fulfil) => output.end(fulfil));
  assert.is(code, 0);
  assert.ok(seen.bytes > 1_000_000, `${seen.bytes}`);
  assert.ok(seen.most < 100_000, `${seen.most} lay before the reader`);
});

contexts('--subject finds whom a value names, and deletes that person alone', async (place) => {
  await record(place, PRODUCTION, ['u-1', 'u-2', 'u-1']);
  await record(place, OTHER, ['u-1']);
  assert.is((await print(place, '--subject', 'u-1')).lines.length, 3);
  const inOrg = await print(place, '--subject', 'u-1', '--org', 'acme', '--delete');
  assert.equal([inOrg.out, inOrg.code], ['2 lines of recorded contexts deleted', 0]);
  assert.is((await print(place)).lines.length, 2);
  const [file] = await place.files.list();
  assert.not.match(readFileSync(file?.path ?? '', 'utf8'), '\n\n');
  assert.is((await print(place, '--subject', 'u-1', '--delete')).out, '1 line of recorded contexts deleted');
  assert.is((await print(place, '--subject', 'u-1', '--delete')).out, '0 lines of recorded contexts deleted');
  assert.is((await print(place)).lines.length, 1);
});

contexts('--subject says that nothing is recorded of somebody, where others are', async (place) => {
  await record(place, PRODUCTION, ['u-1']);
  const nobody = await print(place, '--subject', 'u-9');
  assert.equal(
    [nobody.code, nobody.lines, nobody.err],
    [0, [], 'flagstaff: nothing is recorded there of that subject'],
  );
});

contexts('--delete takes the files, and a name that was mistyped is wrong use', async (place) => {
  await record(place, PRODUCTION, ['u-1']);
  const wrong = await print(place, '--delete', '--environment', 'prodution');
  assert.equal(
    [wrong.code, wrong.err],
    [2, 'flagstaff: no environment is called prodution: there are development, production'],
  );
  assert.is((await print(place, '--delete', '--org', 'acm')).code, 2);
  const none = await print(place, '--delete', '--environment', 'development');
  assert.equal(
    [none.code, none.err],
    [0, 'flagstaff: nothing is recorded there: `recording` in project.yaml says what a server records'],
  );
  assert.is((await print(place, '--delete')).out, '1 file of recorded contexts deleted');
  assert.is((await print(place, '--delete', '--environment', 'production')).code, 0, 'it may be run again');
});

contexts.run();
