import { isDeepStrictEqual } from 'node:util';
import { seeded } from '../../../scripts/random.js';
import { compileNow } from '../../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../../src/evaluation/compiled.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { Imported, ImportedFile } from '../../../src/files/import/imported.js';
import { SOURCES, type SourceName } from '../../../src/files/import/sources.js';
import { loadNow } from '../../../src/files/load.js';
import type { SourceFile } from '../../../src/files/loaded.js';
import { parseText } from '../../../src/files/parse.js';
import { printYaml } from '../../../src/files/print.js';
import type { EvaluationContext } from '../../../src/model/evaluation.js';
import type { OrgKey } from '../../../src/model/keys.js';
import type { ProjectSnapshot } from '../../../src/model/snapshot.js';
import type { JsonValue } from '../../../src/model/values.js';

/** One random project of another tool, and how its own evaluator answers. */
export interface Subject<Caller> {
  /** What the tool would write. */
  readonly texts: ReadonlyMap<string, string>;
  /** The tool's answer to one of our flags: its value, or undefined for the caller's own default. */
  readonly ask: (flag: string, caller: Caller) => JsonValue | undefined | Promise<JsonValue | undefined>;
  /** What the tool says of the flag, for people who look at a difference. */
  readonly describe: (flag: string) => string;
  readonly close?: () => void;
}

/** How random projects and callers of one tool are made. */
export interface Proof<Caller> {
  readonly source: SourceName;
  readonly subject: (random: () => number) => Subject<Caller> | Promise<Subject<Caller>>;
  readonly caller: (random: () => number) => Caller;
  /** The caller in our words. */
  readonly context: (caller: Caller) => EvaluationContext;
  /** Attributes that the caller has as nobody expects: flags with a note that names one are not asked. */
  readonly odd?: (caller: Caller) => readonly string[];
  /** What of our value is compared with the tool's; all of it where it is left out. */
  readonly value?: (value: JsonValue) => JsonValue;
}

/** What a comparison found. */
export interface ProofResult {
  /** Questions that both were asked: a flag and a caller. */
  readonly asked: number;
  readonly found: number;
  readonly carried: number;
  /** How often each value was the answer, `undefined` for the caller's own default. */
  readonly answers: ReadonlyMap<string, number>;
  /** What stood in the way of flags, and how often. */
  readonly leftOut: ReadonlyMap<string, number>;
  readonly differences: readonly string[];
}

const CALLERS = 20;
const TOLD = 10;

/** Imports random projects and asks the tool's evaluator and ours the same, until there are so many answers. */
export async function proveImport<Caller>(
  proof: Proof<Caller>,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<ProofResult> {
  const tally = { answers: new Map<string, number>(), leftOut: new Map<string, number>() };
  const differences: string[] = [];
  let [asked, found, carried] = [0, 0, 0];
  for (let round = 0; asked < count; round += 1) {
    const random = seeded(seed * 1_000_003 + round);
    const subject = await proof.subject(random);
    const imported = SOURCES[proof.source].importer({ texts: subject.texts, targets: PRODUCTION });
    const environment = environmentOf(imported);
    found += imported.found;
    carried += environment.sorted.length;
    for (const { effect, construct } of imported.notCarried) {
      if (effect === 'left out') add(tally.leftOut, construct);
    }
    for (let number = 0; number < CALLERS; number += 1) {
      const caller = proof.caller(random);
      const odd = proof.odd?.(caller) ?? [];
      for (const { key } of environment.sorted) {
        if (odd.some((name) => isNoted(imported, key, name))) continue;
        const theirs = await subject.ask(key, caller);
        const ours = ourAnswer({ environment, key, context: proof.context(caller), proof });
        add(tally.answers, JSON.stringify(theirs) ?? 'undefined');
        asked += 1;
        if (isDeepStrictEqual(theirs, ours) || differences.length >= TOLD) continue;
        const seen = JSON.stringify({ round, key, caller, theirs, ours });
        differences.push(`${seen}: ${subject.describe(key)}`);
      }
    }
    subject.close?.();
  }
  return { asked, found, carried, ...tally, differences };
}

const PRODUCTION = { of: () => ['production'] };

/** True where the import says of the flag what it assumes of the attribute. */
function isNoted({ notCarried }: Imported, key: string, attribute: string): boolean {
  return notCarried.some(
    ({ flag, effect, reason }) =>
      effect === 'assumed' &&
      (flag === key || flag === undefined) &&
      reason.split(/[ ,:]/).includes(attribute),
  );
}

function ourAnswer<Caller>(question: {
  readonly environment: CompiledEnvironment;
  readonly key: string;
  readonly context: EvaluationContext;
  readonly proof: Proof<Caller>;
}): JsonValue | undefined {
  const { environment, key, context, proof } = question;
  const answer = evaluate(environment, key, context, Date.now());
  if (answer.kind !== 'value') return undefined;
  return proof.value === undefined ? answer.value : proof.value(answer.value);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function environmentOf(imported: Imported): CompiledEnvironment {
  const environment = compileNow(projectOf(imported)).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  return environment;
}

/** The project that the files make once they are written and read again. Throws where they have an error. */
export function projectOf(imported: Imported): ProjectSnapshot {
  const files = [
    sourceFile('project.yaml', 'project', { environments: ['production'] }),
    ...imported.files.map((file) => sourceFile(FOLDERS[file.kind](file.key), file.kind, file.value)),
  ];
  const loaded = loadNow({ org: 'acme' as OrgKey, files, previous: undefined, now: Date.now() });
  const problems = [...loaded.problems, ...loaded.findings].filter(({ severity }) => severity === 'error');
  if (problems.length > 0) throw new Error(`the judge refuses: ${JSON.stringify(problems)}`);
  const project = loaded.snapshot?.projects.get('web-app' as never);
  if (project === undefined) throw new Error('no project');
  return project;
}

const FOLDERS: Readonly<Record<ImportedFile['kind'], (key: string) => string>> = {
  flag: (key) => `flags/${key}.yaml`,
  segment: (key) => `segments/${key}.yaml`,
  overrides: (key) => `overrides/${key}.yaml`,
};

function sourceFile(name: string, kind: ImportedFile['kind'] | 'project', value: unknown): SourceFile {
  const text = printYaml(value as JsonValue);
  const path = `flags/acme/web-app/${name}`;
  return { path, blob: `${path} ${text}`, mode: 'file', parsed: parseText(kind, text) };
}
