import type { Clause } from '../../../model/clause.js';
import type { SegmentFile } from '../../../model/segment.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { allOf, anyOf } from '../combine.js';
import { type Draft, Inexact, type Note } from '../draft.js';
import { carriedDescription } from '../facts.js';
import { isList, isObject, textOf } from '../read.js';
import type { SegmentFiles } from '../segment-files.js';
import { listedObjects, listedTexts } from '../strict.js';
import { together } from '../when.js';
import { type ConstraintReading, constraintClause } from './constraint.js';

/** The segments of one namespace. They become segments here, and rules ask for those. */
export class Segments {
  /** What became of a segment, by its key. */
  readonly #made = new Map<string, Clause | boolean | Inexact>();

  constructor(segments: readonly JsonObject[], { draft, files, types }: SegmentsInput) {
    const about: Note = (effect, construct, reason) => draft.about(effect, construct, reason);
    for (const segment of segments) {
      const key = textOf(segment.key);
      if (key === undefined || this.#made.has(key)) continue;
      const made = make(segment, { about, types });
      const isLeftOut = made instanceof Inexact;
      if (isLeftOut) about('dropped', made.construct, `segment ${key} has no file: ${made.message}`);
      this.#made.set(key, isLeftOut ? made : files.clause(key, made));
    }
  }

  /** The condition of what names segments: a key, several, or keys with an operator. Throws `Inexact`. */
  condition(named: JsonValue | undefined, beside: JsonValue | undefined): Clause | boolean {
    const { keys, operator } = keysOf(named, beside);
    if (keys.length === 0) throw new Inexact('segment', 'a rule names no segment');
    const clauses = keys.map((key) => this.#clause(key));
    return isOne(operator, OPERATORS) ? allOf(clauses) : anyOf(clauses);
  }

  #clause(key: string): Clause | boolean {
    const made = this.#made.get(key);
    if (made === undefined) throw new Inexact('segment', `segment ${key} is not in the file`);
    if (made instanceof Inexact) throw new Inexact(made.construct, `segment ${key}: ${made.message}`);
    return made;
  }
}

/** What is meant where nothing is said, and the other thing that may be said. */
type Pair = readonly [string, string];

const MATCHES: Pair = ['ALL_MATCH_TYPE', 'ANY_MATCH_TYPE'];
const OPERATORS: Pair = ['OR_SEGMENT_OPERATOR', 'AND_SEGMENT_OPERATOR'];

/** True where the second is said. Throws `Inexact` for what is none of both. */
function isOne(said: JsonValue | undefined, [usual, other]: Pair): boolean {
  if (said === undefined || said === null || said === '' || said === usual) return false;
  if (said === other) return true;
  throw new Inexact('segment', `${JSON.stringify(said)} is neither ${usual} nor ${other}`);
}

interface SegmentsInput extends Pick<ConstraintReading, 'types'> {
  readonly draft: Draft;
  readonly files: SegmentFiles;
}

function make(segment: JsonObject, reading: ConstraintReading): SegmentFile | boolean | Inexact {
  try {
    const clauses = listedObjects(segment.constraints, 'constraints').map((one) =>
      constraintClause(one, reading),
    );
    const isAny = isOne(segment.match_type ?? segment.matchType, MATCHES);
    const condition = isAny && clauses.length > 0 ? anyOf(clauses) : allOf(clauses);
    if (typeof condition === 'boolean') return condition;
    const name = textOf(segment.name);
    return {
      ...(name === undefined || name === segment.key || name.length > 200 ? {} : { name }),
      ...carriedDescription(textOf(segment.description), reading.about),
      when: together(condition),
    };
  } catch (error) {
    if (error instanceof Inexact) return error;
    throw error;
  }
}

function keysOf(
  named: JsonValue | undefined,
  beside: JsonValue | undefined,
): { readonly keys: readonly string[]; readonly operator: JsonValue | undefined } {
  if (typeof named === 'string') return { keys: [named], operator: beside };
  if (isList(named)) return { keys: listedTexts(named, 'segments'), operator: beside };
  if (!isObject(named)) return { keys: [], operator: beside };
  const key = textOf(named.key);
  const keys = [...listedTexts(named.keys, 'segments'), ...(key === undefined ? [] : [key])];
  return { keys, operator: named.operator ?? named.segmentOperator ?? beside };
}
