import type { Level } from '../../model/config.js';
import type { CheckCode } from '../../model/problem.js';
import type { WrittenFacts } from './codes.js';

/** The codes whose level a repository may set, with the level that they have else. */
export const CHECKS: Readonly<Record<CheckCode, WrittenFacts & { readonly level: Level }>> = {
  UNDECLARED_ATTRIBUTE: {
    level: 'warning',
    summary: 'A clause tests an attribute that project.yaml does not declare.',
    fix: 'Declare it under `attributes` in project.yaml, or correct its name.',
  },
  ATTRIBUTE_VALUE: {
    level: 'warning',
    summary: 'A clause compares a declared attribute with something that it never is.',
    fix: 'Compare with a value of the declared type or list, or declare the value in project.yaml.',
  },
  UNREACHABLE: {
    level: 'warning',
    summary: 'A rule, an attachment, a clause or an included name never decides anything.',
    fix: 'Remove it, move it before what hides it, or mend the clauses that contradict each other. What clauses mean together is known of attributes that project.yaml declares as one value; without that they may be lists.',
  },
  PAST_UNTIL: {
    level: 'warning',
    summary: 'The last day of an override is past, so it counts no more.',
    fix: 'Remove the override, or move its `until`.',
  },
  EXPIRED: {
    level: 'warning',
    summary: 'The day on which a flag was to be gone is past.',
    fix: 'Remove the flag from the code and then its file, or move its `expires`.',
  },
  UNUSED_SEGMENT: {
    level: 'warning',
    summary: 'No flag and no other segment uses a segment.',
    fix: 'Delete the file of the segment, or attach it where it is wanted.',
  },
  EMAIL_IN_OVERRIDE: {
    level: 'warning',
    summary: 'An override names an e-mail address, which stays in the history of git for ever.',
    fix: "Name the user's id instead.",
  },
  YAML_1_1_WORD: {
    level: 'warning',
    summary: 'A bare word is text here, but true or false to older readers of YAML.',
    fix: 'Put it in quotes; `flagstaff validate --fix` does.',
  },
  STYLE: {
    level: 'warning',
    summary: 'The text of a file is not written as usual; its meaning is clear.',
    fix: 'Run `flagstaff validate --fix`.',
  },
  UNTESTED: {
    level: 'off',
    summary: 'No test case reaches a flag, or one of its attachments, rules or serves.',
    fix: "Add a case to the flag's file under tests/ whose context comes to that place; `flagstaff test --coverage` lists them all.",
  },
  FULLY_ON: {
    level: 'warning',
    summary:
      'A flag has given everybody the same variant in every environment for a long time; changes of its description and the like do not count.',
    fix: 'Put the variant into the code and remove the flag. Where it has to stay, give it an `expires` that is still to come.',
  },
  REBUCKETED: {
    level: 'warning',
    summary:
      'A change gives people another place in a percentage or a split, so that some lose what they had.',
    fix: 'Keep salt, bucketBy, the ids of rules and the order of the weights; a new file may set the old `salt`. Where the move is meant, merge it knowing whom it moves.',
  },
  OWNER_REQUIRED: {
    level: 'error',
    summary: 'A flag is enabled where `policy.owner` wants an owner, and has none.',
    fix: 'Say in `owner` who answers for the flag.',
  },
  NAME_PATTERN: {
    level: 'error',
    summary: 'A name is not one that `policy.names` allows.',
    fix: 'Choose a name that matches the pattern in `.flagstaff.yaml`.',
  },
  RAMP_TOO_STEEP: {
    level: 'warning',
    summary: 'One change gives a variant to more people at once than `policy.ramp` allows.',
    fix: 'Take smaller steps, or have a second person approve it; `needsApproval` tells the host of the repository.',
  },
};
