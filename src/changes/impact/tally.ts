import type { Difference } from '../difference.js';
import { causesOf } from './causes.js';
import type { ComparedEnvironment } from './comparison.js';
import { type CountedFlag, EnvironmentTally, type TallyOptions } from './environment-tally.js';
import type { FlagImpact, Impact, Sample } from './impact.js';

/**
 * Counts what a change does, caller by caller. It keeps counts and a few callers of each move, so it takes no more
 * memory for a million callers than for a thousand.
 */
export class ImpactTally {
  readonly #options: TallyOptions;
  readonly #environments: readonly EnvironmentTally[];
  #contexts = 0;
  #moved = 0;

  constructor(environments: readonly ComparedEnvironment[], options: TallyOptions) {
    this.#options = options;
    this.#environments = environments.map((environment) => new EnvironmentTally(environment, options));
  }

  get contexts(): number {
    return this.#contexts;
  }

  get moved(): number {
    return this.#moved;
  }

  /** Asks all flags that may answer otherwise, in the environments where the caller asks. */
  add(sample: Sample): void {
    const { context, count } = sample;
    this.#contexts += count;
    let isMoved = false;
    for (const environment of this.#environments) {
      if (isAskedIn(sample, environment.compared) && environment.add(context, count)) isMoved = true;
    }
    if (isMoved) this.#moved += count;
  }

  /** What was counted, with the differences between the two versions that do it. */
  finish(differences: readonly Difference[]): Impact {
    const flags = this.#environments.flatMap((environment) =>
      environment.flags.map((flag) => this.#flagImpact(environment, flag, differences)),
    );
    // Sorting keeps the order of those that move as many.
    flags.sort((one, other) => other.moved - one.moved);
    return { moved: this.#moved, contexts: this.#contexts, flags };
  }

  #flagImpact(
    environment: EnvironmentTally,
    flag: CountedFlag,
    differences: readonly Difference[],
  ): FlagImpact {
    const { org, project, environment: key } = environment.compared;
    const { tally, moved } = flag;
    const asked = { compared: environment.compared, flag: tally.key, now: this.#options.now, differences };
    return {
      org,
      project,
      flag: tally.key,
      environment: key,
      contexts: environment.contexts,
      moved,
      moves: tally.moves,
      before: tally.before,
      after: tally.after,
      segments: environment.segmentsOf(flag),
      because: causesOf(asked, tally.moved),
      becauseOfSample: tally.isSample,
    };
  }
}

function isAskedIn(sample: Sample, { org, project, environment }: ComparedEnvironment): boolean {
  return (
    (sample.environment ?? environment) === environment &&
    (sample.project ?? project) === project &&
    (sample.org ?? org) === org
  );
}
