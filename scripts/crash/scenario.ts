import {
  CHECKOUT,
  create,
  DARK_MODE,
  describeFlag,
  enable,
  FILES,
  remove,
  writeOf,
} from '../../test/repository/writable.js';
import { createRepository, type TestRepository } from '../../test/support/git.js';

/** Writes that are asked for at once, and what each does to the tree, as `git log --name-status` says it. */
export interface Scenario {
  readonly name: string;
  /** What git does to the clone before the writes. */
  readonly prepare: readonly (readonly string[])[];
  readonly writes: readonly Meant[];
}

/** One write. */
export interface Meant {
  readonly request: ReturnType<typeof writeOf>;
  /** `M\tflags/acme/…`, sorted. */
  readonly effect: readonly string[];
}

const FLAGS = 'flags/acme/web-app/flags';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const START = { ...FILES, [OVERRIDES]: '- { users: [u-123], reason: dogfooding }\n' };

const CHANGE: Meant = { request: writeOf(enable('new-checkout')), effect: [`M\t${CHECKOUT}`] };
const CREATE: Meant = { request: writeOf(create('fresh')), effect: [`A\t${FLAGS}/fresh.yaml`] };
/** Takes the flag's overrides along, and their folder with them. */
const DELETE: Meant = {
  request: writeOf(remove('dark-mode')),
  effect: [`D\t${DARK_MODE}`, `D\t${OVERRIDES}`],
};
const OTHERS: readonly Meant[] = [
  { request: writeOf(describeFlag('new-checkout', 'Next')), effect: [`M\t${CHECKOUT}`] },
  { request: writeOf(create('fresher')), effect: [`A\t${FLAGS}/fresher.yaml`] },
];

/** Lone writes, a write on a branch that is packed, and several writes that wait together. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'change', prepare: [], writes: [CHANGE] },
  { name: 'create', prepare: [], writes: [CREATE] },
  { name: 'delete', prepare: [], writes: [DELETE] },
  {
    name: 'packed',
    prepare: [
      ['checkout', '--quiet', '-b', 'team/flags'],
      ['pack-refs', '--all', '--prune'],
      ['gc', '--quiet', '--prune=now'],
    ],
    writes: [CHANGE],
  },
  { name: 'group', prepare: [], writes: [CHANGE, CREATE, DELETE, ...OTHERS] },
];

export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** A clone in which the scenario may begin. */
export async function prepared(scenario: Scenario): Promise<TestRepository> {
  const clone = await createRepository(START);
  for (const words of scenario.prepare) await clone.git(...words);
  return clone;
}
