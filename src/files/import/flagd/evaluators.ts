import type { Clause } from '../../../model/clause.js';
import type { JsonValue } from '../../../model/values.js';
import { type Draft, Inexact, type Note } from '../draft.js';
import { isObject } from '../read.js';
import { conditionOf } from './condition.js';

/** flagd's `$evaluators`: parts of targetings under a name. Those that are conditions become segments. */
export class Evaluators {
  readonly #parts: ReadonlyMap<string, JsonValue>;
  readonly #draft: Draft;
  /** What became of a part, by its name. */
  readonly #made = new Map<string, Clause | boolean | Inexact>();

  constructor(parts: JsonValue | undefined, draft: Draft) {
    this.#parts = new Map(isObject(parts) ? Object.entries(parts) : []);
    this.#draft = draft;
  }

  /** What stands under the name. Throws `Inexact` where nothing does. */
  part(name: string): JsonValue {
    const part = this.#parts.get(name);
    if (part === undefined) throw new Inexact('$ref', `there is no evaluator ${JSON.stringify(name)}`);
    if (JSON.stringify(part).includes('"$ref":'))
      throw new Inexact('$ref', `evaluator ${JSON.stringify(name)} asks for another one, ${IN_WHICH_ORDER}`);
    return part;
  }

  /** The clause that the part of this name holds, or whether it holds for everyone. Throws `Inexact`. */
  clause(name: string): Clause | boolean {
    if (!this.#made.has(name)) {
      this.#made.set(name, this.#make(name));
    }
    const made = this.#made.get(name) ?? false;
    if (made instanceof Inexact) throw made;
    return made;
  }

  /** What is assumed of callers is so for all flags that ask for the part. */
  #make(name: string): Clause | boolean | Inexact {
    const about: Note = (effect, construct, reason) => this.#draft.about(effect, construct, reason);
    try {
      const condition = conditionOf(this.part(name), {
        key: undefined,
        evaluators: this,
        note: about,
        about,
      });
      if (typeof condition === 'boolean') return condition;
      return {
        segment: this.#draft.segment(name, { when: 'all' in condition ? condition.all : [condition] }),
      };
    } catch (error) {
      if (error instanceof Inexact) return error;
      throw error;
    }
  }
}

const IN_WHICH_ORDER = 'and the order in which flagd puts their text in decides whether it works';
