/** One line of the benchmark's table: two things measured side by side in one run. */
export interface BenchRow {
  readonly name: string;
  /** What was measured of ours, with its unit. */
  readonly ours: string;
  /** What it is compared to, with its unit. */
  readonly theirs: string;
  /** Ours over theirs. */
  readonly ratio: number;
  /** The figure to reach, such as `>= 3` or `<= 1.3`. */
  readonly target: string;
  readonly met: boolean;
}
