import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFile } from '../../src/files/parse.js';
import { FileReader } from '../../src/repository/file-reader.js';
import { openRepository } from '../../src/repository/git.js';
import { blobId } from '../../src/repository/loose-object.js';
import type { FileRequest } from '../../src/repository/reading-task.js';
import { BROKEN_FLAG, flagPath, flagText } from '../support/flags.js';
import { createRepository, type TestRepository } from '../support/git.js';

const test = suite('repository/file-reader');

const MANY = 200;

function requestOf(index: number, text: string): FileRequest {
  return { kind: 'flag', blob: blobId(Buffer.from(text)), path: flagPath('acme', `flag-${index}`) };
}

async function withReader(made: TestRepository, use: (reader: FileReader) => Promise<void>): Promise<void> {
  const reader = new FileReader(await openRepository(made.dir));
  try {
    await use(reader);
  } finally {
    await reader.close();
  }
}

const texts = Array.from({ length: MANY }, (_, index) => (index % 7 === 3 ? BROKEN_FLAG : flagText(index)));
const files = Object.fromEntries(texts.map((text, index) => [flagPath('acme', `flag-${index}`), text]));
const requests = texts.map((text, index) => requestOf(index, text));
const expected = texts.map((text) => JSON.stringify(parseFile('flag', Buffer.from(text))));

test('many files parse in workers to what one file parses to, in the order of the question (DESIGN 5)', async () => {
  const made = await createRepository(files);
  await withReader(made, async (reader) => {
    const results = await reader.parse(requests);
    assert.equal(
      results.map(({ parsed }) => JSON.stringify(parsed)),
      expected,
    );
  });
});

test('where the work tree has other bytes, workers read the objects, loose and packed (DESIGN 5)', async () => {
  const made = await createRepository(files);
  made.write({ 'flags/acme/web-app': null });
  for (const isPacked of [false, true]) {
    if (isPacked) await made.git('gc', '--quiet', '--prune=now');
    await withReader(made, async (reader) => {
      const results = await reader.parse(requests);
      assert.equal(
        results.map(({ parsed }) => JSON.stringify(parsed)),
        expected,
      );
    });
  }
});

test('an object that is lost is one unreadable file among many', async () => {
  const made = await createRepository(files);
  made.write({ 'flags/acme/web-app': null });
  const lost = requests[5]?.blob ?? '';
  rmSync(join(made.dir, '.git/objects', lost.slice(0, 2), lost.slice(2)));
  await withReader(made, async (reader) => {
    const results = await reader.parse(requests);
    assert.equal(
      results.flatMap(({ isReadable }, index) => (isReadable ? [] : [index])),
      [5],
    );
    assert.is(results[5]?.parsed.problems[0]?.code, 'MISSING_FILE');
    assert.equal(results[6]?.parsed.value, {
      owner: 'version-6',
      environments: { production: { enabled: true } },
    });
  });
});

test('one large file is parsed in a worker, from the work tree and from git', async () => {
  const users = Array.from({ length: 9_000 }, (_, index) => `u-${index}`);
  const text = `- { users: [${users.join(', ')}], reason: many }\n`;
  assert.ok(text.length > 64 * 1024);
  const path = 'flags/acme/web-app/overrides/one.yaml';
  const made = await createRepository({ [path]: text });
  const request = { kind: 'overrides', blob: blobId(Buffer.from(text)), path } as const;
  for (const isCheckedOut of [true, false]) {
    if (!isCheckedOut) made.write({ [path]: null });
    await withReader(made, async (reader) => {
      const [result] = await reader.parse([request]);
      assert.equal(result?.parsed.value, [{ users, reason: 'many' }]);
    });
  }
});

test('a file above 8 KiB is parsed in a worker, so that nobody waits for it; a small one is not (DESIGN 5)', async () => {
  for (const [bytes, workers] of [
    [4 * 1024, 0],
    [9 * 1024, 1],
  ] as const) {
    const text = `${flagText(1)}# ${'x'.repeat(bytes)}\n`;
    const made = await createRepository({ [flagPath('acme', 'flag-0')]: text });
    let started = 0;
    const count = () => {
      started += 1;
    };
    process.on('worker', count);
    await withReader(made, async (reader) => {
      const [result] = await reader.parse([requestOf(0, text)]);
      assert.ok(result?.isReadable);
    });
    process.off('worker', count);
    assert.is(started, workers, `${bytes} bytes`);
  }
});

test('a named pipe where a file was is not waited for: git has the bytes', async () => {
  const made = await createRepository({ [flagPath('acme', 'flag-0')]: flagText(1) });
  made.write({ [flagPath('acme', 'flag-0')]: null });
  execFileSync('mkfifo', [join(made.dir, flagPath('acme', 'flag-0'))]);
  await withReader(made, async (reader) => {
    const [result] = await reader.parse([requestOf(0, flagText(1))]);
    assert.equal(result?.parsed.value, {
      owner: 'version-1',
      environments: { production: { enabled: true } },
    });
  });
});

test('places are located the same here and in workers', async () => {
  const made = await createRepository(files);
  const wanted = requests.map(({ path, blob }) => ({
    path,
    blob,
    places: [['environments', 'production'], ['owner']],
  }));
  await withReader(made, async (reader) => {
    const few = await reader.locate(wanted.slice(0, 3));
    const many = await reader.locate(wanted);
    assert.is(few[0]?.[0]?.line, 3);
    assert.equal(many.slice(0, 3), few);
    assert.is(many.length, MANY);
  });
});

test('closing ends what runs', async () => {
  const made = await createRepository(files);
  const reader = new FileReader(await openRepository(made.dir));
  const parsing = reader.parse(requests).then(
    () => 'parsed',
    () => 'ended',
  );
  await reader.close();
  assert.is(await parsing, 'ended');
});

test.run();
