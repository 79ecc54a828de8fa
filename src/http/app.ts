import type { Server } from 'node:http';
import type { GitRepository } from '../repository/git.js';
import type { KeyUse } from '../repository/key-use.js';
import type { FollowedRemote } from '../repository/remote/remote.js';
import type { RevokedTokens } from '../repository/revoked-tokens.js';
import type { FlagCache } from '../repository/served.js';
import type { Writer } from '../repository/write-request.js';
import type { AccessRules } from './access.js';
import { apiKeyRoutes } from './admin/api-keys.js';
import { auditRoutes } from './admin/audit-log.js';
import { environmentRoutes } from './admin/environments.js';
import { flagCopyRoutes } from './admin/flag-copy.js';
import { flagStateRoutes } from './admin/flag-state.js';
import { flagRoutes } from './admin/flags.js';
import { groupRoutes } from './admin/groups.js';
import { invitationRoutes } from './admin/invitations.js';
import { memberRoutes } from './admin/members.js';
import { projectRoutes } from './admin/projects.js';
import { promoteRoutes } from './admin/promote.js';
import { ruleRoutes } from './admin/rules.js';
import { segmentRoutes } from './admin/segments.js';
import { sessionRoutes } from './admin/session.js';
import { changesRoutes } from './changes-routes.js';
import { featureSegmentRoutes } from './config/feature-segments.js';
import { featureRoutes } from './config/features.js';
import { platformSegmentRoutes } from './config/platform-segments.js';
import { createCors } from './cors.js';
import { FlagPages } from './feature-flag-pages.js';
import { featureFlagRoutes } from './feature-flags.js';
import { healthRoutes } from './health.js';
import { gitHookRoutes } from './hooks/git-hook.js';
import { createOfrep } from './ofrep.js';
import { pendingRoutes } from './pending-changes.js';
import { createProtocolServer } from './protocol.js';
import { referenceRoutes } from './reference.js';
import type { Route } from './route.js';
import { createRouting } from './routing.js';

/** What the HTTP side is made of. */
export interface AppOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly writer: Writer;
  readonly access: AccessRules;
  readonly revoked: RevokedTokens;
  /** When API keys were last used. */
  readonly keyUse: KeyUse;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  /** The remote repository that is followed; undefined where there is none. */
  readonly remote?: FollowedRemote | undefined;
  /** What the git host signs its hooks with: FLAGSTAFF_HOOK_SECRET. They are off where it is left out. */
  readonly hookSecret?: string | undefined;
  /** The version of this program. */
  readonly version: string;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** The HTTP side. */
export interface App {
  /** Not listening yet. */
  readonly server: Server;
  /** Every operation but evaluation. */
  readonly routes: readonly Route[];
  /** Answers 503 to what comes from now on, and fulfils when what runs has been answered. */
  finish(): Promise<void>;
}

/** Makes the server: evaluation on node's own requests, everything else through Koa. */
export function createApp(options: AppOptions): App {
  const { repository, cache, writer, access, revoked, keyUse, branch, remote, version, now } = options;
  const { publicAccess } = access;
  const routes = [
    ...healthRoutes({ repository, branch, cache, publicAccess, remote, now, version }),
    ...featureFlagRoutes({ repository, cache, writer, pages: new FlagPages(), publicAccess, now }),
    ...referenceRoutes(),
    ...gitHookRoutes(options),
    ...sessionRoutes({ cache, revoked }),
    ...memberRoutes({ cache, writer }),
    ...groupRoutes({ cache, writer }),
    ...invitationRoutes({ cache, writer, now }),
    ...apiKeyRoutes({ cache, writer, keyUse, now }),
    ...projectRoutes({ cache, writer }),
    ...environmentRoutes({ cache, writer }),
    ...flagRoutes({ cache, writer }),
    ...flagCopyRoutes({ cache, writer }),
    ...flagStateRoutes({ cache, writer }),
    ...promoteRoutes({ cache, writer }),
    ...ruleRoutes({ cache, writer }),
    ...segmentRoutes({ cache, writer }),
    ...auditRoutes({ cache, repository }),
    ...featureRoutes({ cache, writer, now }),
    ...featureSegmentRoutes({ cache, writer, now }),
    ...platformSegmentRoutes({ cache, writer, now }),
    ...pendingRoutes({ cache, remote }),
    ...changesRoutes({ repository, cache, writer, publicAccess }),
  ];
  const answersPreflight = createCors(access.origins);
  let isClosing = false;
  const life = { isClosing: () => isClosing };
  const ofrep = createOfrep({ ...options, ...life });
  const routing = createRouting(routes, { ...options, ...life });
  const server = createProtocolServer((request, response) => {
    if (isClosing) response.shouldKeepAlive = false;
    if (answersPreflight(request, response)) return;
    if (!ofrep(request, response)) routing.handle(request, response);
  });
  const finish = (): Promise<void> => {
    isClosing = true;
    return routing.idle();
  };
  return { server, routes, finish };
}
