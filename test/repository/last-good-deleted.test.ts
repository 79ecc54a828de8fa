import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrgKey } from '../../src/model/keys.js';
import type { Flag, OrgSnapshot } from '../../src/model/snapshot.js';
import type { FlagCache } from '../../src/repository/served.js';
import { BROKEN_FLAG, flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository, type Files, type TestRepository } from '../support/git.js';
import { cacheOf, closeCaches } from '../support/served.js';
import { randomFrom } from './random-history.js';

const test = suite('repository/last-good: what was deleted');
test.after.each(closeCaches);

const SEGMENT = 'flags/acme/web-app/segments/beta.yaml';
const BROKEN_SEGMENT = 'include: 7\n';

/** What each flag is served as: its version, and of which versions that is which it needs. */
function answersOf(snapshot: OrgSnapshot | undefined): Readonly<Record<string, string>> {
  const flags = [...(snapshot?.projects.values() ?? [])].flatMap((project) => [...project.flags.values()]);
  return Object.fromEntries(flags.map((flag) => [flag.key, answerOf(flag)]));
}

function answerOf({ file, stale }: Flag): string {
  if (stale === undefined) return String(file.owner);
  const flags = [...stale.home.flags.values()].map((needed) => `${needed.key} ${needed.file.owner}`);
  const segments = [...stale.home.segments.values()].map(
    (needed) => `${needed.key} ${needed.file.description}`,
  );
  return [file.owner, 'stale with', ...flags.sort(), ...segments.sort()].join(' ');
}

/** The same commits, by the server that saw each of them, by one that starts now, and as they were asked for later. */
async function servedBy(made: TestRepository, running: FlagCache) {
  await running.refresh();
  const restarted = await cacheOf(made.dir);
  await restarted.ready;
  const past = await restarted.past.orgAt(await made.head(), 'acme' as OrgKey);
  return {
    running: answersOf(running.orgs.get('acme')?.snapshot),
    restarted: answersOf(restarted.orgs.get('acme')?.snapshot),
    past: answersOf(past?.snapshot),
  };
}

test('a flag that was deleted and comes back broken has no good version from before, after a restart neither (P9)', async () => {
  const using =
    'owner: version-1\nenvironments:\n  production: { enabled: true, segments: [beta], requires: [gone] }\n';
  const made = await createRepository({
    ...flagFiles({ acme: { gone: 1 } }),
    [SEGMENT]: 'description: version-1\nactive: true\n',
    [flagPath('acme', 'other')]: using,
  });
  const running = await cacheOf(made.dir);
  await running.ready;
  await made.commit({ [SEGMENT]: BROKEN_SEGMENT });
  await running.refresh();
  await made.commit({ [flagPath('acme', 'gone')]: null });
  await running.refresh();
  await made.commit({ [flagPath('acme', 'gone')]: BROKEN_FLAG });
  const served = await servedBy(made, running);
  const wanted = { other: 'version-1 stale with gone version-1 other version-1 beta version-1' };
  assert.equal(served, { running: wanted, restarted: wanted, past: wanted });
});

test('whatever is broken, mended and deleted in whatever order, a restart serves what the running server serves (P9)', async () => {
  for (const seed of [1, 2, 3]) {
    const random = randomFrom(seed);
    const made = await createRepository({
      ...flagFiles({ acme: { one: 0, two: 0 } }),
      [SEGMENT]: 'active: true\n',
    });
    const running = await cacheOf(made.dir);
    await running.ready;
    for (let version = 1; version < 9; version += 1) {
      await made.commit(randomFiles(random, version));
      const { running: wanted, restarted, past } = await servedBy(made, running);
      assert.equal(
        { restarted, past },
        { restarted: wanted, past: wanted },
        `seed ${seed}, commit ${version}`,
      );
    }
    await closeCaches();
  }
});

function randomFiles(random: (end: number) => number, version: number): Files {
  const paths = ['one', 'two', 'three'].map((key) => flagPath('acme', key));
  const flag = paths[random(3)] ?? '';
  const uses = ['segments: [beta]', 'requires: [one]', 'requires: [two]', 'requires: [nobody]'][random(4)];
  const texts = [null, BROKEN_FLAG, flagText(version), flagText(version).replace('true', `true, ${uses}`)];
  const segments = [BROKEN_SEGMENT, BROKEN_SEGMENT, `description: version-${version}\nactive: true\n`, null];
  return random(3) === 0 ? { [SEGMENT]: segments[random(4)] ?? null } : { [flag]: texts[random(4)] ?? null };
}

test.run();
