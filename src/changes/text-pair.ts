/** A file in two versions, as texts; null where it is not there. */
export interface TextPair {
  /** From the top of the repository. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}
