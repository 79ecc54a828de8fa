import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { mintToken } from '../../src/http/auth.js';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server.js';
import { createRepository, type Files, type TestRepository } from './git.js';
import { checkExchange } from './openapi.js';

export const SECRET = 'a secret of the tests, long enough for HS256';

/** A request. What is left out is not sent. */
export interface Ask {
  /** GET, or POST where there is a body. */
  readonly method?: string;
  /** Sent as JSON; a text or bytes as they are. */
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON, or undefined where there is none. */
  readonly body: unknown;
}

/** A real server on a real repository. */
export interface TestServer {
  readonly url: string;
  readonly repository: TestRepository;
  readonly running: RunningServer;
  /** What the server said to the people who run it. */
  readonly log: readonly string[];
  /** Asks, and checks the answer against the description of the API. The path is sent as it stands. */
  ask(path: string, ask?: Ask): Promise<Answered>;
  close(): Promise<void>;
}

/** Starts a server on a repository of these files, and waits until it serves them. */
export async function serveFiles(files: Files, options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const server = await serveRepository(await createRepository(files), options);
  await server.running.ready;
  return server;
}

/** Starts a server on a repository, and waits for nothing. */
export async function serveRepository(
  repository: TestRepository,
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const log: string[] = [];
  const running = await startServer({
    repo: repository.dir,
    port: 0,
    host: '127.0.0.1',
    trust: { kind: 'secret', secret: SECRET },
    // A table of bad credentials is longer than what an attacker gets.
    credentialLimit: 100_000,
    log: (line) => log.push(line),
    ...options,
  });
  const agent = new Agent({ keepAlive: true });
  return {
    url: running.url,
    repository,
    running,
    log,
    ask: (path, ask = {}) => askServer({ url: running.url, agent, path, ask }),
    close: async () => {
      agent.destroy();
      await running.close();
    },
  };
}

/** A token that the test servers take. */
export function tokenOf(
  person: { email?: string; name?: string; sub?: string; superAdmin?: boolean } = {},
): Promise<string> {
  return mintToken({
    secret: SECRET,
    sub: 'marc',
    email: 'marc@example.com',
    name: 'Marc',
    expires: '1h',
    ...person,
  });
}

/** The headers of a caller elsewhere, as a proxy passes it on. */
export const ELSEWHERE = { 'X-Forwarded-For': '203.0.113.7' };

/** Asks a server wherever it is, and checks the answer against the description of the API. */
export async function askServer(question: {
  readonly url: string;
  readonly agent: Agent;
  readonly path: string;
  readonly ask: Ask;
}): Promise<Answered> {
  const { url, agent, path, ask } = question;
  const body = bodyOf(ask.body);
  const method = ask.method ?? (body === undefined ? 'GET' : 'POST');
  const { hostname, port } = new URL(url);
  const isChunked = ask.headers?.['Transfer-Encoding'] !== undefined;
  const headers = {
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(body === undefined || isChunked ? {} : { 'Content-Length': String(body.length) }),
    ...(ask.token === undefined ? {} : { Authorization: `Bearer ${ask.token}` }),
    ...ask.headers,
  };
  const answered = await new Promise<Answered>((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent }, async (response) => {
      const received = await (isEndless(method, response) ? firstOf(response) : text(response));
      const isJson = response.headers['content-type']?.includes('json') === true && received !== '';
      const { statusCode = 0 } = response;
      resolve({
        status: statusCode,
        headers: response.headers,
        text: received,
        body: isJson ? JSON.parse(received) : undefined,
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
  checkExchange({ method, path, ...answered, headers: singleHeaders(answered.headers) });
  return answered;
}

function isEndless(method: string, { headers }: IncomingMessage): boolean {
  return method === 'GET' && headers['content-type'] === 'text/event-stream';
}

/** Of a stream without an end, what comes first. */
async function firstOf(response: IncomingMessage): Promise<string> {
  const [first] = await once(response, 'data');
  response.destroy();
  return String(first);
}

function bodyOf(body: unknown): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Those that came several times in one text. */
export function singleHeaders(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}
