import type { Edit } from '../files/edit.js';

/** From here on a flag is only said to change. */
const LISTED_EDITS = 3;

/** What edits of a flag's file do, in plain words: `enable new-checkout in production, describe new-checkout`. */
export function describeEdits(edits: readonly Edit[], flag: string): string {
  const phrases = [...new Set(edits.map((edit) => describeEdit(edit, flag)))];
  return phrases.length > LISTED_EDITS ? `change ${flag}` : phrases.join(', ');
}

function describeEdit(edit: Edit, flag: string): string {
  const [field, environment, ...below] = edit.at;
  if (field !== 'environments') return describeField(edit, String(field ?? 'file'), flag);
  if (environment === undefined) return `change the environments of ${flag}`;
  const value = 'set' in edit ? edit.set : undefined;
  return describeState(
    { name: below[0], value, isRemoved: 'remove' in edit, isWhole: below.length < 2 },
    flag,
    String(environment),
  );
}

interface StateEdit {
  /** The field of the state, or undefined for all of it. */
  readonly name: string | number | undefined;
  readonly value: unknown;
  readonly isRemoved: boolean;
  readonly isWhole: boolean;
}

function describeState(edit: StateEdit, flag: string, environment: string): string {
  const place = `${flag} in ${environment}`;
  if (edit.name === 'enabled' && typeof edit.value === 'boolean')
    return `${edit.value ? 'enable' : 'disable'} ${place}`;
  if (edit.name === 'killed') return `${edit.value === true ? 'kill' : 'unkill'} ${place}`;
  if (edit.name === undefined) return `${edit.isRemoved ? 'remove the state of' : 'change'} ${place}`;
  const verb = edit.isRemoved && edit.isWhole ? 'remove' : 'change';
  return `${verb} ${WORDS.get(String(edit.name)) ?? edit.name} of ${place}`;
}

/** What the fields are called in a sentence. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['serve', 'what is served'],
  ['requires', 'the required flags'],
  ['segments', 'the segments'],
  ['rules', 'the rules'],
  ['offVariant', 'the off variant'],
  ['variants', 'the variants'],
  ['metadata', 'the metadata'],
  ['environments', 'the environments'],
  ['tags', 'the tags'],
]);

function describeField(edit: Edit, field: string, flag: string): string {
  const isRemoved = 'remove' in edit && edit.at.length === 1;
  if (!isRemoved && field === 'description') return `describe ${flag}`;
  if (!isRemoved && field === 'tags') return `tag ${flag}`;
  if (!isRemoved && field === 'name') return `rename ${flag}`;
  return `${isRemoved ? 'remove' : 'set'} ${WORDS.get(field) ?? field} of ${flag}`;
}
