import type { Command } from 'commander';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { flagsFolder } from './folder.js';
import { count } from './format.js';
import { loadFlags } from './load-flags.js';
import { type Catalogue, catalogueOf, type KnownFlag } from './references/catalogue.js';
import { type CodeOptions, tallyCode } from './references/open-scan.js';
import type { Reference, ScannedFile } from './references/scan.js';
import type { Tally } from './references/tally.js';
import { append } from './repeated.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly src?: readonly string[];
  readonly pattern?: readonly string[];
  readonly org?: string;
  readonly project?: string;
  readonly json?: boolean;
}

/** `flagstaff references`: where code uses flags; ends with 1 where it asks for one that is not there, or leaves one unused. */
export function addReferences({ program, around, end }: CommandPlace): void {
  const command = addCommand(program, {
    usage: 'references',
    summary: 'find where code uses flags; ends with 1 on unknown and on unused flags',
    examples: [
      'references --src ../web-app',
      'references --src client --src server --project web-app',
      `references --src . --pattern 'isOn\\("([^"]+)"'`,
      'references --src . --json',
    ],
  });
  addSources(command)
    .option('--org <key>', 'only flags of this organization')
    .option('--project <key>', 'only flags of this project (of the default organization, if none is named)')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      if (!(await references(options, around))) end(1);
    });
}

/** Adds what says where the code is, and how it asks. */
function addSources(command: Command): Command {
  return command
    .option(
      '--src <path>',
      'a folder or file of code; may stand several times (else the current folder)',
      append,
    )
    .option(
      '--pattern <regexp>',
      'another form in which code asks, in RE2 syntax, of up to 1,000 characters; its first group is the key',
      append,
    );
}

/** True where all that code asks for is there, and all that is there is used. */
async function references(options: Options, around: Surroundings): Promise<boolean> {
  const repository = flagsFolder(options.repo, around);
  const catalogue = catalogueOf(await loadFlags(repository, around.now()), options);
  const code: CodeOptions = { src: options.src ?? ['.'], pattern: options.pattern ?? [] };
  const onFile = options.json ? undefined : printReferences(around);
  const tally = await tallyCode(code, { catalogue, repository, around, ...(onFile && { onFile }) });
  const unused = catalogue.flags.filter((flag) => tally.useOf(flag) === 'unused');
  if (options.json) around.print(JSON.stringify(dataOf(catalogue, tally), undefined, 2));
  else printSummary({ catalogue, tally, unused, around });
  return tally.unknown.size === 0 && unused.length === 0;
}

function printReferences(around: Surroundings): (file: ScannedFile, tally: Tally) => void {
  return (file, tally) => {
    if (file.kind === 'skipped') return;
    for (const reference of file.references) around.print(shownLine(referenceLine(reference, tally)));
  };
}

/** `src/cart.ts:12:20: new-checkout: asked by getBooleanValue` */
function referenceLine({ path, line, column, key, certainty, by, isKnown }: Reference, tally: Tally): string {
  const meant = isKnown ? undefined : tally.meant(key);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const how = certainty === 'asked' && by !== undefined ? `asked by ${by}` : CERTAINTY_WORDS[certainty];
  return `${path}:${line}:${column}: ${key}: ${isKnown ? how : `no such flag${hint}`}`;
}

const CERTAINTY_WORDS = { asked: 'asked', quoted: 'in quotes', named: 'named' } as const;

interface Summary {
  readonly catalogue: Catalogue;
  readonly tally: Tally;
  readonly unused: readonly KnownFlag[];
  readonly around: Surroundings;
}

function printSummary({ catalogue, tally, unused, around }: Summary): void {
  for (const { path, key } of unused) around.print(`${path}: ${key}: no code uses it`);
  const named = catalogue.flags.filter((flag) => tally.useOf(flag) === 'named').length;
  const parts = [
    `${catalogue.flags.length - named - unused.length} asked`,
    `${named} only named`,
    `${unused.length} unused`,
    `${tally.unknown.size} unknown`,
  ];
  around.print(`${count(catalogue.flags.length, 'flag')}: ${parts.join(', ')} (${tally.extent})`);
}

function dataOf(catalogue: Catalogue, tally: Tally) {
  return {
    files: tally.files,
    skipped: tally.skipped,
    flags: catalogue.flags.map((flag) => {
      const { counts, places } = tally.usesOf(flag.key);
      return { ...flag, use: tally.useOf(flag), counts, places: places.map(placeData) };
    }),
    unknown: [...tally.unknown].map(([name, { counts, places }]) => ({
      key: name,
      meant: tally.meant(name) ?? null,
      count: counts.asked,
      places: places.map(placeData),
    })),
  };
}

function placeData({ path, line, column, certainty, by }: Reference) {
  return { path, line, column, certainty, by: by ?? null };
}
