import type { IncomingMessage, ServerResponse } from 'node:http';
import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { Failure } from '../model/failure.js';
import type { FlagCache } from '../repository/served.js';
import { shuttingDown } from '../repository/writer.js';
import { type AccessRules, type Caller, demand, personOf } from './access.js';
import { answerOf, type ErrorAnswer, errorBody, methodNotAllowed, notReady } from './errors.js';
import { isGoodOrigin } from './loopback.js';
import type { IsScraper } from './metrics/scraper.js';
import { type MinRevision, readMinRevision } from './min-revision.js';
import { observedOf } from './observed.js';
import { type Operation, type Permission, permissionOf, placeOf } from './permissions.js';
import type { Asked, Reply, Route } from './route.js';
import { findScope } from './scope.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** What routes are reached through. */
export interface RoutingOptions {
  readonly cache: FlagCache;
  readonly access: AccessRules;
  readonly isScraper: IsScraper;
  readonly minRevision: MinRevision;
  readonly log: (line: string) => void;
  /** True once the server ends. */
  readonly isClosing: () => boolean;
}

/** Every route, behind one success exit and one failure exit. */
export interface Routing {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Fulfils when no request is under way. */
  idle(): Promise<void>;
}

/** Puts the routes behind Koa. Paths are exact: no other case, no slash at the end. */
export function createRouting(routes: readonly Route[], options: RoutingOptions): Routing {
  const router = new Router({ sensitive: true, strict: true });
  const literal = new Map<string, Answerer>();
  for (const route of routes) {
    const { method, path } = placeOf(route.operation);
    const answerer: Answerer = async (context) => writeReply(context, await answer(context, route, options));
    router.register(path, [method], answerer);
    if (!path.includes(':')) literal.set(route.operation, answerer);
  }
  const koa = new Koa();
  koa.on('error', (error) => options.log(String(error)));
  koa.use((context, next) => guard(context, next, options.log));
  // The router tries every route in turn. Paths without parameters are most of what is asked, and one look finds them.
  koa.use((context, next) => literal.get(`${context.method} ${context.path}`)?.(context) ?? next());
  koa.use(router.routes());
  koa.use((context) => writeError(context, unmatched(router, context)));
  return counted(koa.callback());
}

type Answerer = (context: Context) => Promise<void>;

async function answer(context: Context, route: Route, options: RoutingOptions): Promise<Reply> {
  const { cache } = options;
  if (options.isClosing()) throw shuttingDown();
  const caller = await admit(context.req, route.operation, options);
  const permission = permissionOf(route.operation);
  if (needsFlags(permission)) {
    if (!cache.isReady) throw notReady();
    const wanted = readMinRevision(context.req.headers, '');
    if (wanted !== undefined) await options.minRevision.serve(wanted);
  }
  const query = new URLSearchParams(context.querystring);
  refuseUnknown(query, route, permission);
  const { req: request, params = {} } = context;
  const asked: Asked = { request, params, query, caller };
  if (permission.kind !== 'role') return route.handle(asked);
  const scope = findScope(cache, { caller: personOf(caller), may: permission.may, params, query });
  return route.handle({ ...asked, scope });
}

/** Who asks, where they may ask for this at all. */
async function admit(
  request: IncomingMessage,
  operation: Operation,
  { access, isScraper }: RoutingOptions,
): Promise<Caller> {
  const observed = observedOf(request);
  observed.operation = operation;
  const permission = permissionOf(operation);
  if (permission.kind === 'metrics' && isScraper(request)) return SCRAPER;
  const caller = { ...(await access.identify(request)), requestId: observed.id };
  observed.caller = caller;
  if (placeOf(operation).method !== 'GET' && !isGoodOrigin(request.headers, access.origins)) {
    throw new Failure('forbidden', 'FOREIGN_ORIGIN', 'a page of another origin may not write here');
  }
  demand(caller, permission, access.publicAccess);
  return caller;
}

/** Nobody in particular: the token opens the metrics and nothing else. */
const SCRAPER: Caller = { kind: 'anonymous', isLocal: false };

function needsFlags({ kind }: Permission): boolean {
  return kind !== 'open' && kind !== 'signature' && kind !== 'metrics';
}

/** A filter that is passed over would show more than was asked for. */
function refuseUnknown(query: URLSearchParams, route: Route, { kind }: Permission): void {
  if (route.query === undefined) return;
  const known = kind === 'role' ? [...route.query, 'organizationId'] : route.query;
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    const wanted = known.length === 0 ? 'none was wanted' : `wanted ${known.join(', ')}`;
    throw new Failure('invalid', 'INVALID_REQUEST', `there is no query parameter of that name; ${wanted}`);
  }
}

async function guard(
  context: Context,
  next: () => Promise<unknown>,
  log: (line: string) => void,
): Promise<void> {
  context.set({ ...SECURITY_HEADERS, 'Cache-Control': 'no-cache' });
  try {
    await next();
  } catch (error) {
    writeError(context, answerOf(error, log));
  }
}

function unmatched(router: Router, context: Context): ErrorAnswer {
  const methods = new Set(router.match(context.path, context.method).path.flatMap((layer) => layer.methods));
  if (methods.size > 0) return methodNotAllowed([...methods].sort());
  return {
    status: 404,
    headers: {},
    code: 'NOT_FOUND',
    message: 'there is nothing at this path',
    details: {},
  };
}

function writeError(context: Context, error: ErrorAnswer): void {
  writeReply(context, { status: error.status, headers: error.headers, body: errorBody(error, context.path) });
}

function writeReply(context: Context, reply: Reply): void {
  context.status = reply.status;
  context.set({ ...reply.headers });
  if (reply.stream !== undefined && context.method !== 'HEAD') {
    observedOf(context.req).isStream = true;
    reply.stream(context.res);
    context.respond = false;
    return;
  }
  if (reply.content !== undefined) {
    context.type = reply.content.type;
    context.body = reply.content.bytes;
    return;
  }
  if (reply.body === undefined) return;
  context.type = 'application/json; charset=utf-8';
  context.body = JSON.stringify(reply.body);
}

/** Counts the requests under way, so that an ending server can wait for them. */
function counted(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Routing {
  let running = 0;
  let onIdle: (() => void) | undefined;
  return {
    handle: (request, response) => {
      running += 1;
      response.once('close', () => {
        running -= 1;
        if (running === 0) onIdle?.();
      });
      void handle(request, response);
    },
    idle: () =>
      new Promise((resolve) => {
        onIdle = resolve;
        if (running === 0) resolve();
      }),
  };
}
