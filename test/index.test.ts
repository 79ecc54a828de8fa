import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  closeFlagstaff,
  type Evaluation,
  Failure,
  type Flagstaff,
  type FlagstaffOptions,
  isFeatureEnabled,
  openFlagstaff,
} from '../src/index.js';
import { createRepository, type TestRepository } from './support/git.js';
import { LOADER, moduleOf } from './support/program.js';
import { until } from './support/until.js';

const FLAG = 'flags/acme/web-app/flags/feedback_widget.yaml';

const FILES = {
  'flags/acme/org.yaml': 'name: Acme\n',
  'flags/acme/web-app/project.yaml': 'environments: [development, production]\n',
  [FLAG]: 'environments:\n  production: { enabled: false, segments: [beta-testers] }\n',
  'flags/acme/web-app/overrides/feedback_widget.yaml':
    '- { users: [u-7, marc@example.com] }\n- { companies: [company-9], serve: off }\n',
  'flags/acme/web-app/segments/beta-testers.yaml': 'include: { companies: [company-123, company-9] }\n',
  'flags/acme/web-app/flags/theme.yaml':
    'type: string\nvariants: { on: "true" }\nenvironments:\n  production: { enabled: true }\n',
  'flags/globex/org.yaml': 'name: Globex\n',
  'flags/globex/shop/project.yaml': 'environments: [live]\n',
  'flags/globex/shop/flags/sale.yaml': 'environments:\n  live: { enabled: true }\n',
};

interface Opened {
  repository: TestRepository;
  flagstaff: Flagstaff;
}

const index = suite<Opened>('the package');

index.before.each(async (opened) => {
  opened.repository = await createRepository(FILES);
  opened.flagstaff = await openFlagstaff({ repo: opened.repository.dir });
});

index.after.each(async ({ flagstaff }) => {
  await flagstaff.close();
});

index(
  'an override allows while the switch is off, by user id or by address (002, step 1)',
  ({ flagstaff }) => {
    assert.is(flagstaff.isFeatureEnabled('feedback_widget', { userId: 'u-7' }), true);
    assert.is(flagstaff.isFeatureEnabled('feedback_widget', { email: 'Marc@Example.com' }), true);
  },
);

index(
  'an attached segment allows while the switch is off, but an override comes first (002, step 2)',
  ({ flagstaff }) => {
    assert.is(flagstaff.isFeatureEnabled('feedback_widget', { companyId: 'company-123' }), true);
    assert.is(flagstaff.isFeatureEnabled('feedback_widget', { companyId: 'company-9' }), false);
  },
);

index(
  'the switch decides for everyone else, and a change by the git program is seen (002, step 3)',
  async ({ repository, flagstaff }) => {
    const caller = { companyId: 'company-1', userId: 'u-1', email: 'someone@example.com' };
    assert.is(flagstaff.isFeatureEnabled('feedback_widget', caller), false);
    await repository.commit({ [FLAG]: 'environments:\n  production: { enabled: true }\n' });
    await until(() => flagstaff.isFeatureEnabled('feedback_widget', caller));
  },
);

index('only the value true is enabled: neither a text nor a flag that is not there', ({ flagstaff }) => {
  assert.is(flagstaff.isFeatureEnabled('theme', {}), false);
  assert.is(flagstaff.isFeatureEnabled('no-such-flag'), false);
});

index('a context that is null is none: nobody asks, and nothing is thrown', ({ flagstaff }) => {
  assert.is(flagstaff.isFeatureEnabled('feedback_widget', null), false);
  assert.equal(flagstaff.evaluate('theme', null), flagstaff.evaluate('theme'));
  assert.equal(flagstaff.explain('theme', null).evaluation, flagstaff.evaluate('theme'));
});

index('evaluate and explain give the same answer', ({ flagstaff }) => {
  const evaluation: Evaluation = flagstaff.evaluate('theme', { userId: 'u-1', plan: undefined });
  assert.is(evaluation.kind === 'value' && evaluation.value, 'true');
  assert.equal(flagstaff.explain('theme', { userId: 'u-1' }).evaluation, evaluation);
  assert.equal(flagstaff.evaluate('no-such-flag'), {
    kind: 'missing',
    flagKey: 'no-such-flag',
    errorCode: 'FLAG_NOT_FOUND',
  });
});

index('another organization and environment may be named', async ({ repository }) => {
  const globex = await openFlagstaff({
    repo: repository.dir,
    org: 'globex',
    project: 'shop',
    environment: 'live',
  });
  assert.is(globex.isFeatureEnabled('sale'), true);
  await globex.close();
  const development = await openFlagstaff({ repo: repository.dir, environment: 'development' });
  assert.is(development.isFeatureEnabled('theme'), false);
  await development.close();
});

index('what is not there is a failure that says what', async ({ repository }) => {
  for (const options of [{ org: 'nope' }, { project: 'nope' }, { environment: 'nope' }]) {
    const failure = await openFlagstaff({ repo: repository.dir, ...options }).then(
      (flagstaff) => flagstaff.close(),
      (error: unknown) => error,
    );
    assert.instance(failure, Failure);
    assert.match(String(failure), 'nope');
  }
});

index('files of the work tree count without a commit where they are asked for', async ({ repository }) => {
  const live = await openFlagstaff({ repo: repository.dir, worktree: true });
  repository.write({ [FLAG]: 'environments:\n  production: { enabled: true }\n' });
  await until(() => live.isFeatureEnabled('feedback_widget'));
  await live.close();
});

index(
  'isFeatureEnabled alone opens the repository of FLAGSTAFF_REPO once, and can be closed (002)',
  async ({ repository }) => {
    process.env.FLAGSTAFF_REPO = repository.dir;
    const hasAccess = await isFeatureEnabled('feedback_widget', {
      companyId: 'company-123',
      userId: 'user-456',
      email: 'user@example.com',
    });
    assert.is(hasAccess, true);
    assert.is(await isFeatureEnabled('feedback_widget', { userId: 'user-456' }), false);
    await closeFlagstaff();
  },
);

index(
  'a branch that is not there, and a head that cannot be read, fail the opening',
  async ({ repository }) => {
    const codes: string[] = [];
    const open = (options: Partial<FlagstaffOptions> = {}): Promise<unknown> =>
      openFlagstaff({ repo: repository.dir, ...options }).catch((error: Failure) => codes.push(error.code));
    await open({ branch: 'typo' });
    writeFileSync(join(repository.dir, '.git/refs/heads/main'), '');
    await open();
    assert.equal(codes, ['BRANCH_NOT_FOUND', 'REPOSITORY_DAMAGED']);
  },
);

index('a default instance that failed to open is tried again', async ({ repository }) => {
  process.env.FLAGSTAFF_REPO = '/no/such/folder';
  const failure = await isFeatureEnabled('theme').catch((error: unknown) => error);
  assert.instance(failure, Failure);
  process.env.FLAGSTAFF_REPO = repository.dir;
  assert.is(await isFeatureEnabled('feedback_widget', { userId: 'u-7' }), true);
  await closeFlagstaff();
});

index('the default instance keeps no process alive', ({ repository }) => {
  const program = `const { isFeatureEnabled } = await import(${JSON.stringify(moduleOf('src/index.ts'))});
    console.log(await isFeatureEnabled('feedback_widget', { userId: 'u-7' }));`;
  const words = [...LOADER, '--input-type=module', '-e', program];
  const env = { ...process.env, FLAGSTAFF_REPO: repository.dir };
  const child = spawnSync(process.execPath, words, { encoding: 'utf8', env, timeout: 30_000 });
  assert.equal([child.signal, child.status, child.stdout], [null, 0, 'true\n'], child.stderr);
});

index.run();
