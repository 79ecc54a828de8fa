import type { AttributeClause } from '../model/clause.js';
import type { Pointer } from '../model/problem.js';
import type { AttributeDeclarations, AttributeType } from '../model/project.js';
import type { Scalar } from '../model/values.js';
import { type Issue, warningAt } from './issue.js';
import { hintsOfFile } from './spelling.js';
import { judgeEach } from './telling.js';
import type { AttributeUse, Uses } from './uses.js';

/** These have a meaning of their own and need no declaration. */
const WELL_KNOWN: ReadonlySet<string> = new Set(['targetingKey', 'userId', 'email', 'companyId']);

/** Warnings about attributes, where the project declares any: those it does not know, and values they cannot have. */
export function judgeAttributes(uses: Uses, declared: AttributeDeclarations | undefined): Issue[] {
  if (declared === undefined) return [];
  const hint = hintsOfFile();
  return judgeEach(uses.attributes, (use) => judgeUse(use, declared, hint));
}

function judgeUse(
  { key, at, clause }: AttributeUse,
  declared: AttributeDeclarations,
  hint: ReturnType<typeof hintsOfFile>,
): Issue[] {
  const type = Object.hasOwn(declared, key) ? declared[key] : undefined;
  if (type !== undefined) return clause === undefined ? [] : judgeValues(clause, type, at);
  const [root = ''] = key.split('.');
  if (WELL_KNOWN.has(key) || Object.hasOwn(declared, root)) return [];
  const near = hint(key, Object.keys(declared));
  return [warningAt(at, 'UNDECLARED_ATTRIBUTE', `attribute ${key}: not declared in project.yaml${near}`)];
}

/** `at` is the place of the attribute's name in the clause. */
function judgeValues(clause: AttributeClause, type: AttributeType, at: Pointer): Issue[] {
  const issues: Issue[] = [];
  const judge = (value: Scalar | undefined, ...steps: Pointer) => {
    if (value === undefined || isPossible(value, type, clause.ignoreCase === true)) return;
    const wanted = typeof type === 'string' ? `of type ${type}` : `one of ${type.join(', ')}`;
    const message = `attribute ${clause.attribute}: ${JSON.stringify(value)} can never be its value; it is ${wanted}`;
    issues.push(warningAt([...at.slice(0, -1), ...steps], 'ATTRIBUTE_VALUE', message));
  };
  judge(clause.equals, 'equals');
  judge(clause.notEquals, 'notEquals');
  clause.in?.forEach((value, place) => {
    judge(value, 'in', place);
  });
  clause.notIn?.forEach((value, place) => {
    judge(value, 'notIn', place);
  });
  return issues;
}

/** A list may hold anything; a date may be text or a number; a version is text. */
function isPossible(value: Scalar, type: AttributeType, ignoresCase: boolean): boolean {
  if (typeof type !== 'string') {
    return type.some((possible) => comparable(possible, ignoresCase) === comparable(value, ignoresCase));
  }
  if (type === 'list') return true;
  if (type === 'date') return typeof value !== 'boolean';
  return typeof value === (type === 'semver' ? 'string' : type);
}

function comparable(value: Scalar, ignoresCase: boolean): Scalar {
  return ignoresCase && typeof value === 'string' ? value.toLowerCase() : value;
}
