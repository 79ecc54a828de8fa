import { Counter, type Registry } from 'prom-client';
import type { CompiledEnvironment } from '../../evaluation/compiled.js';
import type { Evaluation } from '../../model/evaluation.js';

/** Of so many flags, variants and reasons together each is counted by itself; Prometheus asks that there be few. */
const MOST_TALLIES = 10_000;
const OTHER = 'other';

const LABELS = ['org', 'project', 'environment', 'flag', 'variant', 'reason'] as const;
type Labels = Readonly<Record<(typeof LABELS)[number], string>>;

/** How often one flag gave one variant for one reason in one environment. */
interface Tally {
  readonly labels: Labels;
  count: number;
}

/**
 * Counts what flags answer. Evaluations are shared objects, so after the first time an answer costs a look-up and an
 * addition: a counter of the library hashes its labels each time, which for a list of a hundred flags would take longer
 * than the answer itself.
 */
export class EvaluationCounts {
  readonly #most: number;
  readonly #tallies = new Map<string, Tally>();
  /** Environments that say the same of a flag may share its evaluations. */
  readonly #known = new WeakMap<CompiledEnvironment, WeakMap<Evaluation, Tally>>();

  constructor(most = MOST_TALLIES) {
    this.#most = most;
  }

  add(environment: CompiledEnvironment, evaluations: readonly Evaluation[]): void {
    const known = this.#knownOf(environment);
    for (const evaluation of evaluations) {
      let tally = known.get(evaluation);
      if (tally === undefined) {
        tally = this.#find(environment, evaluation);
        known.set(evaluation, tally);
      }
      tally.count += 1;
    }
  }

  /** Shows the counts as `flagstaff_evaluations_total`. */
  register(registry: Registry): void {
    const tallies = this.#tallies;
    new Counter({
      name: 'flagstaff_evaluations_total',
      help: 'Answers of flags; the flags beyond a bound are counted together as "other".',
      labelNames: LABELS,
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, count } of tallies.values()) this.inc(labels, count);
      },
    });
  }

  #knownOf(environment: CompiledEnvironment): WeakMap<Evaluation, Tally> {
    const known = this.#known.get(environment);
    if (known !== undefined) return known;
    const none = new WeakMap<Evaluation, Tally>();
    this.#known.set(environment, none);
    return none;
  }

  #find(environment: CompiledEnvironment, evaluation: Evaluation): Tally {
    const labels = labelsOf(environment, evaluation);
    const isRoom = this.#tallies.size < this.#most || this.#tallies.has(nameOf(labels));
    return this.#keep(isRoom ? labels : { ...labels, flag: OTHER, variant: OTHER });
  }

  #keep(labels: Labels): Tally {
    const name = nameOf(labels);
    const tally = this.#tallies.get(name) ?? { labels, count: 0 };
    this.#tallies.set(name, tally);
    return tally;
  }
}

/** An answer without a variant has the empty one: its caller's own default holds. */
function labelsOf({ key, project }: CompiledEnvironment, evaluation: Evaluation): Labels {
  return {
    org: project.org,
    project: project.key,
    environment: key,
    flag: evaluation.flagKey,
    variant: evaluation.kind === 'value' ? evaluation.variant : '',
    reason: evaluation.kind === 'missing' ? 'ERROR' : evaluation.reason,
  };
}

function nameOf(labels: Labels): string {
  return LABELS.map((label) => labels[label]).join('/');
}
