import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceFile } from '../../src/files/loaded.js';
import type { Finding } from '../../src/files/parsed.js';
import { FileReader } from '../../src/repository/file-reader.js';
import { openRepository } from '../../src/repository/git.js';
import { locateFindings, positionedProblems } from '../../src/repository/positions.js';
import { createRepository } from '../support/git.js';

const PATH = 'flags/acme/org.yaml';

test('the line of a finding whose file cannot be read just now is looked for again, and kept once it is known', async () => {
  const clone = await createRepository({ [PATH]: 'name: Acme\nid: org_acme\n' });
  const blob = await clone.git('rev-parse', `HEAD:${PATH}`);
  clone.write({ [PATH]: null });
  const reader = new FileReader(await openRepository(clone.dir));
  const files = [{ path: PATH, blob }] as unknown as readonly SourceFile[];
  const finding: Finding = {
    path: PATH,
    at: ['id'],
    code: 'DUPLICATE_ID',
    severity: 'error',
    message: 'twice',
  };
  const lineOf = (known: Awaited<ReturnType<typeof locateFindings>>) =>
    positionedProblems([finding], files, known).map(({ line }) => line);
  const object = join(clone.dir, '.git/objects', blob.slice(0, 2), blob.slice(2));
  renameSync(object, `${object}-away`);
  const lost = await locateFindings(reader, [finding], files, new Map());
  assert.equal(lineOf(lost), [1]);
  renameSync(`${object}-away`, object);
  const found = await locateFindings(reader, [finding], files, lost);
  assert.equal(lineOf(found), [2]);
  renameSync(object, `${object}-away`);
  assert.equal(lineOf(await locateFindings(reader, [finding], files, found)), [2]);
  await reader.close();
});

test.run();
