import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gitEnvironment, repositoryAt, temporaryFolder } from '../../support/git.js';
import { flagsRepository, run, writeFiles } from '../run.js';

const ON = 'environments: {}\n';
const repo = flagsRepository({
  'flags/acme/web-app/flags/new-checkout.yaml': ON,
  'flags/acme/web-app/flags/theme.yaml': `# before new-checkout\n${ON}`,
  'flags/acme/web-app/flags/broken-flag.yaml': 'environments: 3\n',
  'flags/globex/shop/project.yaml': 'environments: [live]\n',
  'flags/globex/shop/flags/sale.yaml': ON,
});

const CODE = {
  'src/cart.ts': `import { client } from './client.js';

export const isNew = await client.getBooleanValue(
  'new-checkout',
  false,
);
const dark = flags.darkMode.value();
`,
  'src/style.py': 'paint("theme")\nclient.get_boolean_value("broken-flag", False)\n',
};

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return folder;
}

const ask = (cwd: string, ...words: readonly string[]) =>
  run(['references', '--repo', repo, '--project', 'web-app', ...words], { cwd });

test('says where each flag is used, and how sure that is', async () => {
  const { code, out } = await ask(folderOf(CODE), '--src', 'src');
  assert.is(code, 0);
  assert.equal(out.split('\n'), [
    'src/cart.ts:4:4: new-checkout: asked by getBooleanValue',
    'src/cart.ts:7:20: dark-mode: asked by darkMode.value',
    'src/style.py:1:8: theme: in quotes',
    'src/style.py:2:27: broken-flag: asked by get_boolean_value',
    '4 flags: 3 asked, 1 only named, 0 unused, 0 unknown (2 files read)',
  ]);
});

test('a flag that no code uses, and one that is not there, end it with 1', async () => {
  const unused = await ask(folderOf({ ...CODE, 'src/style.py': '' }));
  assert.is(unused.code, 1);
  assert.match(unused.out, 'flags/acme/web-app/flags/theme.yaml: theme: no code uses it');
  const typo = { ...CODE, 'src/more.js': "client.getBooleanValue('new-chekout', false);\n" };
  const unknown = await ask(folderOf(typo));
  assert.is(unknown.code, 1);
  assert.match(unknown.out, 'src/more.js:1:25: new-chekout: no such flag (did you mean new-checkout?)');
});

test('without a project the flags of all count', async () => {
  const { out } = await run(['references', '--repo', repo, '--json'], { cwd: folderOf(CODE) });
  const sale = JSON.parse(out).flags.find((flag: { key: string }) => flag.key === 'sale');
  const counts = { asked: 0, quoted: 0, named: 0 };
  const file = 'flags/globex/shop/flags/sale.yaml';
  const expected = {
    org: 'globex',
    project: 'shop',
    key: 'sale',
    path: file,
    use: 'unused',
    counts,
    places: [],
  };
  assert.equal(sale, expected);
});

test('--json tells the same as data', async () => {
  const typo = { ...CODE, 'src/more.js': "client.getBooleanValue('new-chekout', false);\n" };
  const { code, out } = await ask(folderOf(typo), '--json');
  assert.is(code, 1);
  const { files, skipped, flags, unknown } = JSON.parse(out);
  assert.is(files, 3);
  assert.equal(skipped, []);
  assert.equal(flags[2].places, [
    { path: 'src/cart.ts', line: 4, column: 4, certainty: 'asked', by: 'getBooleanValue' },
  ]);
  const place = { path: 'src/more.js', line: 1, column: 25, certainty: 'asked', by: 'getBooleanValue' };
  assert.equal(unknown, [{ key: 'new-chekout', meant: 'new-checkout', count: 1, places: [place] }]);
});

const NOISE = {
  '.gitignore': 'build/\n',
  'build/out.js': "x('theme')\n",
  'node_modules/x/i.js': "x('theme')\n",
};

test('what git ignores is no code: in a clone, and in a folder that is none', async () => {
  const folder = folderOf({ ...CODE, ...NOISE, 'src/style.py': '' });
  const plain = await ask(folder);
  assert.match(plain.out, 'theme: no code uses it');
  const clone = repositoryAt(folder);
  await clone.git('init', '--quiet');
  await clone.git('add', 'src/cart.ts');
  assert.is((await ask(folder)).out, plain.out);
});

test('binary, large and generated files and links are not looked into', async () => {
  const generated = (
    await run(['codegen', '--lang', 'ts', '--project', 'shop', '--org', 'globex'], { cwd: repo })
  ).out;
  const manifest = (
    await run(['codegen', '--lang', 'json', '--project', 'shop', '--org', 'globex'], { cwd: repo })
  ).out;
  const folder = folderOf({
    'a.ts': 'export {};\n',
    'flags.ts': generated,
    'flags.json': manifest,
    'image.png': "\0'sale'",
    'large.js': `${' '.repeat(17_000_000)}'sale'`,
    'large.mp4': `\0${' '.repeat(17_000_000)}`,
  });
  symlinkSync(path.join(folder, 'large.js'), path.join(folder, 'link.js'));
  const { out } = await run(['references', '--repo', repo, '--org', 'globex', '--json'], { cwd: folder });
  const { files, skipped, flags } = JSON.parse(out);
  assert.is(files, 1);
  assert.is(flags[0].use, 'unused');
  assert.equal(skipped, [
    { path: 'flags.json', why: 'generated' },
    { path: 'flags.ts', why: 'generated' },
    { path: 'image.png', why: 'binary' },
    { path: 'large.js', why: 'too large' },
    { path: 'large.mp4', why: 'binary' },
  ]);
});

test('the flags themselves are no code, and clones below are', async () => {
  writeFiles(repo, { 'code/a.ts': "x('theme');\n" });
  const inner = repositoryAt(path.join(repo, 'code/inner'));
  mkdirSync(inner.dir);
  await inner.git('init', '--quiet');
  writeFiles(inner.dir, { 'b.ts': "y('dark-mode');\n" });
  const lines = (await ask(repo)).out.split('\n');
  assert.equal(lines.slice(0, 2), [
    'code/a.ts:1:4: theme: in quotes',
    'code/inner/b.ts:1:4: dark-mode: in quotes',
  ]);
  assert.ok(lines.includes('flags/acme/web-app/flags/new-checkout.yaml: new-checkout: no code uses it'));
});

test('a large text is read, and UTF-16 with a byte order mark', async () => {
  const wide = Buffer.from("\uFEFFx('theme')", 'utf16le');
  const folder = folderOf({ 'large.js': `${' '.repeat(1_100_000)}'theme'` });
  writeFileSync(path.join(folder, 'little.cs'), wide);
  writeFileSync(path.join(folder, 'big.cs'), Buffer.from(wide).swap16());
  const { out } = await ask(folder);
  assert.match(out, 'large.js:1:1100002: theme: in quotes');
  assert.match(out, 'little.cs:1:4: theme: in quotes');
  assert.match(out, 'big.cs:1:4: theme: in quotes');
});

test('a file may stand for a folder', async () => {
  const { out } = await ask(folderOf(CODE), '--src', 'src/style.py');
  assert.match(out, 'src/style.py:1:8: theme: in quotes');
  assert.match(out, '(1 file read)');
});

test('what init writes beside the flags is no code, where code lies around it', async () => {
  const cwd = temporaryFolder();
  const env = gitEnvironment();
  assert.is((await run(['init', '.'], { cwd, env })).code, 0);
  writeFiles(cwd, { 'app/a.ts': 'export {};\n' });
  const { out } = await run(['references', '--src', '.', '--json'], { cwd });
  const { files, skipped, flags } = JSON.parse(out);
  assert.is(files, 1);
  assert.equal(skipped, [{ path: 'README.md', why: 'generated' }]);
  assert.equal([flags.length, flags[0].use], [1, 'unused']);
});

test('code of two projects counts for each, by the names that are generated for it', async () => {
  const two = flagsRepository({
    'flags/acme/web-app/flags/new-checkout.yaml': ON,
    'flags/globex/shop/project.yaml': 'environments: [live]\n',
    'flags/globex/shop/flags/newCheckout.yaml': ON,
  });
  const folder = folderOf({ 'a.ts': 'flags.newCheckout.value();\n', 'a.go': 'x := flags.DarkMode\n' });
  const { out } = await run(['references', '--repo', two, '--src', folder], { cwd: folder });
  assert.match(out, '3 flags: 2 asked, 1 only named, 0 unused, 0 unknown');
});

test('a pattern that others would match for ever is answered at once: it is RE2', async () => {
  const folder = folderOf({ 'a.ts': 'a'.repeat(100_000) });
  const { out } = await ask(folder, '--pattern', '((a+)+)$b');
  assert.match(out, '0 unknown (1 file read)');
  const { code, err } = await ask(folder, '--pattern', '(?<=a)(b)');
  assert.is(code, 2);
  assert.match(err, "it is no regular expression of RE2's syntax");
});

test('--pattern names a form of their own', async () => {
  const folder = folderOf({ 'a.kt': 'on(Flag.of("theme"))\non(Flag.of("nope"))\n' });
  const { out } = await ask(folder, '--pattern', 'Flag\\.of\\("([^"]+)"');
  assert.match(out, 'a.kt:1:13: theme: asked');
  assert.match(out, 'a.kt:2:13: nope: no such flag');
  assert.match((await ask(folder, '--pattern', 'Flag\\.(of)\\("(?<key>[^"]+)"')).out, 'theme: asked');
  assert.is((await ask(folder, '--pattern', 'Flag(')).code, 2);
  assert.is((await ask(folder, '--pattern', 'Flag')).code, 2);
});

test('a folder that is not there or has nothing to read is wrong use', async () => {
  const folder = temporaryFolder();
  assert.is((await ask(folder, '--src', 'nope')).code, 2);
  const { code, err } = await ask(folder);
  assert.is(code, 2);
  assert.match(err, 'there is no file of code');
});

test.run();
