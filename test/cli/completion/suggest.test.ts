import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandsFor } from '../../../src/cli/program.js';
import { committedRepository, flagsRepository, run } from '../run.js';

/** What may stand in place of the last word, without what is said of it. */
async function complete(words: readonly string[], cwd = flagsRepository()): Promise<readonly string[]> {
  const { code, out, err } = await run(['complete', '--', ...words], { cwd });
  assert.equal([code, err], [0, '']);
  return out.split('\n').map((line) => line.split('\t')[0] ?? '');
}

test('commands are completed, with what they do behind a tab', async () => {
  const { out } = await run(['complete', '--', 'val']);
  assert.match(out, /^validate\tcheck every file/);
  assert.ok((await complete([''])).includes('kill'));
  assert.not((await complete([''])).includes('complete'), 'what only shells ask is not offered');
  assert.equal(await complete(['help', 'dif']), ['diff']);
});

test('options are completed, those that are given already no more', async () => {
  assert.ok((await complete(['list', '--'])).includes('--environment'));
  assert.not((await complete(['list', '--json', '--'])).includes('--json'));
  assert.equal(await complete(['list', '--proj']), ['--project']);
});

test('the choices of an option are completed, whichever way it is written', async () => {
  assert.equal(await complete(['validate', '--format', 'te']), ['text']);
  assert.equal(await complete(['validate', '--format=te']), ['--format=text']);
  assert.equal(await complete(['validate', '--format', '=', 'te']), ['text'], 'as bash splits words');
  assert.equal(await complete(['completion', 'z']), ['zsh']);
});

test('flags, organizations, projects and environments are completed from the files', async () => {
  const folder = flagsRepository({
    'flags/globex/portal/project.yaml': 'environments: [staging]\n',
    'flags/globex/portal/flags/dark-side.yaml': 'environments: {}\n',
  });
  assert.equal(await complete(['evaluate', 'dark'], folder), ['dark-mode', 'dark-side']);
  assert.equal(await complete(['evaluate', '--org', 'globex', 'dark'], folder), ['dark-side']);
  assert.equal(await complete(['list', '--org', ''], folder), ['acme', 'globex']);
  assert.equal(await complete(['list', '--project', 'p'], folder), ['portal']);
  assert.equal(await complete(['list', '--environment', 's'], folder), ['staging']);
  assert.equal(await complete(['evaluate', '--repo', folder, 'dark-s'], '/'), ['dark-side']);
});

test('branches and tags are completed where a revision stands', async () => {
  const repository = await committedRepository();
  await repository.git('tag', 'v1.4');
  assert.equal(await complete(['diff', ''], repository.dir), ['HEAD', 'main', 'v1.4']);
  assert.equal(await complete(['evaluate', 'dark-mode', '--at', 'v'], repository.dir), ['v1.4']);
});

test('behind the dots of a range stands a revision too', async () => {
  const repository = await committedRepository();
  assert.equal(await complete(['diff', 'main..'], repository.dir), ['main..HEAD', 'main..main']);
  assert.equal(await complete(['impact', 'HEAD...m'], repository.dir), ['HEAD...main']);
  assert.equal(await complete(['evaluate', 'dark-mode', '--at', 'main..'], repository.dir), ['']);
});

test('codes of checks are completed, where no repository is too', async () => {
  assert.equal(await complete(['checks', 'UNREA'], '/'), ['UNREACHABLE']);
});

test('only what is typed is loaded: a command, or all of them for a name', () => {
  assert.equal(commandsFor(['complete', '--', 'diff', '']), ['complete', 'diff']);
  assert.equal(commandsFor(['complete', '--', 'diff', 'kill']), ['complete', 'diff']);
  assert.equal(commandsFor(['list', '--json']), ['list']);
  for (const words of [
    ['complete', '--', 'di'],
    ['complete', '--', 'help', 'di'],
    ['--help'],
    ['toString'],
    [],
  ])
    assert.ok(commandsFor(words).length > 20, words.join(' '));
});

test('where a file or a text stands nothing is offered, and nothing fails', async () => {
  assert.equal(await complete(['validate', '--repo', '']), ['']);
  assert.equal(await complete(['nonsense', 'x']), ['']);
  assert.equal(await complete(['evaluate', ''], '/'), [''], 'no repository');
  assert.equal(await complete(['diff', '']), [''], 'no git');
});

test.run();
