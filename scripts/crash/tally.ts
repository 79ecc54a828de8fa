/** What a part of the proof found. */
export interface Tally {
  /** `P4 fails: change` */
  readonly name: string;
  /** How often something was made to go wrong. */
  readonly tries: number;
  /** Writes that were acknowledged meanwhile. */
  readonly acknowledged: number;
  /** What was not as promised, as sentences. */
  readonly faults: readonly string[];
}

/** `P4 fails: change: 240 of 240, 12 acknowledged, 0 faults` */
export function lineOf({ name, tries, acknowledged, faults }: Tally): string {
  return `${name}: ${tries} tries, ${acknowledged} writes acknowledged, ${faults.length} faults`;
}

/** Adds up what several found. */
export function summed(name: string, tallies: readonly Tally[]): Tally {
  return {
    name,
    tries: tallies.reduce((total, { tries }) => total + tries, 0),
    acknowledged: tallies.reduce((total, { acknowledged }) => total + acknowledged, 0),
    faults: tallies.flatMap(({ faults }) => faults),
  };
}
