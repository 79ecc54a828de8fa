import { checkVersion } from '../../../evaluation/check.js';
import { parseVersion } from '../../../evaluation/version.js';
import type { Clause } from '../../../model/clause.js';
import { Inexact, type Note } from '../draft.js';
import type { Operand } from './condition.js';

const TESTS = {
  '=': 'semverEq',
  '<': 'semverLt',
  '<=': 'semverLte',
  '>': 'semverGt',
  '>=': 'semverGte',
} as const;

/** The clause of `sem_ver`: an attribute, an operator and a version. */
export function versionClause(operands: readonly Operand[], note: Note): Clause {
  const [subject, operator, limit, fourth] = operands;
  if (
    fourth !== undefined ||
    subject?.kind !== 'attribute' ||
    operator?.kind !== 'value' ||
    limit?.kind !== 'value'
  ) {
    throw new Inexact('sem_ver', 'it compares something else than an attribute with a version');
  }
  const { name: attribute } = subject;
  const version = String(limit.value);
  if (checkVersion(version) !== undefined)
    throw new Inexact('sem_ver', `${JSON.stringify(version)} is no version here`);
  note(
    'assumed',
    'sem_ver',
    `callers have ${attribute} as the text of a version (2.4.0, v2.4), or not at all: numbers and some other texts are versions there`,
  );
  const sign = String(operator.value);
  if (sign === '!=') {
    return {
      any: [
        { attribute, semverLt: version },
        { attribute, semverGt: version },
      ],
    };
  }
  if (sign === '^' || sign === '~') return sameUpTo({ attribute, version, isMinor: sign === '~' });
  const test = TESTS[sign as keyof typeof TESTS];
  if (test === undefined) throw new Inexact('sem_ver', `${JSON.stringify(sign)} is no operator of it`);
  return { attribute, [test]: version };
}

/** The same major version, and the same minor one: from its first pre-release to before that of the next. */
function sameUpTo({
  attribute,
  version,
  isMinor,
}: {
  readonly attribute: string;
  readonly version: string;
  readonly isMinor: boolean;
}): Clause {
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Inexact('sem_ver', `${JSON.stringify(version)} is no version here`);
  const { major, minor } = parsed;
  const [start, end] = isMinor
    ? [`${major}.${minor}.0`, `${major}.${minor + 1}.0`]
    : [`${major}.0.0`, `${major + 1}.0.0`];
  return { attribute, semverGte: `${start}-0`, semverLt: `${end}-0` };
}
