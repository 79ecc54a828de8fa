import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

import { gitEnvironment, temporaryFolder } from '../support/git.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Builds and packs a copy of the package, so that the `dist` of the repository stays as it is. Returns the tarball's path. */
function pack(folder: string): string {
  const copy = path.join(folder, 'copy');
  for (const name of [
    'package.json',
    'tsconfig.json',
    'README.md',
    'schemas',
    'scripts',
    'src',
    'test',
    '.github',
  ]) {
    cpSync(name, path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'));
  npm(copy, 'run', 'build');
  return path.join(copy, npm(copy, 'pack', '--ignore-scripts'));
}

function npm(cwd: string, ...words: readonly string[]): string {
  const env = { ...process.env, npm_config_update_notifier: 'false' };
  return execFileSync('npm', ['--silent', ...words], { cwd, encoding: 'utf8', env }).trim();
}

/**
 * Lays the packed files out as `npm install` does, beside those packages only that the manifest names: one that is
 * used and not named there is not found.
 */
function install(tarball: string, app: string): void {
  const home = path.join(app, 'node_modules/flagstaff');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', home]);
  for (const name of Object.keys(manifest.dependencies)) {
    const link = path.join(app, 'node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.resolve('node_modules', name), link);
  }
  mkdirSync(path.join(app, 'node_modules/.bin'));
  symlinkSync('../flagstaff/dist/cli.js', path.join(app, 'node_modules/.bin/flagstaff'));
}

interface Packed {
  /** An empty folder of somebody who installed the package. */
  app: string;
}

const packed = suite<Packed>('the package');

packed.before((context) => {
  const folder = temporaryFolder();
  context.app = path.join(folder, 'app');
  install(pack(folder), context.app);
});

packed('runs by npx in an empty folder', ({ app }) => {
  const flagstaff = (...words: readonly string[]) =>
    execFileSync('npx', ['--no-install', 'flagstaff', ...words], {
      cwd: app,
      encoding: 'utf8',
      env: { ...gitEnvironment(), npm_config_update_notifier: 'false' },
    }).trim();
  assert.is(flagstaff('--version'), manifest.version);
  flagstaff('init', 'demo');
  assert.match(flagstaff('validate', '--repo', 'demo'), '0 errors');
  assert.is(flagstaff('test', '--repo', 'demo'), '2 passed, 0 failed');
});

packed('may be imported by another package', ({ app }) => {
  const program =
    "import { isFeatureEnabled, openFlagstaff } from 'flagstaff'; console.log(typeof isFeatureEnabled, typeof openFlagstaff);";
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: app,
    encoding: 'utf8',
  });
  assert.is(child.stdout, 'function function\n', child.stderr);
});

packed('holds what runs and what describes it, and nothing of its making', ({ app }) => {
  const home = path.join(app, 'node_modules/flagstaff');
  assert.equal(readdirSync(home).sort(), ['.github', 'README.md', 'dist', 'package.json', 'schemas']);
  const program = path.join(home, 'dist/cli.js');
  assert.ok(readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n'));
  assert.is(statSync(program).mode & 0o111, 0o111);
  const inside = readdirSync(path.join(home, 'dist'), { recursive: true, encoding: 'utf8' });
  assert.equal(
    inside.filter((name) => /\.test\.|(?<!\.d)\.ts$/.test(name)),
    [],
  );
});

packed.run();
