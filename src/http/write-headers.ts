import { Failure } from '../model/failure.js';
import type { Problem } from '../model/problem.js';
import type { Precondition, WriteResult } from '../repository/write-request.js';
import { parseStrongTags, parseTags } from './conditions.js';
import type { Asked } from './route.js';

/**
 * How `If-Match` and `If-None-Match` want the file of the one resource that is written. Empty where they say nothing.
 * Throws a `Failure` of kind `invalid` for an `If-None-Match` that names tags: that is a question of reads.
 */
export function preconditionsOf({ request }: Asked, path: string): readonly Precondition[] {
  const ifMatch = parseStrongTags(request.headers['if-match']);
  const ifNoneMatch = parseTags(request.headers['if-none-match']);
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new Failure('invalid', 'INVALID_REQUEST', 'If-None-Match: a write understands only *');
  }
  if (ifMatch === undefined && ifNoneMatch === undefined) return [];
  return [
    {
      path,
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    },
  ];
}

/**
 * The same for a write that may be about several files: of those no header can say what each is to be. Throws a `Failure`
 * of kind `invalid` where one tries.
 */
export function preconditionsOfOne(asked: Asked, paths: readonly string[]): readonly Precondition[] {
  const [only, ...others] = paths;
  const conditions = preconditionsOf(asked, only ?? '');
  if (conditions.length === 0 || others.length === 0) return conditions;
  const sentence = 'If-Match, If-None-Match: only for a write to one file, and this is about several';
  throw new Failure('invalid', 'INVALID_REQUEST', sentence);
}

/** The headers of an answer to a write. */
export function headersOfWrite(result: WriteResult): Readonly<Record<string, string>> {
  const { commit, changed, pending, warnings } = result;
  return {
    'Flagstaff-Commit': commit,
    'Flagstaff-Changed': String(changed),
    ...(pending === 0 ? {} : { 'Flagstaff-Pending': String(pending) }),
    ...(warnings.length === 0 ? {} : { 'Flagstaff-Warnings': warningList(warnings) }),
  };
}

/** Of each code how many there are, and whether a second person is to agree: `UNTESTED;count=2`, in an RFC 9651 list. */
function warningList(warnings: readonly Problem[]): string {
  const codes = [...new Set(warnings.map(({ code }) => code))].sort();
  return codes
    .map((code) => {
      const own = warnings.filter((warning) => warning.code === code);
      const approval = own.some(({ needsApproval }) => needsApproval) ? ';needs-approval' : '';
      return `${code};count=${own.length}${approval}`;
    })
    .join(', ');
}
