import type { CompiledFlag, CompiledSegment } from '../../evaluation/compiled.js';
import { visitLeaves } from '../../evaluation/leaves.js';
import type { Clause } from '../../model/clause.js';
import { environmentState } from '../../model/flag.js';
import type { AttributeDeclarations, AttributeTypeName } from '../../model/project.js';
import type { Names } from '../../model/segment.js';
import type { JsonValue } from '../../model/values.js';
import { clauseType, clauseValues } from './clause-values.js';
import type { ComparedEnvironment } from './comparison.js';

/** What flags and projects speak of: whom they name, and which values their clauses tell apart. */
export interface Vocabulary {
  readonly users: readonly string[];
  readonly companies: readonly string[];
  /** By attribute, in order of the names. */
  readonly attributes: ReadonlyMap<string, AttributeWords>;
}

/** What is known of an attribute. */
export interface AttributeWords {
  readonly type: AttributeTypeName;
  /** Values that are declared or that a clause tells from others, and their neighbours. */
  readonly named: readonly JsonValue[];
  /** True where there are no other values than the declared. */
  readonly isClosed: boolean;
}

/** What the compared flags speak of in both versions, and all that they ask, and what their projects declare. */
export function vocabularyOf(environments: readonly ComparedEnvironment[]): Vocabulary {
  const collector = new Collector();
  for (const { environment, before, after, flags } of environments) {
    for (const version of [before, after]) collector.addDeclarations(version?.project.file.attributes ?? {});
    for (const flag of flags) {
      for (const version of [flag.before, flag.after]) if (version) collector.addFlag(version, environment);
    }
  }
  return collector.finish();
}

interface Collected {
  type: AttributeTypeName | undefined;
  isClosed: boolean;
  /** By their JSON. */
  readonly values: Map<string, JsonValue>;
}

class Collector {
  /** What was added for each environment; segments are the same in all. */
  readonly #seen = new Map<string, Set<object>>();
  readonly #users = new Set<string>();
  readonly #companies = new Set<string>();
  readonly #attributes = new Map<string, Collected>();

  addDeclarations(attributes: AttributeDeclarations): void {
    for (const [name, type] of Object.entries(attributes)) {
      const words = this.#wordsOf(name);
      if (typeof type === 'string') words.type = type;
      else {
        words.isClosed = true;
        addAll(words.values, type);
      }
    }
  }

  /** With all that it asks, however far away: a list of what is left to do, for a long chain must not fill the stack. */
  addFlag(flag: CompiledFlag, environment: string): void {
    const open: (CompiledFlag | CompiledSegment)[] = [flag];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const isNew = 'flag' in next ? this.#addFlag(next, environment) : this.#addSegment(next);
      if (isNew) open.push(...next.uses.flatMap(({ target }) => target ?? []));
    }
  }

  #addFlag({ flag }: CompiledFlag, environment: string): boolean {
    if (this.#isSeen(flag, environment)) return false;
    for (const entry of flag.overrides) {
      if (entry.environments?.includes(environment) ?? true) this.#addNames(entry);
    }
    if (flag.file.bucketBy !== undefined) this.#wordsOf(flag.file.bucketBy);
    for (const { when = [], bucketBy } of environmentState(flag.file, environment).rules ?? []) {
      if (bucketBy !== undefined) this.#wordsOf(bucketBy);
      this.#addClauses(when);
    }
    return true;
  }

  finish(): Vocabulary {
    const attributes = new Map<string, AttributeWords>();
    for (const name of [...this.#attributes.keys()].sort()) {
      const { type = 'string', isClosed, values } = this.#wordsOf(name);
      const named = [...values].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
      attributes.set(name, { type, isClosed, named });
    }
    const users = [...this.#users, ...this.#texts('targetingKey'), ...this.#texts('userId')];
    const companies = [...this.#companies, ...this.#texts('companyId')];
    return { users: [...new Set(users)].sort(), companies: [...new Set(companies)].sort(), attributes };
  }

  #texts(attribute: string): readonly string[] {
    const values = [...(this.#attributes.get(attribute)?.values.values() ?? [])];
    return values.filter((value) => typeof value === 'string');
  }

  #addSegment({ segment }: CompiledSegment): boolean {
    if (this.#isSeen(segment, '')) return false;
    const { include = {}, exclude = {}, when = [] } = segment.file;
    this.#addNames(include);
    this.#addNames(exclude);
    this.#addClauses(when);
    return true;
  }

  #isSeen(thing: object, environment: string): boolean {
    const seen = this.#seen.get(environment) ?? new Set();
    if (seen.has(thing)) return true;
    this.#seen.set(environment, seen.add(thing));
    return false;
  }

  #addNames({ users = [], companies = [] }: Names): void {
    for (const user of users) this.#users.add(user);
    for (const company of companies) this.#companies.add(company);
  }

  #addClauses(clauses: readonly Clause[]): void {
    visitLeaves(clauses, [], (clause) => {
      if (!('attribute' in clause)) return;
      const words = this.#wordsOf(clause.attribute);
      words.type ??= clauseType(clause);
      addAll(words.values, clauseValues(clause));
    });
  }

  #wordsOf(name: string): Collected {
    const known = this.#attributes.get(name);
    if (known !== undefined) return known;
    const words: Collected = { type: undefined, isClosed: false, values: new Map() };
    this.#attributes.set(name, words);
    return words;
  }
}

function addAll(values: Map<string, JsonValue>, more: readonly JsonValue[]): void {
  for (const value of more) values.set(JSON.stringify(value), value);
}
