import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SNIPPETS } from '../../src/cli/init/snippets.js';
import { gitEnvironment, repositoryAt, temporaryFolder } from '../support/git.js';
import { DARK_MODE, flagsRepository, run, writeFiles } from './run.js';

Object.assign(process.env, gitEnvironment());

function textAt(folder: string, name: string): string {
  return readFileSync(path.join(folder, name), 'utf8');
}

test('every file of a new repository names its schema, and that schema is there', async () => {
  const folder = temporaryFolder();
  const { out } = await run(['init'], { cwd: folder });
  const files = out.split('\n').flatMap((line) => /^wrote (.*\.yaml)$/.exec(line)?.[1] ?? []);
  assert.is(files.length, 6);
  for (const file of files) {
    const schema = /^# yaml-language-server: \$schema=(\S+)\n/.exec(textAt(folder, file))?.[1] ?? '';
    assert.ok(existsSync(path.resolve(folder, path.dirname(file), schema)), file);
  }
});

test('init --editor adds what a flags repository has not, says so, and then finds nothing to add', async () => {
  const folder = flagsRepository();
  const before = textAt(folder, DARK_MODE);
  const { code, out } = await run(['init', '--editor'], { cwd: folder });
  assert.is(code, 0);
  for (const name of ['settings.json', 'extensions.json', 'tasks.json', 'flagstaff.code-snippets']) {
    assert.match(out, `wrote .vscode/${name}`);
  }
  assert.match(out, 'wrote schemas/flag.json');
  assert.match(out, 'added the line that names the schema to 5 files');
  assert.is(
    textAt(folder, DARK_MODE),
    `# yaml-language-server: $schema=../../../../schemas/flag.json\n${before}`,
  );
  assert.not(existsSync(path.join(folder, '.github')));
  const valid = await run(['validate', '--strict'], { cwd: folder });
  assert.is(valid.code, 0, valid.out);
  const again = await run(['init', '--editor', folder]);
  assert.equal(again, { code: 0, out: 'nothing was missing', err: '' });
});

test('init --editor keeps what settings say, and adds what they do not', async () => {
  const folder = flagsRepository({
    '.vscode/settings.json': '{"editor.tabSize":4,"yaml.schemas":{"schemas/flag.json":"mine.yaml"}}',
    '.vscode/extensions.json': '{"recommendations":["someone.else"]}',
    '.vscode/tasks.json': '{"tasks":[{"label":"flagstaff dev","command":"mine"}]}',
  });
  const { out } = await run(['init', '--editor'], { cwd: folder });
  assert.match(out, 'added to .vscode/settings.json');
  const settings = JSON.parse(textAt(folder, '.vscode/settings.json'));
  assert.is(settings['editor.tabSize'], 4);
  assert.is(settings['yaml.schemas']['schemas/flag.json'], 'mine.yaml');
  assert.is(settings['yaml.schemas']['schemas/org.json'], 'flags/*/org.yaml');
  const { recommendations } = JSON.parse(textAt(folder, '.vscode/extensions.json'));
  assert.equal(recommendations, ['someone.else', 'redhat.vscode-yaml']);
  const { tasks } = JSON.parse(textAt(folder, '.vscode/tasks.json'));
  assert.equal(tasks, [{ label: 'flagstaff dev', command: 'mine' }]);
});

test('init --editor writes between what stands in a file, which keeps its every character', async () => {
  const own = '{\n\t"files.exclude": { "a": true },\n\t"editor.rulers": [80, 120],\n\t"yaml.schemas": {}\n}';
  const folder = flagsRepository({
    '.vscode/settings.json': own,
    '.vscode/extensions.json': '{"recommendations": ["someone.else"] }\n',
    '.vscode/tasks.json': '{\r\n  "tasks": []\r\n}\r\n',
  });
  await run(['init', '--editor'], { cwd: folder });
  const settings = textAt(folder, '.vscode/settings.json');
  assert.ok(settings.startsWith(own.slice(0, -3)), settings);
  assert.is(JSON.parse(settings)['yaml.schemas']['schemas/org.json'], 'flags/*/org.yaml');
  const extensions = '{"recommendations": ["someone.else", "redhat.vscode-yaml"] }\n';
  assert.is(textAt(folder, '.vscode/extensions.json'), extensions);
  const tasks = JSON.parse(textAt(folder, '.vscode/tasks.json'));
  assert.equal([tasks.version, tasks.tasks[0].label], ['2.0.0', 'flagstaff dev']);
  assert.is((await run(['init', '--editor'], { cwd: folder })).out, 'nothing was missing');
});

test('init --editor tells what is in its way, and does the rest', async () => {
  const folder = flagsRepository({ '.vscode/tasks.json': 'null\n', '.vscode/settings.json/x': '' });
  symlinkSync('nowhere', path.join(folder, '.vscode/extensions.json'));
  const { code, out } = await run(['init', '--editor'], { cwd: folder });
  assert.is(code, 0);
  assert.match(out, 'kept .vscode/tasks.json, which has comments or is no object of JSON');
  assert.match(out, 'left out .vscode/settings.json: illegal operation on a directory');
  assert.match(out, 'left out .vscode/extensions.json: file already exists');
  assert.match(out, 'wrote schemas/flag.json');
  const other = flagsRepository({ '.vscode': 'a file' });
  assert.match((await run(['init', '--editor'], { cwd: other })).out, 'left out .vscode/settings.json: ');
});

test('settings with comments and schemas of another version stay as they are, and people are told', async () => {
  const kept = {
    '.vscode/settings.json': '{ // mine\n}',
    'schemas/flag.json': '{ "title": "older" }',
  };
  const folder = flagsRepository(kept);
  const { code, out } = await run(['init', '--editor'], { cwd: folder });
  assert.is(code, 0);
  for (const [name, text] of Object.entries(kept)) assert.is(textAt(folder, name), text);
  assert.match(out, 'kept .vscode/settings.json, which has comments or is no object of JSON');
  assert.match(out, '"schemas/flag.json": "flags/*/*/flags/*.yaml"');
  assert.match(out, 'kept schemas/flag.json, which another version of flagstaff wrote');
});

test('the line that names the schema keeps line ends, a byte order mark, and what is no text', async () => {
  const folder = flagsRepository({
    'flags/acme/web-app/flags/windows.yaml': 'environments: {}\r\n',
    'flags/acme/web-app/flags/marked.yaml': '\uFEFFenvironments: {}\n',
  });
  const bytes = Buffer.from([0x64, 0xff, 0x0a]);
  writeFileSync(path.join(folder, 'flags/acme/web-app/flags/bytes.yaml'), bytes);
  await run(['init', '--editor'], { cwd: folder });
  const line = '# yaml-language-server: $schema=../../../../schemas/flag.json';
  assert.is(textAt(folder, 'flags/acme/web-app/flags/windows.yaml'), `${line}\r\nenvironments: {}\r\n`);
  assert.is(textAt(folder, 'flags/acme/web-app/flags/marked.yaml'), `\uFEFF${line}\nenvironments: {}\n`);
  assert.equal(readFileSync(path.join(folder, 'flags/acme/web-app/flags/bytes.yaml')), bytes);
});

test('init in a git repository with settings of its own adds to them', async () => {
  const folder = temporaryFolder();
  await repositoryAt(folder).git('init', '--quiet');
  writeFiles(folder, { '.vscode/settings.json': '{ "editor.tabSize": 4 }' });
  const { out } = await run(['init'], { cwd: folder });
  assert.match(out, 'added to .vscode/settings.json');
  assert.is(Object.keys(JSON.parse(textAt(folder, '.vscode/settings.json'))).length, 2);
});

test('--editor where there are no flags, or with names for a new repository, is wrong use', async () => {
  const empty = temporaryFolder();
  mkdirSync(path.join(empty, '.git'));
  const none = await run(['init', '--editor'], { cwd: empty });
  assert.is(none.code, 2);
  assert.match(none.err, 'has no folder flags/');
  assert.not(existsSync(path.join(empty, '.vscode')));
  assert.is((await run(['init', '--editor', '--org', 'acme'], { cwd: flagsRepository() })).code, 2);
});

/** Where a snippet is typed: the file that its text makes, with what must be around it. */
const PLACES: Readonly<Record<string, (text: string) => Readonly<Record<string, string>>>> = {
  flag: (text) => ({ flags: text }),
  'flag-variants': (text) => ({ flags: text }),
  rule: (text) => ({ flags: inRules(text) }),
  'rule-percentage': (text) => ({ flags: inRules(text) }),
  'rule-any': (text) => ({ flags: inRules(text) }),
  'clause-version': (text) => ({ flags: inRules(`- id: a\n  when:\n${indented(text, 4)}`) }),
  'clause-segment': (text) => ({ flags: inRules(`- id: a\n  when:\n${indented(text, 4)}`) }),
  'serve-split': (text) => ({ flags: `${STATE}${indented(text, 4)}` }),
  segment: (text) => ({ segments: text, flags: `${STATE}    segments: [typed]\n` }),
  override: (text) => ({ overrides: text, flags: STATE }),
  test: (text) => ({ tests: text, flags: STATE }),
};
const STATE = 'environments:\n  production:\n    enabled: true\n';

function inRules(text: string): string {
  return `${STATE}    rules:\n${indented(text, 6)}`;
}

function indented(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(columns));
}

test('each snippet, as it stands before anything is typed, makes a file without errors', async () => {
  const folder = temporaryFolder();
  await run(['init'], { cwd: folder });
  assert.equal(
    Object.values(SNIPPETS).map(({ prefix }) => prefix),
    Object.keys(PLACES).map((name) => `fs-${name}`),
  );
  for (const { prefix, body } of Object.values(SNIPPETS)) {
    const text = body.map((line) => `${line}\n`.replace(/\$\{\d+:([^}]*)\}/g, '$1')).join('');
    const files = PLACES[prefix.slice('fs-'.length)]?.(text) ?? {};
    const paths = Object.keys(files).map((kind) => `flags/acme/web-app/${kind}/typed.yaml`);
    for (const [index, content] of Object.values(files).entries()) {
      writeFiles(folder, { [paths[index] ?? '']: content });
    }
    const { code, out } = await run(['validate'], { cwd: folder });
    assert.is(code, 0, `${prefix}: ${out}\n${text}`);
    for (const file of paths) rmSync(path.join(folder, file));
  }
});

test.run();
