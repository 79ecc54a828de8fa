import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { committedRepository, PERSON, type RunResult, run } from './run.js';

/** What a command line printed, as JSON and nothing else. */
function parsed({ out, err }: RunResult): unknown {
  assert.is(err, '');
  return JSON.parse(out);
}

test('commands that write print the commit as JSON', async () => {
  const repository = await committedRepository();
  const place = { cwd: repository.dir, env: PERSON };
  const kill = ['kill', 'dark-mode', '--reason', 'orders are lost', '--json'];
  const killed = parsed(await run(kill, place));
  const commit = (await repository.git('rev-parse', 'HEAD')).trim();
  const subject = 'acme/web-app: kill dark-mode in production';
  assert.equal(killed, { commit, changed: true, subject });
  assert.equal(parsed(await run(kill, place)), { commit, changed: false, subject });
  const dry = parsed(await run(['revert', commit, '--dry-run', '--json'], place));
  assert.is((dry as { changed: boolean }).changed, true);
  const reverted = parsed(await run(['revert', commit, '--reason', 'they arrive', '--json'], place));
  assert.is((reverted as { changed: boolean }).changed, true);
});

test('create and token print what they made as JSON', async () => {
  const { dir: cwd } = await committedRepository();
  const created = parsed(await run(['create', 'new-menu', '--json'], { cwd }));
  assert.equal(created, {
    path: 'flags/acme/web-app/flags/new-menu.yaml',
    text: 'environments:\n  development: { enabled: false }\n  production: { enabled: false }\n',
  });
  const { token } = parsed(await run(['token', '--sub', 'ci', '--json'], { cwd })) as { token: string };
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test.run();
