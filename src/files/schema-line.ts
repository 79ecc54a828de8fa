import type { FileKind } from './parsed.js';

/** What tells editors without settings of their own where the schema of a file is. It ends its line. */
export function schemaLine(kind: FileKind): string {
  return `# yaml-language-server: $schema=${SCHEMAS[kind]}.json\n`;
}

/** True where a text has such a line, whatever schema it names. */
export function hasSchemaLine(text: string): boolean {
  return /^\s*#\s*yaml-language-server\s*:/m.test(text);
}

/** The schemas, seen from where the files are. */
const SCHEMAS: Readonly<Record<FileKind, string>> = {
  flag: '../../../../schemas/flag',
  segment: '../../../../schemas/segment',
  overrides: '../../../../schemas/overrides',
  tests: '../../../../schemas/tests',
  project: '../../../schemas/project',
  'api-keys': '../../../schemas/keys',
  org: '../../schemas/org',
  config: './schemas/flagstaff',
};
