/** What went on, for the verdict. */
export interface Record {
  /** Writes that the server acknowledged. */
  readonly acknowledged: Acknowledged[];
  /** Requests without an answer: nobody knows what became of them. */
  unanswered: number;
  /** Refusals by their code. */
  readonly refused: Map<string, number>;
  /** Commits of people, by their subjects, which are all different. */
  readonly people: string[];
  /** What git or people found in the way, such as a lock: how often they had to try again. */
  retries: number;
  /** Answers to bulk evaluations. */
  reads: number;
  kills: number;
  /** What was not as promised, as sentences. */
  readonly faults: string[];
}

/** One write: this commit says that about the file. */
export interface Acknowledged {
  readonly commit: string;
  readonly path: string;
  /** A line of the file; null where the file is gone. */
  readonly line: string | null;
}

export function newRecord(): Record {
  return {
    acknowledged: [],
    unanswered: 0,
    refused: new Map(),
    people: [],
    retries: 0,
    reads: 0,
    kills: 0,
    faults: [],
  };
}
