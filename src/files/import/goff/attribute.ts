import { Inexact, type Note } from '../draft.js';

/** Our name of what a query names. Throws `Inexact`. */
export function attributeOf(name: string, note: Note): string {
  const [first = ''] = name.split('.');
  if (name === 'key' || name === 'targetingKey') return 'targetingKey';
  if (name.length > 200 || first in {})
    throw new Inexact('query', `${JSON.stringify(name)} names no attribute here`);
  if (name.includes('.'))
    note(
      'assumed',
      'query',
      `callers have ${first} as an object: without it, the tool compares what it read before`,
    );
  if (name === 'env')
    note(
      'assumed',
      'query',
      'callers have env: there the settings of a relay proxy or an SDK put it into each context',
    );
  return name;
}
