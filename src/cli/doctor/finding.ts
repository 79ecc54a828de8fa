import type { GitRepository } from '../../repository/git.js';
import type { Surroundings } from '../surroundings.js';

/**
 * How bad it is: `error` stops serving or writing, `warning` will or may, `note` is what people should know, `ok` says
 * that it was looked at and is as it should be.
 */
export type Level = 'ok' | 'note' | 'warning' | 'error';

/** One thing that the doctor has to say. */
export interface Finding {
  readonly level: Level;
  /** What was looked at, in a word: `locks`. */
  readonly about: string;
  /** What was found, as a sentence. */
  readonly message: string;
  /** What to run, or to do, where something is to be done. */
  readonly remedy?: string;
}

/** What is examined. */
export interface Patient {
  /** The folder that was named. */
  readonly folder: string;
  readonly repository: GitRepository;
  /** The branch that a server would serve; the one that is checked out where it is undefined. */
  readonly branch: string | undefined;
  /** The moment of the examination, in epoch milliseconds. */
  readonly now: number;
  readonly around: Surroundings;
}

/** Looks at one thing and changes nothing. What it throws as a `Failure` is a finding too. */
export type Examination = (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];
