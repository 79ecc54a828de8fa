/** Something that stands at a line of a file, whatever prints it. */
export interface Found {
  readonly severity: 'error' | 'warning';
  /** From the top of the flags repository, with `/`. */
  readonly path: string;
  /** From 1, as the column. */
  readonly line: number;
  readonly column: number;
  /** The rule that it breaks. */
  readonly code: string;
  /** A few words to find it by. */
  readonly title: string;
  readonly message: string;
}

/** What there is to say of a rule. */
export interface RuleFacts {
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What to do about it. */
  readonly fix: string;
  readonly level: 'off' | 'warning' | 'error';
}
