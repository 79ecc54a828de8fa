import { isDeepStrictEqual } from 'node:util';
import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { compileNow } from '../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../src/evaluation/compiled.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import {
  type DefinitionLimits,
  type FlagdDefinitions,
  writeDefinitions,
} from '../../src/evaluation/flagd/definitions.js';
import type { Evaluation, EvaluationContext, Reason } from '../../src/model/evaluation.js';
import { flagType } from '../../src/model/flag.js';
import { snapshotOf } from './cases.js';
import { anyFlagdContext, anyFlagdProject } from './flagd-project.js';

/** What a comparison of flagd's answers with ours found. */
export interface FlagdProof {
  /** Questions that both were asked: a flag and a caller. */
  readonly asked: number;
  /** Flags of all projects, and those of them that flagd can express. */
  readonly flags: number;
  readonly expressed: number;
  /** By variant or `none`, how often it was the answer. */
  readonly answers: ReadonlyMap<string, number>;
  /** What was answered otherwise, with all that it takes to see it again. */
  readonly differences: readonly string[];
}

const CALLERS_A_PROJECT = 40;
const DIFFERENCES_TOLD = 10;

/** Asks random flags for random callers until there are so many answers. The same seed asks the same. */
export function proveFlagd({ count, seed }: { readonly count: number; readonly seed: number }): FlagdProof {
  const answers = new Map<string, number>();
  const differences: string[] = [];
  let asked = 0;
  let flags = 0;
  let expressed = 0;
  for (let round = 0; asked < count; round += 1) {
    const sampling = { numRuns: CALLERS_A_PROJECT, seed: seed * 1_000_003 + round };
    const [parts] = fc.sample(anyFlagdProject, { ...sampling, numRuns: 1 });
    const environment = compileNow(snapshotOf(parts ?? { flags: {} })).environments.get('production');
    if (environment === undefined) throw new Error('no production');
    const definitions = allDefinitions(environment);
    const cores = coresOf(definitions);
    flags += environment.sorted.length;
    expressed += definitions.flags.size;
    for (const context of fc.sample(anyFlagdContext, sampling)) {
      for (const key of definitions.flags.keys()) {
        const { answer, difference } = compare(environment, cores, { key, context });
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
        asked += 1;
        if (difference === undefined || differences.length >= DIFFERENCES_TOLD) continue;
        differences.push(`round ${round}: ${difference}: ${definitions.flags.get(key)}`);
      }
    }
  }
  return { asked, flags, expressed, answers, differences };
}

/** The definitions of all flags, at once. */
export function allDefinitions(
  environment: CompiledEnvironment,
  limits?: DefinitionLimits,
): FlagdDefinitions {
  const work = writeDefinitions(environment, limits);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** flagd's core, in both ways in which it runs rules. A definition that is not in its schema is an error. */
export function coresOf({ flags }: FlagdDefinitions): readonly FlagdCore[] {
  const members = [...flags].map(([key, definition]) => `${JSON.stringify(key)}:${definition}`);
  const text = `{"flags":{${members.join(',')}}}`;
  return [false, true].map((disableDynamicCodeGeneration) => {
    const storage = new MemoryStorage(SILENT, { disableDynamicCodeGeneration });
    storage.setConfigurations(text, true);
    return new FlagdCore(storage, SILENT, { disableDynamicCodeGeneration });
  });
}

interface Question {
  readonly key: string;
  readonly context: EvaluationContext;
}

/** What is wrong with flagd's answers, or undefined where they are ours. */
function compare(
  environment: CompiledEnvironment,
  cores: readonly FlagdCore[],
  question: Question,
): { readonly answer: string; readonly difference: string | undefined } {
  const ours = evaluate(environment, question.key, question.context, Date.now());
  const theirs = cores.map((core) => answerOf(environment, core, question));
  const different = theirs.find((answer) => !isSameAnswer(ours, answer));
  return {
    answer: ours.kind === 'value' ? ours.variant : 'none',
    difference: different && JSON.stringify({ ...question, ours, theirs: different }),
  };
}

type FlagdAnswer = ReturnType<FlagdCore['resolve']>;

/** Asked with a default that no variant has, so that it is told from a value. */
function answerOf(
  environment: CompiledEnvironment,
  core: FlagdCore,
  { key, context }: Question,
): FlagdAnswer {
  const flag = environment.flags.get(key);
  if (flag === undefined) throw new Error(`no flag ${key}`);
  return core.resolve(flagType(flag.flag.file), key, DEFAULT, context as never, SILENT);
}

const DEFAULT = 'the default of the caller';

function isSameAnswer(ours: Evaluation, theirs: FlagdAnswer): boolean {
  if (ours.kind === 'missing' || theirs.errorCode !== undefined) return false;
  if (!REASONS[ours.reason].includes(theirs.reason ?? '')) return false;
  if (ours.kind === 'default') return theirs.value === DEFAULT && theirs.variant === undefined;
  return theirs.variant === ours.variant && isDeepStrictEqual(theirs.value, written(ours.value));
}

/** As JSON has it: it knows no -0. */
function written(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** flagd knows no SPLIT, gives DISABLED without a value alone, and calls all that a rule gives a match. */
const REASONS: Readonly<Record<Reason, readonly string[]>> = {
  STATIC: ['STATIC', 'DEFAULT'],
  DEFAULT: ['DEFAULT', 'STATIC', 'TARGETING_MATCH'],
  TARGETING_MATCH: ['TARGETING_MATCH', 'DEFAULT'],
  SPLIT: ['TARGETING_MATCH', 'DEFAULT'],
  DISABLED: ['DISABLED', 'STATIC', 'DEFAULT', 'TARGETING_MATCH'],
};

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
