import type { RequestListener, Server } from 'node:http';
import type { FlagEvents } from '../repository/flag-events.js';
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
import { webhookRoutes } from './admin/webhooks.js';
import { changesRoutes } from './changes-routes.js';
import { featureSegmentRoutes } from './config/feature-segments.js';
import { featureRoutes } from './config/features.js';
import { platformSegmentRoutes } from './config/platform-segments.js';
import { createCors } from './cors.js';
import { watchEvaluations } from './evaluation-watch.js';
import { FlagPages } from './feature-flag-pages.js';
import { featureFlagRoutes } from './feature-flags.js';
import { flagdRoutes } from './flagd.js';
import { healthRoutes } from './health.js';
import { gitHookRoutes } from './hooks/git-hook.js';
import { createEventStreams } from './live/event-streams.js';
import { liveRoutes } from './live/live-routes.js';
import { LiveStreams } from './live/live-streams.js';
import type { StreamLimits } from './live/stream-counts.js';
import { openTickets } from './live/ticket.js';
import type { Logs } from './logs/logs.js';
import { openMetrics } from './metrics/metrics.js';
import { metricsRoutes } from './metrics/metrics-route.js';
import { scraperOf } from './metrics/scraper.js';
import { MinRevision, type MinRevisionLimits } from './min-revision.js';
import { observing } from './observe.js';
import { observedOf, REQUEST_ID } from './observed.js';
import { createOfrep } from './ofrep.js';
import { pendingRoutes } from './pending-changes.js';
import { createProtocolServer } from './protocol.js';
import type { Recorder } from './recording/recorder.js';
import { referenceRoutes } from './reference.js';
import type { Route } from './route.js';
import { createRouting } from './routing.js';
import { tellSwaps } from './told-swaps.js';
import { tellWrites } from './told-writer.js';
import { openTracing } from './tracing/tracing.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** What the HTTP side is made of. */
export interface AppOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly writer: Writer;
  readonly access: AccessRules;
  readonly revoked: RevokedTokens;
  /** Where flags answer otherwise from now on. */
  readonly events: FlagEvents;
  /** What seals the tickets of event streams. */
  readonly ticketSecret: string;
  /** How many event streams there may be; thousands, where it is left out. */
  readonly streamLimits?: StreamLimits | undefined;
  /** When API keys were last used. */
  readonly keyUse: KeyUse;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  /** The revision that is only shown, and takes no writes; undefined where a branch is served. */
  readonly ref?: string | undefined;
  /** The remote repository that is followed; undefined where there is none. */
  readonly remote?: FollowedRemote | undefined;
  /** What the git host signs its hooks with: FLAGSTAFF_HOOK_SECRET. They are off where it is left out. */
  readonly hookSecret?: string | undefined;
  /** What tells the webhooks of projects. */
  readonly webhooks: Webhooks;
  /** What those show who collect metrics: FLAGSTAFF_METRICS_TOKEN. */
  readonly metricsToken?: string | undefined;
  /** Records who asks; nobody does, where it is left out. */
  readonly recorder?: Recorder | undefined;
  /** True tells traces whom flags answered. */
  readonly tracesContextIds?: boolean | undefined;
  /** Gets a line for each request and change; undefined where nobody reads them. */
  readonly logs?: Logs | undefined;
  /** How many writes wait or are being made; nobody counts them where it is left out. */
  readonly queueLength?: (() => number) | undefined;
  /** How long and how many requests wait for a revision; sensible ones where it is left out. */
  readonly minRevisionLimits?: MinRevisionLimits | undefined;
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
  const { repository, cache, access, revoked, keyUse, branch, ref, remote, webhooks, version, now, logs } =
    options;
  const { publicAccess } = access;
  const metrics = openMetrics({
    repository,
    cache,
    remote,
    logs,
    webhooks,
    queueLength: options.queueLength,
    version,
    now,
  });
  const writer = tellWrites(options.writer, { metrics, logs });
  if (logs !== undefined) tellSwaps(cache, logs);
  const live = new LiveStreams({ ...options, publicAccess, limits: options.streamLimits });
  metrics.watch({
    name: 'flagstaff_streams',
    help: 'Event streams that are open.',
    read: () => live.count,
  });
  const tickets = openTickets(options.ticketSecret, now);
  const routes = [
    ...healthRoutes({ repository, branch, ref, cache, publicAccess, remote, now, version }),
    ...featureFlagRoutes({ repository, cache, writer, pages: new FlagPages(), publicAccess, now }),
    ...flagdRoutes({ cache, publicAccess }),
    ...referenceRoutes(),
    ...metricsRoutes(metrics),
    ...gitHookRoutes(options),
    ...liveRoutes({ live, tickets, random: Math.random }),
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
    ...webhookRoutes(options),
    ...auditRoutes({ cache, repository }),
    ...featureRoutes({ cache, writer, now }),
    ...featureSegmentRoutes({ cache, writer, now }),
    ...platformSegmentRoutes({ cache, writer, now }),
    ...pendingRoutes({ cache, remote }),
    ...changesRoutes({ repository, cache, writer, publicAccess }),
  ];
  const answersPreflight = createCors(access.origins);
  let isClosing = false;
  const closing = { isClosing: () => isClosing };
  const { minRevisionLimits: limits } = options;
  const minRevision = new MinRevision({ repository, cache, remote, limits, ...closing });
  const life = { ...closing, minRevision };
  const { tracesContextIds = false, recorder } = options;
  const watch = watchEvaluations({ metrics, recorder, tracesContextIds });
  const ofrep = createOfrep({ ...options, ...life, watch, eventStreams: createEventStreams(tickets) });
  const isScraper = scraperOf(options.metricsToken);
  const routing = createRouting(routes, { ...options, ...life, isScraper });
  const answer: RequestListener = (request, response) => {
    if (isClosing) response.shouldKeepAlive = false;
    if (answersPreflight(request, response)) return;
    if (ofrep(request, response)) return;
    response.setHeader(REQUEST_ID, observedOf(request).id);
    routing.handle(request, response);
  };
  const server = createProtocolServer(observing(answer, { metrics, logs, tracing: openTracing(version) }));
  const finish = (): Promise<void> => {
    isClosing = true;
    live.close();
    return routing.idle();
  };
  return { server, routes, finish };
}
