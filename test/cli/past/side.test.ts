import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type OpenPast, withPast } from '../../../src/cli/past/open.js';
import { openSide, openSides, type Side } from '../../../src/cli/past/side.js';
import type { Surroundings } from '../../../src/cli/surroundings.js';
import { committedRepository, DARK_MODE, NOW } from '../run.js';

const GLOBEX = {
  'flags/globex/org.yaml': 'name: Globex\n',
  'flags/globex/shop/project.yaml': 'environments: [live]\n',
};
const OTHER = 'flags/acme/web-app/flags/other.yaml';

/** A repository of which one flag of one organization differs in the work tree. */
async function changed<Result>(use: (opened: OpenPast) => Promise<Result>): Promise<Result> {
  const repository = await committedRepository({ ...GLOBEX, [OTHER]: 'environments: {}\n' });
  repository.write({ [DARK_MODE]: 'environments: { production: { enabled: false } }\n' });
  const around: Pick<Surroundings, 'cwd' | 'env' | 'now'> = { cwd: repository.dir, env: {}, now: () => NOW };
  return withPast(undefined, around as Surroundings, use);
}

function flagsOf({ orgs }: Side): ReadonlyMap<string, unknown> {
  const [acme] = orgs.values();
  const [project] = acme?.snapshot.projects.values() ?? [];
  return project?.flags ?? new Map();
}

test('what is the same on both sides is the same object, in the work tree too', async () => {
  const { before, after } = await changed((opened) =>
    openSides(opened, { before: 'HEAD', after: undefined, now: NOW }),
  );
  assert.is(after.commit, undefined);
  assert.equal(
    [[...before.orgs.keys()], [...after.orgs.keys()]],
    [['acme'], ['acme']],
    'the other does not differ',
  );
  assert.ok(flagsOf(before).get('other') === flagsOf(after).get('other'));
  assert.not.ok(flagsOf(before).get('dark-mode') === flagsOf(after).get('dark-mode'));
  const [acme] = after.orgs.values();
  assert.equal([...(acme?.projects.keys() ?? [])], ['web-app']);
});

test('one side alone has every organization, under a short name where a whole id was given', async () => {
  const { side, head } = await changed(async (opened) => {
    const head = opened.head ?? '';
    return { head, side: await openSide(opened, { revision: head, now: NOW }) };
  });
  assert.equal([...side.orgs.keys()], ['acme', 'globex']);
  assert.is(side.commit, head);
});

test('a file that is broken in the work tree has its last good version', async () => {
  const repository = await committedRepository();
  repository.write({ [DARK_MODE]: 'environments: [\n' });
  const around: Pick<Surroundings, 'cwd' | 'env' | 'now'> = { cwd: repository.dir, env: {}, now: () => NOW };
  const side = await withPast(undefined, around as Surroundings, (opened) =>
    openSide(opened, { revision: undefined, now: NOW }),
  );
  const [acme] = side.orgs.values();
  assert.is(acme?.staleFlags, 1, 'it is told as stale');
  assert.ok(flagsOf(side).has('dark-mode'));
});

test.run();
