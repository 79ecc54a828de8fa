import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseOrgKey } from '../../src/model/keys.js';
import { FileReader } from '../../src/repository/file-reader.js';
import { openRepository } from '../../src/repository/git.js';
import { openPast } from '../../src/repository/past.js';
import { flagFiles } from '../support/flags.js';
import { createRepository } from '../support/git.js';
import { turnsDuring } from '../support/turns.js';

const test = suite('repository/past: turns');
const PROJECT = 'flags/acme/web-app/project.yaml';
const FLAGS = 2_000;
/** They are judged and made anew, at most a hundred in one go. */
const PIECES = (2 * FLAGS) / 100;

test('a commit whose project file reaches every flag gives way to others after each hundred of its flags, at each step (P13)', async () => {
  const flags = Object.fromEntries(Array.from({ length: FLAGS }, (_, number) => [`flag-${number}`, number]));
  const made = await createRepository(flagFiles({ acme: flags }));
  const first = await made.head();
  const second = await made.commit({ [PROJECT]: 'environments: [production, staging]\n' });
  const org = parseOrgKey('acme');
  if (org === undefined) throw new Error('no key');
  const repository = await openRepository(made.dir);
  const reader = new FileReader(repository);
  const past = openPast({ repository, reader, history: { commitAt: () => undefined }, now: () => 0 });
  await past.orgAt(first, org);
  const turns = await turnsDuring(() => past.orgAt(second, org));
  await reader.close();
  assert.ok(turns >= PIECES - 4, `${turns} turns for ${PIECES} pieces`);
});

test.run();
