import type { BadFile } from './bad-file.js';

/** Files that are no text, or no YAML. */
export const BAD_TEXT: readonly BadFile[] = [
  {
    name: 'bytes that are not UTF-8',
    kind: 'flag',
    content: Uint8Array.from([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xff, 0xfe, 0x0a]),
    problems: ['1:7 error INVALID_UTF8'],
  },
  {
    name: 'bytes that are not UTF-8 behind replacement characters that were written',
    kind: 'flag',
    content: Buffer.concat([
      Buffer.from(`# ${'\uFFFD'.repeat(20_000)}\n#\uFFFD`),
      Buffer.from([0xef, 0xbf, 0x0a]),
    ]),
    problems: ['2:3 error INVALID_UTF8'],
  },
  {
    name: 'UTF-16',
    kind: 'flag',
    content: Uint8Array.from([0xff, 0xfe, 0x61, 0x00]),
    problems: ['1:1 error INVALID_UTF8'],
  },
  {
    name: 'a file over 64 KiB',
    kind: 'flag',
    content: `description: ${'x'.repeat(65536)}\n`,
    problems: ['1:1 error FILE_TOO_LARGE'],
  },
  {
    name: 'an LFS pointer',
    kind: 'flag',
    content:
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
    problems: ['1:1 error LFS_POINTER'],
  },
  {
    name: 'a NUL character',
    kind: 'flag',
    content: 'name: a\0b\nenvironments: {}\n',
    problems: ['1:8 error YAML_SYNTAX'],
  },
  {
    name: 'an escape character',
    kind: 'flag',
    content: 'name: a\x1b[31m\nenvironments: {}\n',
    problems: ['1:8 error YAML_SYNTAX'],
  },
  {
    name: 'carriage returns alone',
    kind: 'flag',
    content: 'name: a\renvironments: {}\r',
    problems: ['1:8 error YAML_SYNTAX'],
  },
  { name: 'an empty file', kind: 'flag', content: '', problems: ['1:1 error EMPTY_FILE'] },
  { name: 'only comments', kind: 'flag', content: '# later\n\n', problems: ['1:1 error EMPTY_FILE'] },
  { name: 'only a document start', kind: 'segment', content: '---\n', problems: ['1:1 error EMPTY_FILE'] },
  {
    name: 'a tab as indentation',
    kind: 'flag',
    content: 'environments:\n\tproduction: { enabled: true }\n',
    problems: ['2:1 error YAML_SYNTAX'],
  },
  {
    name: 'an open quote',
    kind: 'flag',
    content: 'name: "Dark mode\nenvironments: {}\n',
    problems: ['3:1 error YAML_SYNTAX'],
  },
  {
    name: 'an open bracket',
    kind: 'flag',
    content: 'tags: [web, design\nenvironments: {}\n',
    problems: ['2:1 error YAML_SYNTAX'],
  },
  {
    name: 'an open brace',
    kind: 'flag',
    content: 'environments: { production: { enabled: true }\n',
    problems: ['2:1 error YAML_SYNTAX'],
  },
  {
    name: 'a colon in plain text',
    kind: 'flag',
    content: 'description: see: the ticket\nenvironments: {}\n',
    problems: ['1:14 error YAML_SYNTAX'],
  },
  {
    name: 'a key without its colon',
    kind: 'flag',
    content: 'name Dark mode\nenvironments: {}\n',
    problems: ['1:1 error YAML_SYNTAX'],
  },
  {
    name: 'indentation that fits nowhere',
    kind: 'flag',
    content: 'environments:\n    production: { enabled: true }\n  staging: { enabled: true }\n',
    problems: ['3:1 error YAML_SYNTAX'],
  },
  {
    name: 'plain text that begins with an at sign',
    kind: 'flag',
    content: 'owner: @team\nenvironments: {}\n',
    problems: ['1:8 error YAML_SYNTAX'],
  },
  {
    name: 'plain text that begins with a percent sign',
    kind: 'flag',
    content: 'owner: %team\nenvironments: {}\n',
    problems: ['1:8 error YAML_SYNTAX'],
  },
  {
    name: 'an unknown escape',
    kind: 'flag',
    content: 'name: "\\q"\nenvironments: {}\n',
    problems: ['1:8 error YAML_SYNTAX'],
  },
  ...(
    [
      ['config', 64 * 1024],
      ['org', 1024 * 1024],
      ['project', 64 * 1024],
      ['api-keys', 1024 * 1024],
      ['segment', 1024 * 1024],
      ['overrides', 1024 * 1024],
      ['tests', 64 * 1024],
    ] as const
  ).flatMap(([kind, most]): BadFile[] => [
    {
      name: `a file of kind ${kind} that is a byte too large`,
      kind,
      content: `#${'x'.repeat(most)}`,
      problems: ['1:1 error FILE_TOO_LARGE'],
    },
    {
      name: `a file of kind ${kind} that is as large as it may be, and empty`,
      kind,
      content: `#${'x'.repeat(most - 2)}\n`,
      problems: ['1:1 error EMPTY_FILE'],
    },
  ]),
];
