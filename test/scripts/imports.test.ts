import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkFile } from '../../scripts/imports/check.js';
import { LOADER, programOf } from '../support/program.js';

const imports = suite('scripts/imports.ts');

function messages(file: string, text: string): string[] {
  return checkFile(file, text).map((breach) => `${breach.line}: ${breach.message}`);
}

imports('a file may import from its own folder and from those above it (design 10)', () => {
  const text = [
    "import { x } from './other.js';",
    "import type { Flag } from '../model/flag.js';",
    "import { readFileSync } from 'node:fs';",
    "import { parse } from 'yaml';",
  ].join('\n');
  assert.equal(messages('src/files/parse.ts', text), []);
});

imports('an import from a folder below is a breach, whichever way it is written', () => {
  const text = [
    "import type { A } from '../http/a.js';",
    "export { b } from '../cli/b.js';",
    "const c = await import('../repository/c.js');",
    "import { d } from '../server.js';",
  ].join('\n');
  assert.equal(messages('src/files/parse.ts', text), [
    '1: files/ must not import from http/, which stands below it',
    '2: files/ must not import from cli/, which stands below it',
    '3: files/ must not import from repository/, which stands below it',
    '4: files/ must not import from the wiring in src/, which stands below it',
  ]);
});

imports('a package belongs to one folder (design 10)', () => {
  assert.equal(messages('src/http/app.ts', "import Koa from 'koa';\nimport Router from '@koa/router';"), []);
  assert.equal(messages('src/http/app.ts', "import { parse } from 'yaml';"), [
    '1: the package yaml is imported in files/ only, not in http/',
  ]);
  assert.equal(messages('src/server.ts', "import Ajv from 'ajv/dist/2019.js';"), [
    '1: the package ajv is imported in files/ only, not in the wiring in src/',
  ]);
  assert.equal(messages('src/model/keys.ts', "import { uniq } from 'lodash';"), [
    '1: the package lodash has no folder that may import it',
  ]);
});

imports('a built-in module is written with node:', () => {
  assert.equal(messages('src/repository/git.ts', "import fs from 'fs';"), [
    '1: write node:fs, so that it is no package',
  ]);
});

imports('only the public face may be a barrel', () => {
  const barrel = "export { a } from './model/a.js';\nexport * from './model/b.js';";
  assert.equal(messages('src/index.ts', barrel), []);
  assert.equal(messages('src/model/all.ts', barrel.replaceAll('./model', '.')), [
    '1: barrels are for src/index.ts alone: import from the file itself',
  ]);
  assert.equal(messages('src/model/index.ts', 'export const a = 1;'), [
    '1: barrels are for src/index.ts alone: import from the file itself',
  ]);
});

imports('a name that says nothing is a breach', () => {
  for (const file of ['src/files/utils.ts', 'src/http/flag-service.ts', 'src/model/helpers/keys.ts']) {
    assert.match(messages(file, 'export const a = 1;').join(), 'says nothing about what is in it');
  }
  assert.equal(messages('src/files/utility-bills.ts', 'export const a = 1;'), []);
});

imports('what is not in a known folder of src/ is a breach, and so is an import from there', () => {
  assert.match(messages('src/lib/a.ts', '').join(), 'src/ has no folder of this name');
  assert.equal(messages('src/model/a.ts', "import { b } from '../../test/b.js';"), [
    '1: ../../test/b.js is outside the folders of src/',
  ]);
});

imports('the script prints file and line and ends with 1, or with 0 where all is well', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flagstaff-imports-'));
  try {
    mkdirSync(path.join(folder, 'src/model'), { recursive: true });
    writeFileSync(path.join(folder, 'src/model/a.ts'), 'export const a = 1;\n');
    assert.equal(runScript(folder), { exitCode: 0, lines: ['1 files checked, 0 breaches'] });
    writeFileSync(path.join(folder, 'src/model/b.ts'), "\nimport '../http/c.js';\n");
    assert.equal(runScript(folder), {
      exitCode: 1,
      lines: [
        'src/model/b.ts:2: model/ must not import from http/, which stands below it',
        '2 files checked, 1 breaches',
      ],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function runScript(cwd: string): { exitCode: number | null; lines: string[] } {
  const child = spawnSync(process.execPath, [...LOADER, programOf('scripts/imports.ts')], {
    cwd,
    encoding: 'utf8',
  });
  return { exitCode: child.status, lines: child.stdout.trimEnd().split('\n') };
}

imports.run();
