import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { readUnleash } from '../../../src/files/import/unleash/unleash.js';
import { projectOf, type Subject } from './proof.js';
import { type UnleashCaller, unleashContext } from './unleash.js';

/** How many of the people get each answer, there and here: `a true`, `a-variant "blue"`. */
export interface ShareCounts {
  readonly theirs: ReadonlyMap<string, number>;
  readonly ours: ReadonlyMap<string, number>;
}

/** Asks Unleash's client and ours for each of the people, who are else as the caller is. */
export function countShares(
  subject: Subject<UnleashCaller>,
  { caller, people }: { readonly caller: UnleashCaller; readonly people: number },
): ShareCounts {
  const imported = readUnleash({ texts: subject.texts, targets: { of: () => ['production'] } });
  const environment = compileNow(projectOf(imported)).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  const counts = { theirs: new Map<string, number>(), ours: new Map<string, number>() };
  for (let number = 0; number < people; number += 1) {
    const person = { ...caller, fields: { ...caller.fields, userId: `person-${number}` } };
    const joint = { theirs: '', ours: '' };
    for (const { key } of environment.sorted) {
      const answer = evaluate(environment, key, unleashContext(person), 0);
      const theirs = JSON.stringify(subject.ask(key, person) ?? null);
      const ours = JSON.stringify(answer.kind === 'value' ? answer.value : null);
      add(counts.theirs, `${key} ${theirs}`);
      add(counts.ours, `${key} ${ours}`);
      if (theirs === 'true') joint.theirs += ` ${key}`;
      if (ours === 'true') joint.ours += ` ${key}`;
    }
    add(counts.theirs, `together${joint.theirs}`);
    add(counts.ours, `together${joint.ours}`);
  }
  return counts;
}

/** The answers of which there are more on one side than chance makes likely, by five times its usual spread. */
export function differingShares({ theirs, ours }: ShareCounts, people: number): readonly string[] {
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((answer) => {
    const [there, here] = [theirs.get(answer) ?? 0, ours.get(answer) ?? 0];
    const share = (there + here) / (2 * people);
    const spread = Math.sqrt(2 * people * share * (1 - share));
    return Math.abs(there - here) <= 5 * spread ? [] : [`${answer}: ${there} there, ${here} here`];
  });
}

function add(counts: Map<string, number>, answer: string): void {
  counts.set(answer, (counts.get(answer) ?? 0) + 1);
}
