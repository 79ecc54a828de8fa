import type { FlagKey } from '../../model/keys.js';
import { flagTextsAt } from '../../repository/version-texts.js';
import { WrongUse } from '../exit.js';
import { shortCommit } from '../past/entry.js';
import { withPast } from '../past/open.js';
import { flagPlaceOf, refuseUnknownFlag } from '../past/scope.js';
import type { Surroundings } from '../surroundings.js';
import type { CommandWrite } from '../write/commit.js';
import { type RevertWords, serverWords, writerWords } from './words.js';

/** What to write to have a flag as it was at a revision. Throws `WrongUse` where it was not there, and is not. */
export function revertOfFlag(
  flag: FlagKey,
  options: RevertWords & { readonly to: string },
  around: Surroundings,
): Promise<CommandWrite> {
  return withPast(options.repo, around, async (opened) => {
    const place = flagPlaceOf(opened, options, flag);
    const commit = await opened.resolve(options.to);
    const texts = await flagTextsAt(opened.repository, commit, place);
    if (texts.flag === null) {
      refuseUnknownFlag(opened, options, place);
      throw new WrongUse(`${place.org}/${place.project} had no flag ${flag} at ${shortCommit(commit)}`);
    }
    const { org, project } = place;
    const change = { kind: 'flag.restore', project, flag, commit, texts } as const;
    return {
      request: () => ({ org, changes: [change], ...writerWords(options) }),
      ask: async () => ({
        path: '/api/v1/changes',
        body: {
          org_id: org,
          changes: [{ kind: 'flag.restore', project, flag, to: commit }],
          ...serverWords(options),
        },
      }),
    };
  });
}
