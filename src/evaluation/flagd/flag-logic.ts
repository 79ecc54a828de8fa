import type { Reason } from '../../model/evaluation.js';
import { environmentState } from '../../model/flag.js';
import type { Answer, CompiledEnvironment, CompiledFlag, CompiledSegment, Use } from '../compiled.js';
import { outcomesOf } from '../outcome.js';
import { scopeOf } from '../reference.js';
import { type Step, type Steps, stepsOf } from '../steps.js';
import { clausesLogic } from './clause-logic.js';
import type { Inexpressible, Refuse } from './inexpressible.js';
import { allOf, anyOf, type Case, firstOf, type Logic, not, writtenBytes } from './logic.js';
import { namesLogic } from './names-logic.js';
import { type StepWriting, stepCases, variantIn } from './step-logic.js';

/** What a flag answers, in flagd's logic. */
export interface FlagLogic {
  /** What they give is the name of a variant, or null for the caller's own default. */
  readonly cases: readonly Case[];
  /** What all others get. */
  readonly rest: string | null;
  /** Why those get it. */
  readonly reason: Reason;
  readonly refused: readonly Inexpressible[];
}

/** Writes the flags of one environment. What several of them ask is written once. */
export class LogicWriter {
  readonly #environment: CompiledEnvironment;
  readonly #answers = new Map<CompiledFlag, AnswerLogic>();
  readonly #segments = new Map<CompiledSegment, SegmentLogic>();
  /** What `writtenBytes` has counted. */
  readonly #counted = new WeakMap<object, number>();

  constructor(environment: CompiledEnvironment) {
    this.#environment = environment;
  }

  /**
   * What the flag answers. It asks others only as deep as evaluation does. It yields after each step, and after each segment
   * and flag that is asked.
   */
  *write(flag: CompiledFlag): Generator<void, FlagLogic> {
    const { steps, otherwise } = stepsIn(this.#environment, flag);
    if (steps.length > 0) yield* this.#writeUsed(flag.uses);
    const refused: Inexpressible[] = [];
    const cases: Case[] = [];
    let last = otherwise;
    for (const step of steps) {
      if (typeof step.outcome === 'function') {
        const off = variantIn(flag.flag, otherwise.variant);
        cases.push(...stepCases(step, this.#writing(flag, step, { off, refused })));
        yield;
      } else if (step.outcome !== undefined) {
        last = step.outcome;
        break;
      }
    }
    return { ...ended(cases, last), refused };
  }

  /** How many bytes it has as JSON, with what is asked written out. */
  bytesOf(logic: Logic): number {
    return writtenBytes(logic, this.#counted);
  }

  *#writeUsed(uses: readonly Use[]): Generator<void, void> {
    for (const use of uses) {
      if (use.target === undefined) continue;
      if (use.kind === 'flag') yield* this.#writeAnswer(use.target);
      else yield* this.#writeSegment(use.target);
    }
  }

  *#writeAnswer(flag: CompiledFlag): Generator<void, void> {
    if (this.#answers.has(flag)) return;
    const { cases, rest, refused } = yield* this.write(flag);
    const logic = firstOf(cases, rest);
    this.bytesOf(logic);
    this.#answers.set(flag, { logic, isWhole: refused.length === 0 });
    yield;
  }

  *#writeSegment(segment: CompiledSegment): Generator<void, void> {
    if (typeof segment.isMember === 'boolean' || this.#segments.has(segment)) return;
    yield* this.#writeUsed(segment.uses);
    const made = this.#segmentLogic(segment);
    this.bytesOf(made.logic);
    this.#segments.set(segment, made);
    yield;
  }

  #writing(
    { key, flag, uses }: CompiledFlag,
    step: Step,
    more: Pick<StepWriting, 'off'> & { readonly refused: Inexpressible[] },
  ): StepWriting {
    const rule = step.kind === 'rule' ? { rule: step.rule.id } : {};
    const place = { flag: key, environment: this.#environment.key, step: step.kind, ...rule };
    const said = new Set<string>();
    const refuse: Refuse = (construct, sentence) => {
      const words = `${construct} ${sentence}`;
      if (!said.has(words)) more.refused.push({ ...place, construct, sentence });
      said.add(words);
      return false;
    };
    const { flags, segments } = scopeOf(uses);
    return {
      flag,
      off: more.off,
      refuse,
      membership: (segmentKey) => this.#membership(segments.get(segmentKey), refuse),
      answer: (flagKey) => this.#answer(flags.get(flagKey), refuse),
    };
  }

  /** Nobody is a member of a segment that is not there. What a segment cannot say, none that asks it can say. */
  #membership(segment: CompiledSegment | undefined, refuse: Refuse): Logic {
    if (segment === undefined) return false;
    if (typeof segment.isMember === 'boolean') return segment.isMember;
    const { logic, refused } = written(this.#segments, segment);
    for (const [construct, sentence] of refused) refuse(construct, sentence);
    return logic;
  }

  #segmentLogic(segment: CompiledSegment): SegmentLogic {
    const refused = new Map<string, string>();
    const pass: Refuse = (construct, sentence) => {
      if (!refused.has(construct)) refused.set(construct, sentence);
      return false;
    };
    const refuse: Refuse = (construct, sentence) => pass(construct, `segment ${segment.key}: ${sentence}`);
    const { include, exclude, when } = segment.segment.file;
    const { segments } = scopeOf(segment.uses);
    const membership = (key: string): Logic => this.#membership(segments.get(key), pass);
    // A segment asks no flag: the judge of files refuses that, and evaluation looks for none.
    const writing = { refuse, membership, answer: () => null };
    const matched = when !== undefined && clausesLogic(when, writing);
    const members = anyOf([namesLogic(include, refuse), matched]);
    return { logic: allOf([not(namesLogic(exclude, refuse)), members]), refused };
  }

  /** A flag that is not there gives nothing. */
  #answer(flag: CompiledFlag | undefined, refuse: Refuse): Logic {
    if (flag === undefined) return null;
    const { logic, isWhole } = written(this.#answers, flag);
    if (!isWhole) refuse('flag', `flag ${flag.key}, which is asked, cannot be expressed itself`);
    return logic;
  }
}

/** The variant that a flag gives to others, and whether all of it can be expressed. */
interface AnswerLogic {
  readonly logic: Logic;
  readonly isWhole: boolean;
}

/**
 * Membership, and what of it cannot be expressed: sentences by construct. One for each construct is enough: with each
 * reference on the way there were more of them than memory holds.
 */
interface SegmentLogic {
  readonly logic: Logic;
  readonly refused: ReadonlyMap<string, string>;
}

function written<Key, Value>(known: ReadonlyMap<Key, Value>, key: Key): Value {
  const found = known.get(key);
  if (found === undefined) throw new Error('what is asked is written before what asks it');
  return found;
}

function stepsIn({ key, bucketer }: CompiledEnvironment, flag: CompiledFlag): Steps {
  return stepsOf({
    flag: flag.flag,
    state: environmentState(flag.flag.file, key),
    exceptions: flag.exceptions,
    outcomes: outcomesOf(flag.flag),
    scope: scopeOf(flag.uses),
    depth: flag.depth,
    bucketer,
  });
}

/** A rule or a segment that everybody matches is a case of its own: flagd then says that something matched. */
function ended(cases: readonly Case[], { flag, variant, reason }: Answer): Omit<FlagLogic, 'refused'> {
  const gives = variantIn(flag, variant);
  if (reason !== 'TARGETING_MATCH') return { cases, rest: gives, reason };
  return { cases: [...cases, { when: true, gives }], rest: null, reason };
}
