import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/**
 * A step of the build: the description of the API as JSON, and the files of the page that shows it, so that a server
 * neither reads YAML for it nor needs the page's package.
 */
const ROOT = new URL('../', import.meta.url);
const TARGET = new URL('dist/reference/', ROOT);
const PAGE = 'node_modules/swagger-ui-dist/';
const FILES = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
];

mkdirSync(TARGET, { recursive: true });
const description: unknown = parse(readFileSync(new URL('schemas/openapi.yaml', ROOT), 'utf8'));
writeFileSync(new URL('openapi.json', TARGET), JSON.stringify(description));
for (const name of FILES) copyFileSync(fileURLToPath(new URL(PAGE + name, ROOT)), new URL(name, TARGET));
