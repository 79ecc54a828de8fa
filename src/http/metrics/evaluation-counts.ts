import { setImmediate as turn } from 'node:timers/promises';
import type { CompiledEnvironment } from '../../evaluation/compiled.js';
import type { Evaluation } from '../../model/evaluation.js';

/**
 * Of so many flags, variants and reasons together, in each organization, each is counted by itself; Prometheus asks that
 * there be few. One organization takes no room from another.
 */
const MOST_TALLIES = 5_000;
const OTHER = 'other';

const NAME = 'flagstaff_evaluations_total';
const HEAD = `# HELP ${NAME} Answers of flags; the flags beyond a bound are counted together as "other".
# TYPE ${NAME} counter
`;

/** How often one flag gave one variant for one reason in one environment. */
interface Tally {
  /** The beginning of its line, up to the count: `flagstaff_evaluations_total{org="acme",...} ` */
  readonly line: string;
  count: number;
}

/**
 * Counts what flags answer. Evaluations are shared objects, so after the first time an answer costs a look-up and an
 * addition: a counter of the library hashes its labels each time, which for a list of a hundred flags would take longer
 * than the answer itself.
 */
export class EvaluationCounts {
  readonly #most: number;
  /** By organization and by the beginning of the line. */
  readonly #orgs = new Map<string, Map<string, Tally>>();
  /** Environments that say the same of a flag may share its evaluations. */
  #known = new WeakMap<CompiledEnvironment, WeakMap<Evaluation, Tally>>();

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

  /** Drops what was counted of an organization. */
  forget(org: string): void {
    this.#orgs.delete(org);
    // It may come back as the same objects.
    this.#known = new WeakMap();
  }

  /**
   * The counts in Prometheus' text format. Written by hand, and with a pause after each organization: the library takes some
   * ten microseconds for each line, and evaluations would wait for all of them.
   */
  async text(): Promise<string> {
    const texts = [HEAD];
    for (const tallies of this.#orgs.values()) {
      let text = '';
      for (const { line, count } of tallies.values()) text += `${line}${count}\n`;
      texts.push(text);
      await turn();
    }
    return texts.join('');
  }

  #knownOf(environment: CompiledEnvironment): WeakMap<Evaluation, Tally> {
    const known = this.#known.get(environment);
    if (known !== undefined) return known;
    const none = new WeakMap<Evaluation, Tally>();
    this.#known.set(environment, none);
    return none;
  }

  #find(environment: CompiledEnvironment, evaluation: Evaluation): Tally {
    const tallies = this.#talliesOf(environment.project.org);
    const line = lineOf(environment, evaluation);
    const known = tallies.get(line);
    if (known !== undefined) return known;
    return keep(tallies, tallies.size < this.#most ? line : otherLineOf(environment, evaluation));
  }

  #talliesOf(org: string): Map<string, Tally> {
    const known = this.#orgs.get(org);
    if (known !== undefined) return known;
    const none = new Map<string, Tally>();
    this.#orgs.set(org, none);
    return none;
  }
}

function keep(tallies: Map<string, Tally>, line: string): Tally {
  const tally = tallies.get(line) ?? { line, count: 0 };
  tallies.set(line, tally);
  return tally;
}

/** An answer without a variant has the empty one: its caller's own default holds. */
function lineOf(environment: CompiledEnvironment, evaluation: Evaluation): string {
  const variant = evaluation.kind === 'value' ? evaluation.variant : '';
  return lineWith(environment, { flag: evaluation.flagKey, variant, reason: reasonOf(evaluation) });
}

function otherLineOf(environment: CompiledEnvironment, evaluation: Evaluation): string {
  return lineWith(environment, { flag: OTHER, variant: OTHER, reason: reasonOf(evaluation) });
}

function reasonOf(evaluation: Evaluation): string {
  return evaluation.kind === 'missing' ? 'ERROR' : evaluation.reason;
}

function lineWith(
  { key, project }: CompiledEnvironment,
  answer: Readonly<Record<'flag' | 'variant' | 'reason', string>>,
): string {
  const labels = Object.entries({ org: project.org, project: project.key, environment: key, ...answer });
  return `${NAME}{${labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}} `;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
