/**
 * What is wrong with a file. Problems are collected, never thrown: one broken file stops neither the others nor the
 * reader. An error stops merging, serving that file and writing it; a warning stops nothing.
 */
export interface Problem {
  /** The file, as a path from the top of the repository, with `/`. */
  readonly path: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1, in UTF-16 units. */
  readonly column: number;
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** One sentence: what was found, what was wanted. */
  readonly message: string;
  /** True where a second person has to agree before it may be merged; the host of the repository asks for them. */
  readonly needsApproval?: true;
}

export type Severity = 'error' | 'warning';

/** What kind of problem it is; stable, so that people can look it up and tools can filter by it. */
export type ProblemCode =
  // text
  | 'INVALID_UTF8'
  | 'FILE_TOO_LARGE'
  | 'YAML_SYNTAX'
  | 'YAML_FEATURE'
  | 'DUPLICATE_KEY'
  | 'TOO_DEEP'
  | 'TOO_MANY_KEYS'
  | 'UNSAFE_INTEGER'
  | 'FORBIDDEN_KEY'
  | 'EMPTY_FILE'
  // place
  | 'UNEXPECTED_FILE'
  | 'WRONG_EXTENSION'
  | 'INVALID_KEY'
  | 'KEY_CASE_COLLISION'
  | 'NOT_A_FILE'
  | 'LFS_POINTER'
  | 'MISSING_FILE'
  // shape
  | 'WRONG_TYPE'
  | 'UNKNOWN_FIELD'
  | 'MISSING_FIELD'
  | 'INVALID_VALUE'
  // meaning
  | 'UNKNOWN_VARIANT'
  | 'MISSING_SERVE'
  | 'VARIANT_TYPE'
  | 'INVALID_SPLIT'
  | 'INVALID_REGEX'
  | 'INVALID_VERSION'
  | 'INVALID_NETWORK'
  | 'INVALID_DATE'
  | 'DUPLICATE_ID'
  | 'DUPLICATE_NAME'
  | 'UNKNOWN_FLAG'
  | 'UNKNOWN_SEGMENT'
  | 'UNKNOWN_ENVIRONMENT'
  | 'UNKNOWN_PROJECT'
  | 'UNKNOWN_ORG'
  | 'CYCLE'
  | 'FLAG_CLAUSE_IN_SEGMENT'
  | CheckCode;

/** What a repository may think about as it likes: none of it makes a file unservable, and its settings give it a level. */
export type CheckCode =
  // a file as it stands
  | 'UNDECLARED_ATTRIBUTE'
  | 'ATTRIBUTE_VALUE'
  | 'UNREACHABLE'
  | 'PAST_UNTIL'
  | 'EXPIRED'
  | 'UNUSED_SEGMENT'
  | 'EMAIL_IN_OVERRIDE'
  | 'YAML_1_1_WORD'
  | 'STYLE'
  | 'UNTESTED'
  | 'FULLY_ON'
  // a change
  | 'REBUCKETED'
  // policy
  | 'OWNER_REQUIRED'
  | 'NAME_PATTERN'
  | 'RAMP_TOO_STEEP';

/** Where in a document: the keys and list places from its root. */
export type Pointer = readonly (string | number)[];

/** `path:line:column: severity CODE: sentence`, as compilers print it. */
export function formatProblem(problem: Problem): string {
  return `${problem.path}:${problem.line}:${problem.column}: ${problem.severity} ${problem.code}: ${problem.message}`;
}

/** True where one of them is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
