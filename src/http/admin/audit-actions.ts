import type { Difference } from '../../changes/difference.js';
import { unreachable } from '../../model/unreachable.js';
import type { JsonValue } from '../../model/values.js';
import { isObject } from '../body.js';
import type { AuditGroup } from './audit-groups.js';

/** What was done, in one word: `FLAG_RULES_UPDATED`. Source: seed 004, "Audit log". */
export function actionOf(group: AuditGroup): string {
  const { resource, differences } = group;
  const [first] = differences;
  switch (resource.type) {
    case 'flag':
      return actionOnFlag(group);
    case 'overrides':
      return `OVERRIDE_${verbOf(differences)}`;
    case 'tests':
      return 'FLAG_TESTS_UPDATED';
    case 'segment':
      return `SEGMENT_${wholeVerb(differences) ?? 'UPDATED'}`;
    case 'api-keys':
      return differences.some(isRotation) ? 'API_KEY_ROTATED' : `API_KEY_${verbOf(differences)}`;
    case 'project':
      if (first?.part.kind === 'entry' && first.part.list === 'environments')
        return `ENVIRONMENT_${verbOf(differences)}`;
      return `PROJECT_${wholeVerb(differences) ?? 'UPDATED'}`;
    case 'org':
    case 'settings':
    case 'file':
      throw new Error(`${resource.type} is no resource of a project`);
    default:
      return unreachable(resource);
  }
}

/** The kill switch comes before all else that happened with it. Of an environment, all but its switches are its rules. */
function actionOnFlag({ environment, differences }: AuditGroup): string {
  const verb = wholeVerb(differences);
  if (verb !== undefined) return `FLAG_${verb}`;
  if (environment === undefined) return 'FLAG_UPDATED';
  const killed = differences.find((difference) => isField(difference, 'killed'));
  if (killed !== undefined) return killed.after === true ? 'FLAG_KILLED' : 'FLAG_UNKILLED';
  const [first] = differences;
  if (first === undefined || differences.length > 1 || !isField(first, 'enabled'))
    return 'FLAG_RULES_UPDATED';
  return first.after === true ? 'FLAG_ENABLED' : 'FLAG_DISABLED';
}

/** Of a resource that came or went. */
function wholeVerb(differences: readonly Difference[]): string | undefined {
  const whole = differences.find(({ part }) => part.kind === 'whole');
  return whole === undefined ? undefined : verbOf([whole]);
}

/** Of parts: what was done to all of them. */
function verbOf(differences: readonly Difference[]): string {
  if (differences.every(({ action }) => action === 'added')) return 'CREATED';
  return differences.every(({ action }) => action === 'removed') ? 'DELETED' : 'UPDATED';
}

function isField({ part }: Difference, name: string): boolean {
  return part.kind === 'field' && part.name === name;
}

/** A key that was replaced is recognised by another beginning. */
function isRotation({ before, after }: Difference): boolean {
  return (
    prefixIn(before) !== undefined && prefixIn(after) !== undefined && prefixIn(before) !== prefixIn(after)
  );
}

function prefixIn(value: JsonValue | undefined): JsonValue | undefined {
  return isObject(value) ? value.prefix : undefined;
}
