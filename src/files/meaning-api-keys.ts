import type { ApiKeysFile } from '../model/api-key.js';
import type { Issue } from './issue.js';
import { judgeMoment, type NamedPlace, twice } from './meaning-names.js';

/** What a file of API keys says that cannot be meant, as far as it alone can tell. */
export function judgeApiKeys(keys: ApiKeysFile): Issue[] {
  return [
    ...twice(
      keys.flatMap(({ id }, place) => named(id, [place, 'id'])),
      'id',
      'DUPLICATE_ID',
    ),
    ...twice(
      keys.flatMap(({ hash, previous }, place) => [
        ...named(hash, [place, 'hash']),
        ...named(previous?.hash, [place, 'previous', 'hash']),
      ]),
      'hash',
      'DUPLICATE_NAME',
    ),
    ...keys.flatMap(({ createdAt, previous }, place) => [
      ...judgeMoment(createdAt, [place, 'createdAt']),
      ...judgeMoment(previous?.until, [place, 'previous', 'until']),
    ]),
  ];
}

function named(name: string | undefined, at: NamedPlace['at']): NamedPlace[] {
  return name === undefined ? [] : [{ name, at }];
}
