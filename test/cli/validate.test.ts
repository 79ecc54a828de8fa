import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { committedRepository, flagsRepository, run, writeFiles } from './run.js';

const BROKEN = 'flags/acme/web-app/flags/broken.yaml';

test('valid files: a line that counts them, and exit code 0', async () => {
  const result = await run(['validate', '--repo', flagsRepository()]);
  assert.equal(result, { code: 0, out: '5 files checked: 0 errors, 0 warnings', err: '' });
});

test('an error is path, line, column, code and sentence, and ends with 1', async () => {
  const folder = flagsRepository({
    [BROKEN]: 'description: x\nenvironments:\n  production: { enabled: yess }\n',
  });
  const { code, out } = await run(['validate'], { cwd: folder });
  assert.is(code, 1);
  const [first, last] = out.split('\n');
  assert.match(first ?? '', /^flags\/acme\/web-app\/flags\/broken\.yaml:3:26: error WRONG_TYPE: /);
  assert.is(last, '6 files checked: 1 error, 0 warnings');
});

test('a warning ends with 0, and with 1 under --strict', async () => {
  const text = 'environments:\n  production: { enabled: true }\nexpires: 2020-01-01\n';
  const folder = flagsRepository({ [BROKEN]: text });
  const plain = await run(['validate'], { cwd: folder });
  assert.is(plain.code, 0);
  assert.match(plain.out, `${BROKEN}:3:10: warning EXPIRED: `);
  assert.is((await run(['validate', '--strict'], { cwd: folder })).code, 1);
});

test('--format json gives the same problems as data', async () => {
  const folder = flagsRepository({ [BROKEN]: 'environments: {}\nnonsense: 1\n' });
  const { code, out } = await run(['validate', '--format', 'json'], { cwd: folder });
  assert.is(code, 1);
  const { problems, ...counts } = JSON.parse(out);
  assert.equal(counts, { files: 6, errors: 1, warnings: 0 });
  assert.is(problems.length, 1);
  assert.is(problems[0].path, BROKEN);
  assert.is(problems[0].line, 2);
  assert.is(problems[0].code, 'UNKNOWN_FIELD');
});

test('the work tree is what is read: no git is needed', async () => {
  const folder = flagsRepository({ [BROKEN]: '{' });
  assert.is((await run(['validate'], { cwd: folder, env: { PATH: '' } })).code, 1);
});

test('broken files of every kind are all named, and none stops the others', async () => {
  const base = 'flags/acme/web-app';
  const folder = flagsRepository({
    [`${base}/flags/twice.yaml`]: 'environments: {}\nenvironments: {}\n',
    [`${base}/flags/alias.yaml`]: 'environments: &a {}\nmetadata: *a\n',
    [`${base}/flags/proto.yaml`]: 'environments: {}\nmetadata: { __proto__: x }\n',
    [`${base}/flags/syntax.yaml`]: 'environments: [\n',
    [`${base}/flags/old.yml`]: 'environments: {}\n',
  });
  symlinkSync('/etc/hostname', path.join(folder, base, 'flags/link.yaml'));
  const { code, out } = await run(['validate'], { cwd: folder });
  assert.is(code, 1);
  for (const name of ['twice', 'alias', 'proto', 'syntax', 'link'])
    assert.match(out, `${base}/flags/${name}.yaml:`);
  assert.match(out, `${base}/flags/old.yml:1:1: error WRONG_EXTENSION: `);
});

/** Twelve broken flags: more than GitHub shows. */
function twelveBroken(): string {
  const names = Array.from(
    { length: 12 },
    (_, number) => `flags/acme/web-app/flags/broken-${number + 10}.yaml`,
  );
  return flagsRepository(Object.fromEntries(names.map((name) => [name, 'environments: {}\nnonsense: 1\n'])));
}

test('--format github annotates the first ten and puts the rest into the step summary', async () => {
  const folder = twelveBroken();
  const summary = path.join(temporaryFolder(), 'summary.md');
  const env = { GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: path.dirname(folder) };
  const { code, out } = await run(['validate', '--format', 'github'], { cwd: folder, env });
  assert.is(code, 1);
  const annotations = out.split('\n').filter((line) => line.startsWith('::error '));
  assert.is(annotations.length, 10);
  const top = path.basename(folder);
  assert.ok(
    annotations[0]?.startsWith(
      `::error file=${top}/flags/acme/web-app/flags/broken-10.yaml,line=2,col=1,title=UNKNOWN_FIELD::`,
    ),
    annotations[0],
  );
  const rows = readFileSync(summary, 'utf8').trim().split('\n').slice(2);
  assert.is(rows.length, 2);
  assert.match(rows[1] ?? '', /broken-21\.yaml:2 \| UNKNOWN\\_FIELD \|/);
});

test('without a step summary the rest goes to standard error', async () => {
  const { err } = await run(['validate', '--format', 'github'], { cwd: twelveBroken() });
  assert.is(err.split('\n').length, 2);
});

test('what a problem quotes cannot end an annotation or begin another one', async () => {
  const folder = flagsRepository({ [BROKEN]: 'environments: {}\n"a\\n::error::b%": 1\n' });
  const { out } = await run(['validate', '--format', 'github'], { cwd: folder });
  assert.is(out.split('\n').filter((line) => line.startsWith('::')).length, 1);
});

test('--fix repairs what it names and leaves all else, byte for byte', async () => {
  const folder = flagsRepository();
  const file = 'flags/acme/web-app/flags/blanks.yaml';
  const text = '# mine\r\nenvironments:\r\n  production: { enabled: true }   \r\n';
  writeFiles(folder, { [file]: text });
  const { err } = await run(['validate', '--fix'], { cwd: folder });
  assert.is(
    readFileSync(path.join(folder, file), 'utf8'),
    '# mine\r\nenvironments:\r\n  production: { enabled: true }\r\n',
  );
  assert.match(err, new RegExp(`^${file}:3:32: fixed STYLE: .+$`));
});

test('settings that are a link, a link to nowhere or a folder are an error: no policy is lost in silence', async () => {
  const policy = 'policy: { owner: { environments: [production] } }\n';
  const takers: readonly ((file: string) => void)[] = [
    (file) => symlinkSync('policy.yaml', file),
    (file) => symlinkSync('nowhere.yaml', file),
    (file) => mkdirSync(file),
  ];
  for (const take of takers) {
    const repository = await committedRepository({ 'policy.yaml': policy });
    const file = path.join(repository.dir, '.flagstaff.yaml');
    rmSync(file, { force: true });
    take(file);
    for (const words of [['validate'], ['validate', '--since', 'HEAD']]) {
      const { code, out } = await run(words, { cwd: repository.dir });
      assert.is(code, 1, out);
      assert.match(out, '.flagstaff.yaml:1:1: error NOT_A_FILE: ');
    }
  }
});

test('settings that are a folder are told from a commit as from the work tree', async () => {
  const repository = await committedRepository({ '.flagstaff.yaml/inner.yaml': '{}\n' });
  const { code, out } = await run(['validate', '--since', 'HEAD'], { cwd: repository.dir });
  assert.equal([code, out.split(': ').at(-1)], [0, '0 errors, 0 warnings']);
});

test('--fix repairs the settings too, where they are a file', async () => {
  const folder = flagsRepository({ '.flagstaff.yaml': 'defaultOrg: acme  \n' });
  const { code, err, out } = await run(['validate', '--fix', '--strict'], { cwd: folder });
  assert.is(code, 0, out);
  assert.match(err, /^\.flagstaff\.yaml:1:17: fixed STYLE: .+$/);
  assert.is(readFileSync(path.join(folder, '.flagstaff.yaml'), 'utf8'), 'defaultOrg: acme\n');
});

test('--fix does not write through a symlink', async () => {
  const folder = flagsRepository();
  const outside = path.join(temporaryFolder(), 'outside.yaml');
  writeFileSync(outside, 'environments: {}   \n');
  mkdirSync(path.join(folder, 'flags/acme/web-app/flags'), { recursive: true });
  symlinkSync(outside, path.join(folder, 'flags/acme/web-app/flags/link.yaml'));
  await run(['validate', '--fix'], { cwd: folder });
  assert.is(readFileSync(outside, 'utf8'), 'environments: {}   \n');
});

test.run();
