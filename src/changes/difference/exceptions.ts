import { comparable } from '../../evaluation/names.js';
import type { OverrideEntry, OverridesFile } from '../../model/override.js';
import type { Names } from '../../model/segment.js';
import type { Named, Part } from '../difference.js';
import { serveText } from './serve.js';
import { flatMapInSteps, type Steps } from './steps.js';
import { wordOf } from './words.js';

/** What one name gets, in one environment or in all. */
export interface Exception {
  /** As it is written. */
  readonly name: string;
  readonly list: keyof Names;
  /** Undefined for all environments. */
  readonly environment: string | undefined;
  readonly entry: OverrideEntry;
  /** The entry's place in the file. */
  readonly place: number;
}

/** The exceptions of a file by name and environment, in its order. No name stands twice for one environment. */
export function* exceptionsOf(overrides: OverridesFile): Steps<readonly Exception[]> {
  const exceptions: Exception[] = [];
  for (const [place, entry] of overrides.entries()) {
    const environments = entry.environments === undefined ? [undefined] : [...new Set(entry.environments)];
    for (const list of LISTS) {
      yield* flatMapInSteps(entry[list] ?? [], (name) => {
        for (const environment of environments) exceptions.push({ name, list, environment, entry, place });
        return [];
      });
    }
  }
  return exceptions;
}

const LISTS = ['users', 'companies'] as const;

/** The exception as a part of its flag. */
export function exceptionPart({ name, list }: Exception): Part {
  return { kind: 'override', who: whoIn(list), name };
}

/** Whom the names of a list mean. */
export function whoIn(list: keyof Names): Named {
  return list === 'users' ? 'user' : 'company';
}

/** What two versions of the exceptions of one name share; addresses of users compare without regard to case. */
export function nameIdentity({ name, list }: Exception): string {
  return `${list}/${list === 'users' ? comparable(name) : name}`;
}

/** What two versions of one exception share. */
export function exceptionIdentity(exception: Exception): string {
  return `${exception.environment ?? ''}/${nameIdentity(exception)}`;
}

/** `off, until 2027-01-31`. */
export function exceptionText({ serve, until }: OverrideEntry): string {
  return `${serveText(serve)}${until === undefined ? '' : `, until ${until}`}`;
}

/** How the exception is called: `override for u-123`. */
export function exceptionName({ name }: Exception): string {
  return `override for ${wordOf(name)}`;
}
