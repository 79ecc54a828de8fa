import { readdirSync, readFileSync } from 'node:fs';
import { SNIPPETS } from './snippets.js';

/** What editors read in a flags repository: path from its top, with `/`, to text. */
export function editorFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(SETTINGS).map(([path, value]) => [path, jsonText(value)] as const),
    ...schemas(),
  ]);
}

/** As such a file is written. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The folder that is open, as VS Code writes it. */
const WORKSPACE = `\${workspaceFolder}`;

/**
 * What a schema cannot know (the flag's own variants, other flags and segments, the environments of its project)
 * `flagstaff dev` tells on each save; this puts what it says beside the lines.
 */
const DEV_TASK = {
  label: 'flagstaff dev',
  detail: 'Judges the flags and runs their tests on each save',
  type: 'shell',
  command: 'flagstaff dev --editor --no-serve',
  isBackground: true,
  presentation: { reveal: 'never' },
  problemMatcher: {
    owner: 'flagstaff',
    source: 'flagstaff',
    fileLocation: ['relative', WORKSPACE],
    pattern: {
      regexp: '^(.+?):(\\d+):(\\d+): (error|warning) ([A-Z0-9_]+): (.*)$',
      file: 1,
      line: 2,
      column: 3,
      severity: 4,
      code: 5,
      message: 6,
    },
    background: {
      activeOnStart: true,
      beginsPattern: '^checking$',
      endsPattern: '^\\d\\d:\\d\\d:\\d\\d (ok|broken): ',
    },
  },
};

/** The YAML extension completes and checks each kind of file by its schema. */
const SETTINGS: Readonly<Record<string, object>> = {
  '.vscode/settings.json': {
    'yaml.schemas': {
      'schemas/flagstaff.json': '.flagstaff.yaml',
      'schemas/org.json': 'flags/*/org.yaml',
      'schemas/project.json': 'flags/*/*/project.yaml',
      'schemas/keys.json': 'flags/*/*/keys.yaml',
      'schemas/flag.json': 'flags/*/*/flags/*.yaml',
      'schemas/segment.json': 'flags/*/*/segments/*.yaml',
      'schemas/overrides.json': 'flags/*/*/overrides/*.yaml',
      'schemas/tests.json': 'flags/*/*/tests/*.yaml',
    },
  },
  '.vscode/extensions.json': { recommendations: ['redhat.vscode-yaml'] },
  '.vscode/tasks.json': { version: '2.0.0', tasks: [DEV_TASK] },
  '.vscode/flagstaff.code-snippets': SNIPPETS,
};

/** The package's own schemas, which lie beside both `src/` and `dist/`. */
function schemas(): (readonly [string, string])[] {
  const folder = new URL('../../../schemas/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [`schemas/${name}`, readFileSync(new URL(name, folder), 'utf8')]);
}
