import { Failure } from '../../model/failure.js';
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
    const { project: defaultProject } = flagPlaceOf(opened, { org }, flag);
    const change = { kind: 'flag.restore', project, flag, commit, texts } as const;
    return {
      request: () => ({ org, changes: [change], ...writerWords(options) }),
      ask: async () => {
        if (project !== defaultProject) throw heldByServer(org, project);
        return {
          path: `/api/v1/feature-flags/${flag}/revert?org_id=${org}`,
          body: { to: commit, ...serverWords(options) },
        };
      },
    };
  });
}

/** The path of a server that reverts one flag is about default projects. */
function heldByServer(org: string, project: string): Failure {
  const sentence = `a server holds the clone, and reverts single flags of the default project only, not of ${org}/${project}`;
  return new Failure(
    'conflict',
    'SERVER_HOLDS_CLONE',
    `${sentence}: revert a commit, or stop the server first`,
  );
}
