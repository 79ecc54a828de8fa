import type { OverridesFile } from '../../model/override.js';
import type { JsonValue } from '../../model/values.js';
import {
  type Exception,
  exceptionIdentity,
  exceptionName,
  exceptionPart,
  exceptionsOf,
  exceptionText,
  nameIdentity,
} from './exceptions.js';
import { longestRise, type Pairing, pairInSteps } from './pairing.js';
import { type PartDifference, type Told, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { serveText } from './serve.js';
import { flatMapInSteps, type Steps } from './steps.js';
import { joinWords } from './words.js';

/** The differences of a flag's overrides: one for each name and environment whose exception is another one. */
export function* diffOverrides({ before, after }: Versions<OverridesFile>): Steps<readonly PartDifference[]> {
  if (isSame(before, after)) return [];
  const exceptions = { before: yield* exceptionsOf(before), after: yield* exceptionsOf(after) };
  const named = {
    before: yield* flatMapInSteps(exceptions.before, identified),
    after: yield* flatMapInSteps(exceptions.after, identified),
  };
  const pairs = yield* pairInSteps(named);
  const scopes = new Scopes({
    before: yield* byName(exceptions.before),
    after: yield* byName(exceptions.after),
  });
  const moved = yield* movedPairs(pairs);
  return yield* flatMapInSteps(pairs, (pair) => {
    const place = moved.has(pair.name) ? [moveOf(pair)] : [];
    return [...place, ...changesOf(pair, scopes)].map((told) => tellException(told, pair));
  });
}

type ExceptionTold = Omit<Told, 'part' | 'at' | 'environment'>;

function tellException(told: ExceptionTold, { before, after }: Pairing<Exception>): PartDifference {
  const exception = exceptionOf(after ?? before);
  const { environment, place } = exception;
  return tell({ ...told, part: exceptionPart(exception), at: [place], environment });
}

function changesOf({ before, after }: Pairing<Exception>, scopes: Scopes): readonly ExceptionTold[] {
  if (before !== undefined && after !== undefined) return termsChange(before.item, after.item);
  if (after !== undefined) return [comingOf(after.item, scopes.goneFor(after.item))];
  if (before === undefined || scopes.isTakenOver(before.item)) return [];
  return [{ before: contentOf(before.item), sentence: `${exceptionName(before.item)} removed` }];
}

/** An exception that is new in its environment: of a new name, or of one that had it elsewhere. */
function comingOf(exception: Exception, gone: readonly Exception[]): ExceptionTold {
  const subject = exceptionName(exception);
  const after = contentOf(exception);
  const now = exceptionText(exception.entry);
  const [first] = gone;
  if (first === undefined) return { after, sentence: `${subject} added: ${now}` };
  const before = gone.length === 1 ? contentOf(first) : gone.map(contentOf);
  const was = joinWords(
    gone.map(({ entry, environment }) => `${exceptionText(entry)} ${whereOf(environment)}`),
  );
  const everywhere = exception.environment === undefined ? ' everywhere' : '';
  return { before, after, sentence: `${subject}: ${now}${everywhere} (was ${was})` };
}

function whereOf(environment: string | undefined): string {
  return environment === undefined ? 'everywhere' : `in ${environment}`;
}

function termsChange(before: Exception, after: Exception): readonly ExceptionTold[] {
  const { serve: served = 'on', until: ended, reason: why } = before.entry;
  const { serve = 'on', until, reason } = after.entry;
  const parts = [
    ...(served === serve ? [] : [`${serveText(served)} → ${serveText(serve)}`]),
    ...(ended === until ? [] : [untilChange(ended, until)]),
    ...(why === reason ? [] : [reasonChange(why, reason)]),
  ];
  if (parts.length === 0) return [];
  const sentence = `${exceptionName(after)}: ${parts.join(', ')}`;
  return [{ before: contentOf(before), after: contentOf(after), sentence }];
}

function untilChange(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return `no longer until ${before}`;
  return before === undefined ? `until ${after}` : `until ${after} (was ${before})`;
}

function reasonChange(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return 'reason removed';
  return `reason ${before === undefined ? 'added' : 'changed'}`;
}

/** What the exception says, without the others whom its entry names. */
function contentOf({ name, list, environment, entry }: Exception): JsonValue {
  const { users, companies, environments, ...terms } = entry;
  return { [list]: [name], ...(environment === undefined ? {} : { environments: [environment] }), ...terms };
}

/**
 * Where exceptions of one name are for all environments in one version and for some of them in the other, the one takes
 * over the others: that is one change, not a coming and a going.
 */
class Scopes {
  readonly #before: ExceptionsByName;
  readonly #after: ExceptionsByName;

  constructor({ before, after }: Versions<ExceptionsByName>) {
    this.#before = before;
    this.#after = after;
  }

  /** The exceptions that this new one stands for instead. */
  goneFor(exception: Exception): readonly Exception[] {
    return takenOver(exception, this.#before.get(nameIdentity(exception)) ?? []);
  }

  /** True where a new exception stands for this old one. */
  isTakenOver(exception: Exception): boolean {
    return takenOver(exception, this.#after.get(nameIdentity(exception)) ?? []).length > 0;
  }
}

function takenOver({ environment }: Exception, others: readonly Exception[]): readonly Exception[] {
  return others.filter((other) => (other.environment === undefined) !== (environment === undefined));
}

type ExceptionsByName = ReadonlyMap<string, readonly Exception[]>;

function* byName(exceptions: readonly Exception[]): Steps<ExceptionsByName> {
  const names = new Map<string, Exception[]>();
  yield* flatMapInSteps(exceptions, (exception) => {
    const name = nameIdentity(exception);
    const known = names.get(name);
    if (known === undefined) names.set(name, [exception]);
    else known.push(exception);
    return [];
  });
  return names;
}

/**
 * Of two entries that name the same caller, by id and by address, the earlier counts, so the order of users counts. A
 * caller has one company. Names of one entry have no order among them.
 */
function* movedPairs(pairs: readonly Pairing<Exception>[]): Steps<ReadonlySet<string>> {
  const both = yield* flatMapInSteps(pairs, ({ name, before, after }) =>
    before?.item.list === 'users' && after !== undefined
      ? [{ name, before: before.item.place, after: after.item.place }]
      : [],
  );
  yield;
  const inOrder = [...both].sort((one, other) => one.after - other.after || one.before - other.before);
  yield;
  const kept = longestRise(inOrder.map(({ before }) => before));
  yield;
  return new Set(inOrder.flatMap(({ name }, index) => (kept.has(index) ? [] : [name])));
}

function moveOf({ before, after }: Pairing<Exception>): ExceptionTold {
  const [old, now] = [exceptionOf(before), exceptionOf(after)];
  const sentence = `${exceptionName(now)} moved ${now.place < old.place ? 'up' : 'down'} to entry ${now.place + 1}`;
  return { before: contentOf(old), after: contentOf(now), action: 'moved', sentence };
}

function identified(item: Exception) {
  return [{ name: exceptionIdentity(item), item, place: item.place }];
}

function exceptionOf(placed: Pairing<Exception>['before']): Exception {
  if (placed === undefined) throw new Error('an exception is paired with nothing');
  return placed.item;
}
