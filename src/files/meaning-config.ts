import { checkRegex } from '../evaluation/check.js';
import type { ConfigFile } from '../model/config.js';
import type { Pointer } from '../model/problem.js';
import { errorAt, type Issue, placed } from './issue.js';
import { twice } from './meaning-names.js';

/** What the settings of the repository say that cannot be meant, as far as they alone can tell. */
export function judgeSettings({ policy = {} }: ConfigFile): Issue[] {
  const patterns = Object.entries(policy.names ?? {});
  return [
    ...patterns.flatMap(([kind, pattern]) => judgePattern(pattern, ['policy', 'names', kind])),
    ...policyEnvironments({ policy }).flatMap(({ at, environments }) =>
      twice(
        environments.map((name, place) => ({ name, at: [...at, place] })),
        'environment',
        'DUPLICATE_NAME',
      ),
    ),
  ];
}

/** The lists of environments in a policy, each with its place. */
export function policyEnvironments({ policy = {} }: ConfigFile): readonly {
  readonly at: Pointer;
  readonly environments: readonly string[];
}[] {
  return (['owner', 'ramp'] as const).flatMap((rule) => {
    const environments = policy[rule]?.environments;
    return environments === undefined ? [] : [{ at: ['policy', rule, 'environments'], environments }];
  });
}

function judgePattern(pattern: string, at: Pointer): Issue[] {
  const sentence = checkRegex(pattern)?.replace(/\.$/, '');
  return sentence === undefined ? [] : [errorAt(at, 'INVALID_REGEX', placed(at, sentence))];
}
