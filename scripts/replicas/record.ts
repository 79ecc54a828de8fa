/** What went on, for the verdict. */
export interface Record {
  readonly writes: Asked[];
  /** Commits of the person that the host took, by id. */
  readonly people: string[];
  /** What the host's branch was at, and when. */
  readonly landed: Sight[];
  /** By the name of the replica, what it served and since when. */
  readonly served: Map<string, Sight[]>;
  kills: number;
  cuts: number;
  /** What was not as promised, as sentences. */
  readonly faults: string[];
}

/** A commit at a moment, in milliseconds of `performance.now()`. */
export interface Sight {
  readonly commit: string;
  readonly at: number;
}

/** One write that was asked for: exactly one commit that adds such a line to that file makes it. */
export interface Asked {
  /** Whom. */
  readonly replica: string;
  readonly path: string;
  readonly line: string;
  /** Acknowledged; refused, so that nothing came of it; or nobody knows. */
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  /** Of a refusal. */
  readonly code?: string | undefined;
  /** True where it was acknowledged before the remote had it. */
  readonly isPending?: boolean;
}

export function newRecord(): Record {
  return {
    writes: [],
    people: [],
    landed: [],
    served: new Map(),
    kills: 0,
    cuts: 0,
    faults: [],
  };
}
