import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flagFiles, flagPath, flagText } from '../support/flags.js';
import { createRepository } from '../support/git.js';
import { cacheOf, closeCaches, flagOf, versionOf } from '../support/served.js';

const test = suite('repository/last-good: environments');
test.after.each(closeCaches);

const PROJECT = 'flags/acme/web-app/project.yaml';

test('an environment that flags still name is served on, after a restart too (P9, P11)', async () => {
  const made = await createRepository({
    ...flagFiles({ acme: { one: 1, two: 1 } }),
    [PROJECT]: 'environments: [staging, production]\n',
  });
  const running = await cacheOf(made.dir);
  await running.ready;
  await made.commit({ [PROJECT]: 'environments: [staging]\n' });
  await running.refresh();
  // Who named it is moved, and a flag that was never good without it comes: history has no good version of that one.
  const staging = 'owner: version-3\nenvironments:\n  staging: { enabled: true }\n';
  await made.commit({
    [flagPath('acme', 'one')]: staging,
    [flagPath('acme', 'two')]: staging,
    [flagPath('acme', 'new')]: flagText(2),
  });
  await running.refresh();
  const restarted = await cacheOf(made.dir);
  await restarted.ready;
  for (const cache of [running, restarted]) {
    const project = [...(cache.orgs.get('acme')?.snapshot.projects.values() ?? [])][0];
    assert.ok(project?.environments.some((key) => key === 'production'));
    assert.is(versionOf(cache, 'acme', 'new'), 'version-2');
    assert.is(versionOf(cache, 'acme', 'one'), 'version-3');
    assert.equal(
      cache.orgs.get('acme')?.problems.map(({ path, line, code }) => `${path}:${line} ${code}`),
      [`${PROJECT}:1 UNKNOWN_ENVIRONMENT`],
    );
    assert.is(flagOf(cache, 'acme', 'new')?.stale, undefined);
  }
});

test.run();
