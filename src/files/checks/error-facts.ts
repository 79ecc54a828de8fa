import type { CheckCode, ProblemCode } from '../../model/problem.js';
import type { WrittenFacts } from './codes.js';

/** The codes of what makes a file unservable. */
export const ERRORS: Readonly<Record<Exclude<ProblemCode, CheckCode>, WrittenFacts>> = {
  INVALID_UTF8: {
    summary: 'The bytes of a file are not UTF-8.',
    fix: 'Save the file as UTF-8.',
  },
  FILE_TOO_LARGE: {
    summary: 'A file is larger than files of its kind may be.',
    fix: 'Say it with less: a segment instead of long lists of names, fewer cases in one file of tests.',
  },
  YAML_SYNTAX: {
    summary: 'A file is not YAML 1.2.',
    fix: 'Correct the line; most often it is its indentation, a blank behind a colon, or a quote.',
  },
  YAML_FEATURE: {
    summary:
      'A file uses a part of YAML that flag files do without: an anchor, an alias, a tag, a directive or a second document.',
    fix: 'Write it out plainly.',
  },
  DUPLICATE_KEY: {
    summary: 'A map has the same key twice.',
    fix: 'Keep one of them.',
  },
  TOO_DEEP: {
    summary: 'Clauses, segments or required flags are nested too deep.',
    fix: 'Flatten them: name a group as a segment, or require the last flag of the chain directly.',
  },
  TOO_MANY_KEYS: {
    summary: 'A map has more keys than maps may have.',
    fix: 'Split it, or shorten it.',
  },
  UNSAFE_INTEGER: {
    summary: 'A whole number is so large that programs round it.',
    fix: 'Write it in quotes, as text.',
  },
  FORBIDDEN_KEY: {
    summary: 'A key is one that every object has in JavaScript.',
    fix: 'Choose another name.',
  },
  EMPTY_FILE: {
    summary: 'A file says nothing.',
    fix: 'Write what belongs there, or delete it.',
  },
  UNEXPECTED_FILE: {
    summary: 'A file lies where flags/ has no place for it.',
    fix: 'Move it out of flags/, or to flags/<org>/<project>/flags, segments, overrides or tests.',
  },
  WRONG_EXTENSION: {
    summary: "A file's name does not end in .yaml.",
    fix: 'Rename it.',
  },
  INVALID_KEY: {
    summary: 'A name has characters that names of its kind may not have.',
    fix: 'Rename it: letters and digits, joined by hyphens; keys of flags and segments may have dots and underscores too.',
  },
  KEY_CASE_COLLISION: {
    summary: 'Two names differ only in case, and some file systems take them for one.',
    fix: 'Rename one of them.',
  },
  NOT_A_FILE: {
    summary: 'A link, a submodule or a folder has the place of a file.',
    fix: 'Put the file itself there.',
  },
  LFS_POINTER: {
    summary: 'A file is kept by Git LFS, so only a pointer is in git.',
    fix: 'Take flags/ out of `.gitattributes` and commit the file itself.',
  },
  MISSING_FILE: {
    summary: 'A project has no project.yaml.',
    fix: 'Add it, with its `environments`.',
  },
  WRONG_TYPE: {
    summary: 'A value is of another type than its field.',
    fix: 'Write the value as the message says; text that looks like a number or a truth needs quotes.',
  },
  UNKNOWN_FIELD: {
    summary: 'A field is not known at its place.',
    fix: 'Correct its name or its indentation, or remove it.',
  },
  MISSING_FIELD: {
    summary: 'A field that must be there is not.',
    fix: 'Add it.',
  },
  INVALID_VALUE: {
    summary: 'A value is not one that its field may have.',
    fix: 'Choose one that the message names.',
  },
  UNKNOWN_VARIANT: {
    summary: 'A flag does not have the variant that is named.',
    fix: 'Correct the name, or add the variant to the flag.',
  },
  MISSING_SERVE: {
    summary: 'A flag without a variant `on` has to say what it serves.',
    fix: 'Add `serve` with one of its variants.',
  },
  VARIANT_TYPE: {
    summary: "The value of a variant is not of the flag's type.",
    fix: 'Change the value, or the `type` of the flag.',
  },
  INVALID_SPLIT: {
    summary: 'The weights of a split add up to nothing, or to too much.',
    fix: 'Give at least one variant a weight; their sum may be up to 2147483647.',
  },
  INVALID_REGEX: {
    summary: 'A regular expression is not one in RE2 syntax, or is too much work.',
    fix: 'Do without look-around and back-references, and with smaller repetitions.',
  },
  INVALID_VERSION: {
    summary: 'A text is no semantic version, or no range of them.',
    fix: "Write it as 2.4.0, a range as '>=2.4.0 <3'.",
  },
  INVALID_NETWORK: {
    summary: 'A text is no IP network.',
    fix: 'Write it as address/bits, such as 10.0.0.0/8.',
  },
  INVALID_DATE: {
    summary: 'A text is no day or no moment that there is.',
    fix: 'Write a day as 2027-03-01, a moment as 2027-03-01T10:00:00Z.',
  },
  DUPLICATE_ID: {
    summary: 'Two things have one id.',
    fix: 'Give one of them another id, or leave it out.',
  },
  DUPLICATE_NAME: {
    summary: 'A list names the same thing twice.',
    fix: 'Keep one of them.',
  },
  UNKNOWN_FLAG: {
    summary: 'A file refers to a flag that the project does not have.',
    fix: 'Correct the key, or add the flag.',
  },
  UNKNOWN_SEGMENT: {
    summary: 'A file refers to a segment that the project does not have.',
    fix: 'Correct the key, or add the segment.',
  },
  UNKNOWN_ENVIRONMENT: {
    summary: 'A file refers to an environment that does not exist.',
    fix: 'Correct the key, or add the environment to project.yaml.',
  },
  UNKNOWN_PROJECT: {
    summary: 'A file refers to a project that the organization does not have.',
    fix: 'Correct the key, or add the project.',
  },
  UNKNOWN_ORG: {
    summary: 'The settings refer to an organization that has no folder in flags/.',
    fix: 'Correct the key, or add the folder.',
  },
  CYCLE: {
    summary: 'Flags or segments need each other in a circle.',
    fix: 'Take one of the references out.',
  },
  FLAG_CLAUSE_IN_SEGMENT: {
    summary: 'A segment asks for the answer of a flag.',
    fix: 'Ask for the flag in the rule that uses the segment.',
  },
};
