import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createRepository, type Files, repositoryAt, type TestRepository, temporaryFolder } from './git.js';
import { type CutAnswer, runBackend } from './git-server-backend.js';

/** What goes wrong there; of both kinds of requests where none is named. */
export type Fault = { readonly only?: 'fetch' | 'push' } & (
  | { readonly kind: 'refuse' }
  /** To a POST alone where that is said; `location` is where a redirect leads. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly method?: 'POST';
      readonly location?: string;
    }
  /** Neither an answer nor an end. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer to a POST breaks off after so many bytes; 0: all was done and nobody is told. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
);

/** One request as it came. */
export interface GitRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly service: 'fetch' | 'push' | undefined;
  readonly authorization: string | undefined;
}

/** What a server starts with. */
export interface GitServerOptions {
  /** The first commit of `main`; none where it is left out. */
  readonly files?: Files;
  /** Who may come in; everybody where it is left out. */
  readonly account?: { readonly username: string; readonly password: string };
  /** Called when a push was answered, well or not; as a git host sends its hooks then. */
  readonly onPushed?: () => void;
}

/** A git host on loopback: `git http-backend` behind node. */
export interface TestGitServer {
  /** `http://127.0.0.1:<port>/flags.git`, without credentials. */
  readonly url: string;
  /** The same with the account in it. */
  readonly urlWithAccount: string;
  /** The bare repository. */
  readonly dir: string;
  /** Git in the bare repository. */
  readonly bare: TestRepository;
  readonly requests: readonly GitRequest[];
  /** Undefined: all is well again. What hangs is cut then. */
  setFault(fault: Fault | undefined): void;
  /** Lets no push through, with this reason; undefined: all again. */
  refusePushes(reason: string | undefined): void;
  /** A person's clone of it, on `main`. */
  clone(): Promise<TestRepository>;
  close(): Promise<void>;
}

/** Starts one; it goes with the process at the latest. */
export async function startGitServer(options: GitServerOptions = {}): Promise<TestGitServer> {
  const root = temporaryFolder();
  const dir = join(root, 'flags.git');
  await makeBare(root, dir, options.files);
  const state = new HostState(root, options);
  const server = createServer((request, response) => void state.answer(request, response));
  server.on('connection', (socket) => state.meet(socket));
  // A test that fails before it closes the server must end all the same.
  server.unref();
  const port = await listening(server);
  const url = `http://127.0.0.1:${port}/flags.git`;
  return {
    url,
    urlWithAccount: withAccount(url, options.account),
    dir,
    bare: repositoryAt(dir),
    requests: state.requests,
    setFault: (fault) => state.setFault(fault),
    refusePushes: (reason) => refusePushes(dir, reason),
    clone: async () => {
      const clone = temporaryFolder();
      await repositoryAt(clone).git('clone', '--quiet', '--branch', 'main', `file://${dir}`, clone);
      return repositoryAt(clone);
    },
    close: async () => {
      const closed = new Promise((fulfil) => server.close(fulfil));
      state.end();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** All that goes on at the host. */
class HostState {
  readonly requests: GitRequest[] = [];
  readonly #root: string;
  readonly #account: GitServerOptions['account'];
  readonly #onPushed: () => void;
  readonly #sockets = new Set<Socket>();
  readonly #hanging = new Set<ServerResponse>();
  readonly #ending = new AbortController();
  #fault: Fault | undefined;

  constructor(root: string, { account, onPushed = () => undefined }: GitServerOptions) {
    this.#root = root;
    this.#account = account;
    this.#onPushed = onPushed;
  }

  setFault(fault: Fault | undefined): void {
    this.#fault = fault;
    for (const response of this.#hanging) response.destroy();
    this.#hanging.clear();
    if (fault?.kind === 'refuse') for (const socket of this.#sockets) socket.destroy();
  }

  meet(socket: Socket): void {
    if (this.#fault?.kind === 'refuse' && this.#fault.only === undefined) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  end(): void {
    this.#ending.abort();
    this.setFault(undefined);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    const service = serviceOf(path);
    const { authorization } = request.headers;
    this.requests.push({ method, path, service, authorization });
    if (!this.#isLetIn(authorization)) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end('who are you?\n');
      return;
    }
    const fault = this.#fault;
    if (request.method === 'POST' && service === 'push') response.once('close', this.#onPushed);
    const applies = fault !== undefined && (fault.only === undefined || fault.only === service);
    await this.#answerWith(applies ? fault : undefined, request, response);
  }

  async #answerWith(
    fault: Fault | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const go = (cut?: CutAnswer): void =>
      runBackend({ root: this.#root, request, response, signal: this.#ending.signal, cut });
    switch (fault?.kind) {
      case undefined:
        return go();
      case 'refuse':
        request.socket.destroy();
        return;
      case 'status':
        if (fault.method !== undefined && request.method !== fault.method) return go();
        if (fault.location !== undefined) response.setHeader('Location', fault.location);
        response.writeHead(fault.status).end(`status ${fault.status}\n`);
        return;
      case 'hang':
        this.#hanging.add(response);
        return;
      case 'delay':
        setTimeout(go, fault.ms);
        return;
      case 'cut':
        return go(request.method === 'POST' ? { afterBytes: fault.afterBytes } : undefined);
    }
  }

  #isLetIn(authorization: string | undefined): boolean {
    if (this.#account === undefined) return true;
    const { username, password } = this.#account;
    return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}

function serviceOf(path: string): GitRequest['service'] {
  if (path.includes('git-receive-pack')) return 'push';
  return path.includes('git-upload-pack') ? 'fetch' : undefined;
}

async function makeBare(root: string, dir: string, files: Files | undefined): Promise<void> {
  await repositoryAt(root).git('init', '--quiet', '--bare', '--initial-branch=main', dir);
  // Git makes the folder only where it has sample hooks to put there.
  mkdirSync(join(dir, 'hooks'), { recursive: true });
  const bare = repositoryAt(dir);
  await bare.git('config', 'http.receivepack', 'true');
  await bare.git('config', 'receive.autogc', 'false');
  if (files === undefined) return;
  const first = await createRepository(files);
  await first.git('push', '--quiet', dir, 'main');
}

function refusePushes(dir: string, reason: string | undefined): void {
  const hook = join(dir, 'hooks', 'pre-receive');
  if (reason === undefined) {
    if (existsSync(hook)) rmSync(hook);
    return;
  }
  const quoted = reason.replaceAll("'", "'\\''");
  writeFileSync(hook, `#!/bin/sh\necho '${quoted}' >&2\nexit 1\n`);
  chmodSync(hook, 0o755);
}

function listening(server: Server): Promise<number> {
  return new Promise((fulfil) =>
    server.listen({ host: '127.0.0.1', port: 0 }, () => fulfil((server.address() as AddressInfo).port)),
  );
}

function withAccount(url: string, account: GitServerOptions['account']): string {
  if (account === undefined) return url;
  const { username, password } = account;
  return url.replace('//', `//${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}
