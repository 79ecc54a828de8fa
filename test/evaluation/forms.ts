import type { CompiledEnvironment, CompiledProject } from '../../src/evaluation/compiled.js';
import type { Evaluation } from '../../src/model/evaluation.js';
import type { EnvironmentState, FlagFile } from '../../src/model/flag.js';

/** Small flags, and what they answer in production. */

export function on(): FlagFile {
  return { environments: { production: { enabled: true } } };
}

export function requires(key: string): FlagFile {
  return { environments: { production: { enabled: true, requires: [key] } } };
}

export function ruled(when: NonNullable<EnvironmentState['rules']>[number]['when'] & object): FlagFile {
  return { environments: { production: { enabled: true, rules: [{ id: 'it', when }], serve: 'off' } } };
}

export function outside(segment: string): FlagFile {
  return ruled([{ not: { segment } }]);
}

export function varying(): FlagFile {
  return ruled([{ attribute: 'x', equals: 1 }]);
}

export function both(): FlagFile {
  const rules = [{ id: 'it', when: [{ segment: 'staff' }] }];
  return { environments: { production: { enabled: true, requires: ['helper'], rules, serve: 'off' } } };
}

export function production(project: CompiledProject): CompiledEnvironment {
  const environment = project.environments.get('production');
  if (environment === undefined) throw new Error('no production');
  return environment;
}

export function variantOf(answer: Evaluation): string | undefined {
  return answer.kind === 'value' ? answer.variant : undefined;
}
