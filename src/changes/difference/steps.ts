/**
 * Work in small steps, so that who runs it can give others a turn between them: a file may name tens of thousands. Each
 * step goes through some hundreds of names at most, or once over the list without making anything of them.
 */
export type Steps<Result> = Generator<void, Result>;

/** So many names make a step. */
const NAMES_A_STEP = 200;

/** Runs all steps at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** What `flatMap` gives, in steps. */
export function* flatMapInSteps<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => readonly Made[],
): Steps<readonly Made[]> {
  const made: Made[] = [];
  for (const [index, item] of items.entries()) {
    if (index % NAMES_A_STEP === 0) yield;
    for (const each of make(item)) made.push(each);
  }
  return made;
}
