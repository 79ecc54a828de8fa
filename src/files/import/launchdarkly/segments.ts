import type { Clause } from '../../../model/clause.js';
import type { SegmentFile } from '../../../model/segment.js';
import type { JsonObject } from '../../../model/values.js';
import { allOf, anyOf, negated } from '../combine.js';
import { type Draft, Inexact, type Note } from '../draft.js';
import { textOf } from '../read.js';
import type { SegmentFiles } from '../segment-files.js';
import { listedObjects, listedTexts, shareOf, switchOf } from '../strict.js';
import { together } from '../when.js';
import { keyAttribute, kindOf } from './attribute.js';
import { conditionOf } from './clause.js';

/** The segments of one environment. They become segments here, and flags ask for those. */
export class Segments {
  readonly #known: ReadonlyMap<string, JsonObject>;
  readonly #isComplete: boolean;
  readonly #draft: Draft;
  readonly #files: SegmentFiles;
  readonly #note: Note;
  /** What became of a segment, by its key; undefined while it is read. */
  readonly #made = new Map<string, Clause | boolean | Inexact | undefined>();

  constructor({ known, isComplete, draft, files }: SegmentsInput) {
    this.#known = known;
    this.#isComplete = isComplete;
    this.#draft = draft;
    this.#files = files;
    this.#note = (effect, construct, reason) => draft.about(effect, construct, reason);
  }

  /** Reads all of them, so that those which no flag asks for become files too. */
  readAll(): void {
    for (const key of this.#known.keys()) {
      const made = this.#read(key);
      if (!(made instanceof Inexact)) continue;
      this.#draft.about('left out', made.construct, `segment ${key}: ${made.message}`);
    }
  }

  /** The clause of the segment's members, or whether everyone or nobody is one. Throws `Inexact`. */
  clause(key: string): Clause | boolean {
    const made = this.#read(key);
    if (made instanceof Inexact) throw made;
    return made;
  }

  #read(key: string): Clause | boolean | Inexact {
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    if (this.#made.has(key)) return new Inexact('segmentMatch', `segment ${key} asks for itself`);
    this.#made.set(key, undefined);
    const read = this.#make(key);
    this.#made.set(key, read);
    return read;
  }

  #make(key: string): Clause | boolean | Inexact {
    const segment = this.#known.get(key);
    if (segment === undefined) return this.#isComplete ? false : new Inexact('segmentMatch', notThere(key));
    try {
      return this.#files.clause(key, this.#file(segment));
    } catch (error) {
      if (error instanceof Inexact) return error;
      throw error;
    }
  }

  #file(segment: JsonObject): SegmentFile | boolean {
    if (switchOf(segment.unbounded, 'unbounded'))
      throw new Inexact('segmentMatch', 'it is a big segment, whose members are kept outside the export');
    const rules = anyOf(listedObjects(segment.rules, 'rules').map((rule) => this.#rule(rule)));
    const named = membersOf(segment);
    const facts = factsOf(segment);
    if (named.isPlain)
      return plainFile({ included: named.included, excluded: named.excluded, rules, facts }, this.#note);
    const members = anyOf([named.includes, allOf([negated(named.excludes), rules])]);
    return typeof members === 'boolean' ? members : { ...facts, when: together(members) };
  }

  #rule(rule: JsonObject): Clause | boolean {
    const reading = { note: this.#note, segment: (key: string) => this.clause(key) };
    const { weight, clauses } = rule;
    if (clauses === undefined || clauses === null) return false;
    if (weight !== undefined && weight !== null && shareOf(weight, 'weight') < 100_000) {
      if (shareOf(weight, 'weight') <= 0) return false;
      throw new Inexact(
        'segment rule',
        'it has a share of those for whom its clauses hold, and a segment here has none',
      );
    }
    return conditionOf(listedObjects(clauses, 'clauses'), reading);
  }
}

interface SegmentsInput {
  readonly known: ReadonlyMap<string, JsonObject>;
  /** True where a segment that is not among them is one that nobody is a member of. */
  readonly isComplete: boolean;
  readonly draft: Draft;
  /** Those of all environments: what two of them say alike is one file. */
  readonly files: SegmentFiles;
}

function notThere(key: string): string {
  return `segment ${key} is not in the export: export the segments of the environment too`;
}

interface Members {
  readonly included: readonly string[];
  /** Those who are included are not among them: being included comes first. */
  readonly excluded: readonly string[];
  /** The same as conditions, with those of other kinds. */
  readonly includes: Clause | boolean;
  readonly excludes: Clause | boolean;
  /** True where only users are named, and none by an address: a segment here compares addresses without regard to case. */
  readonly isPlain: boolean;
}

function membersOf(segment: JsonObject): Members {
  const included = listedTexts(segment.included, 'included');
  const isIncluded = new Set(included);
  const excluded = listedTexts(segment.excluded, 'excluded').filter((name) => !isIncluded.has(name));
  const others = [
    ...listedObjects(segment.includedContexts, 'includedContexts'),
    ...listedObjects(segment.excludedContexts, 'excludedContexts'),
  ];
  const names = [...included, ...excluded];
  return {
    included,
    excluded,
    includes: anyOf([
      ...listedObjects(segment.includedContexts, 'includedContexts').map(targetClause),
      named('targetingKey', included),
    ]),
    excludes: anyOf([
      ...listedObjects(segment.excludedContexts, 'excludedContexts').map(targetClause),
      named('targetingKey', excluded),
    ]),
    isPlain:
      others.length === 0 && names.every((name) => name !== '' && name.length <= 320 && !name.includes('@')),
  };
}

function targetClause(target: JsonObject): Clause | boolean {
  return named(keyAttribute(kindOf(target.contextKind)), listedTexts(target.values, 'values'));
}

/** The clause that the attribute is one of the names. */
export function named(attribute: string, names: readonly string[]): Clause | boolean {
  const [first, second] = names;
  if (first === undefined) return false;
  return second === undefined ? { attribute, equals: first } : { attribute, in: [...names] };
}

interface PlainSegment {
  readonly included: readonly string[];
  readonly excluded: readonly string[];
  readonly rules: Clause | boolean;
  readonly facts: Pick<SegmentFile, 'name' | 'description'>;
}

function plainFile({ included, excluded, rules, facts }: PlainSegment, note: Note): SegmentFile | boolean {
  if (rules === true)
    return excluded.length === 0 ? true : { ...facts, when: [{ not: excludedClause(excluded) }] };
  if (rules === false && included.length === 0) return false;
  if (included.length + excluded.length > 0) note('assumed', 'segment', SAME_PERSON);
  return {
    ...facts,
    ...(included.length === 0 ? {} : { include: { users: [...new Set(included)] } }),
    ...(excluded.length === 0 ? {} : { exclude: { users: [...new Set(excluded)] } }),
    ...(rules === false ? {} : { when: together(rules) }),
  };
}

function excludedClause(excluded: readonly string[]): Clause {
  return { attribute: 'targetingKey', in: [...excluded] };
}

const SAME_PERSON =
  'who is included or excluded by key is so here by userId and email too: callers have none that is the key of another';

function factsOf({ name, description, key }: JsonObject): Pick<SegmentFile, 'name' | 'description'> {
  const [title, about] = [textOf(name), textOf(description)];
  return {
    ...(title === undefined || title === key || title.length > 200 ? {} : { name: title }),
    ...(about === undefined || about.length > 2000 ? {} : { description: about }),
  };
}
