import type { IncomingMessage, ServerResponse } from 'node:http';
import { evaluateFlag } from '../evaluation/evaluate.js';
import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import { Failure } from '../model/failure.js';
import type { FlagCache } from '../repository/served.js';
import { shuttingDown } from '../repository/writer.js';
import { type AccessRules, type Caller, demand, type View, viewOf } from './access.js';
import { demandPast, orgsAsOf, readAt } from './as-of.js';
import { type Body, isObject, readBody } from './body.js';
import { listsTag, parseTags } from './conditions.js';
import { answerOf, type ErrorAnswer, methodNotAllowed, notReady } from './errors.js';
import type { EvaluationWatch } from './evaluation-watch.js';
import type { EventStreams } from './live/event-streams.js';
import { type MinRevision, readMinRevision } from './min-revision.js';
import { observedOf, REQUEST_ID } from './observed.js';
import { type Answer, bulkAnswer, jsonAnswer, singleAnswer } from './ofrep-answers.js';
import { type OfrepPath, operationOf, parseOfrepPath, type Target } from './ofrep-path.js';
import { demandTarget, findTargetOrg } from './ofrep-target.js';
import { permissionOf } from './permissions.js';
import { withoutSecrets } from './redact.js';

/** What evaluation over HTTP needs. */
export interface OfrepOptions {
  readonly cache: FlagCache;
  readonly access: AccessRules;
  readonly log: (line: string) => void;
  readonly watch: EvaluationWatch;
  readonly eventStreams: EventStreams;
  readonly minRevision: MinRevision;
  /** True once the server ends. */
  readonly isClosing: () => boolean;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** Answers a request of OFREP, or returns false where the request is none. */
export type OfrepHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * OFREP 0.3.0, single and bulk, on node's own request and response: services ask here all the time, and a framework's
 * walk through its middleware costs a quarter of the answers.
 */
export function createOfrep(options: OfrepOptions): OfrepHandler {
  return (request, response) => {
    const path = parseOfrepPath(request.url ?? '');
    if (path === undefined) return false;
    if (request.method === 'POST') observedOf(request).operation = operationOf(path);
    answerRequest({ options, path, request, response });
    return true;
  };
}

/** All operations of OFREP have the same row. */
const EVALUATION = permissionOf('POST /ofrep/v1/evaluate/flags');

/** One question on its way to its answer. */
interface Exchange {
  readonly options: OfrepOptions;
  readonly path: OfrepPath;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function answerRequest(exchange: Exchange): void {
  attempt(exchange, () => {
    const caller = exchange.options.access.identify(exchange.request);
    if (!(caller instanceof Promise)) admit(exchange, caller);
    else {
      caller.then(
        (person) => attempt(exchange, () => admit(exchange, person)),
        (error) => refuse(exchange, error),
      );
    }
  });
}

function admit(exchange: Exchange, caller: Caller): void {
  observedOf(exchange.request).caller = caller;
  if (exchange.request.method !== 'POST') sendError(exchange, methodNotAllowed(['POST']));
  else evaluateBody(exchange, caller);
}

function evaluateBody(exchange: Exchange, caller: Caller): void {
  const { options, path, request } = exchange;
  demand(caller, EVALUATION, options.access.publicAccess);
  if (options.isClosing()) throw shuttingDown();
  if (!options.cache.isReady) throw notReady();
  const at = readAt(request.headers['flagstaff-at'], path.query);
  if (at !== undefined) demandPast(caller, options.access.publicAccess);
  const wanted = readMinRevision(request.headers, path.query);
  const answer = (): void =>
    readBody(request, (body) =>
      attempt(exchange, () =>
        at === undefined ? answerNow(exchange, body, caller) : answerAt(exchange, { body, caller, at }),
      ),
    );
  if (wanted === undefined) answer();
  else options.minRevision.serve(wanted).then(answer, (error) => refuse(exchange, error));
}

function answerNow(exchange: Exchange, body: Body, caller: Caller): void {
  const { options, path } = exchange;
  const { cache, access } = options;
  const context = contextOf(body);
  const question = { caller, scope: path.scope };
  const target = demandTarget(cache, question, findTargetOrg(cache, question));
  const view = viewOf(caller, access.publicAccess);
  const eventStreams = (): string => options.eventStreams(exchange.request, question);
  const tell = (evaluations: readonly Evaluation[]): void =>
    options.watch.evaluated({ request: exchange.request, target, context, evaluations });
  send(exchange, answerTo(exchange, { target, context, view, now: options.now(), tell, eventStreams }));
}

/** As another commit had it, and as clauses with a time would have answered at that time where one is named. */
function answerAt(
  exchange: Exchange,
  { body, caller, at }: { readonly body: Body; readonly caller: Caller; readonly at: string },
): void {
  const { options, path } = exchange;
  const { cache } = options;
  const context = contextOf(body);
  const question = { caller, scope: path.scope };
  const org = findTargetOrg(cache, question);
  orgsAsOf({ cache, at }, org === undefined ? [] : [org]).then(
    ({ moment, orgs: [then] }) =>
      attempt(exchange, () => {
        const target = demandTarget(cache, question, then);
        const now = moment.now ?? options.now();
        send(
          exchange,
          answerTo(exchange, {
            target,
            context,
            view: 'full',
            now,
            tell: () => undefined,
            eventStreams: () => undefined,
          }),
        );
      }),
    (error) => refuse(exchange, error),
  );
}

/** A question that is understood: whom it is put to, who asks, and when. */
interface Question {
  readonly target: Target;
  readonly context: EvaluationContext;
  readonly view: View;
  /** In epoch milliseconds. */
  readonly now: number;
  /** Gets what is answered, once that is sure. */
  readonly tell: (evaluations: readonly Evaluation[]) => void;
  /** Where all of it is heard of, as JSON; undefined for the past. */
  readonly eventStreams: () => string | undefined;
}

function answerTo({ path, request }: Exchange, question: Question): Answer {
  const { target } = question;
  if (path.flagKey !== undefined) return answerSingle(path.flagKey, target, question);
  return answerBulk(target, question, request.headers['if-none-match']);
}

function answerSingle(flagKey: string, target: Target, { context, view, now, tell }: Question): Answer {
  const flag = target.environment.flags.get(flagKey);
  if (flag === undefined || (view === 'client' && !flag.client)) {
    throw new Failure('not-found', 'FLAG_NOT_FOUND', 'there is no such flag');
  }
  const evaluation = evaluateFlag(flag, context, now);
  tell([evaluation]);
  return singleAnswer(evaluation, target.served.revision, view);
}

function answerBulk(
  target: Target,
  { context, view, now, tell, eventStreams }: Question,
  known: string | undefined,
): Answer {
  const evaluations: Evaluation[] = [];
  for (const flag of target.environment.sorted) {
    if (view === 'client' && !flag.client) continue;
    evaluations.push(evaluateFlag(flag, context, now));
  }
  tell(evaluations);
  const answer = bulkAnswer(evaluations, target.served.revision, view);
  return listsTag(parseTags(known), answer.tag) ? answer.notModified() : answer.whole(eventStreams());
}

/** Who asks, as the body says. A body or a context that is left out is an empty context: real clients do that. */
function contextOf(body: Body): EvaluationContext {
  if (body.kind === 'failed') throw body.failure;
  if (body.kind === 'empty') return {};
  if (!isObject(body.value))
    throw new Failure('invalid', 'INVALID_CONTEXT', 'the body: wanted an object with a context');
  const { context } = body.value;
  if (context === undefined) return {};
  if (!isObject(context)) throw new Failure('invalid', 'INVALID_CONTEXT', 'the context: wanted an object');
  return context;
}

function attempt(exchange: Exchange, step: () => void): void {
  try {
    step();
  } catch (error) {
    refuse(exchange, error);
  }
}

function refuse(exchange: Exchange, error: unknown): void {
  sendError(exchange, answerOf(error, exchange.options.log));
}

/** OFREP's own error body: always with an error code, and with the key where one flag was asked for. */
function sendError(exchange: Exchange, error: ErrorAnswer): void {
  const { flagKey } = exchange.path;
  const errorCode = errorCodeOf(error, flagKey !== undefined);
  exchange.options.watch.failed(errorCode);
  const body = {
    ...(flagKey === undefined ? {} : { key: withoutSecrets(flagKey) }),
    errorCode,
    errorDetails: error.message,
  };
  send(exchange, jsonAnswer(error.status, JSON.stringify(body), Object.entries(error.headers).flat()));
}

/** In OpenFeature's words. A key in an organization that is not there is a flag that is not there. */
function errorCodeOf(error: ErrorAnswer, isSingle: boolean): string {
  if (error.code === 'INVALID_JSON') return 'PARSE_ERROR';
  if (error.code === 'INVALID_REVISION' || error.code === 'REVISION_NOT_FOUND') return 'GENERAL';
  if (error.status === 400) return 'INVALID_CONTEXT';
  if (error.status === 404 && isSingle) return 'FLAG_NOT_FOUND';
  return error.code === 'NOT_READY' ? 'PROVIDER_NOT_READY' : 'GENERAL';
}

/** Answers are shared; the name of the request is its own. */
function send({ request, response }: Exchange, answer: Answer): void {
  if (response.headersSent) return;
  response.writeHead(answer.status, [...answer.headers, REQUEST_ID, observedOf(request).id]);
  response.end(answer.body, answer.encoding);
}
