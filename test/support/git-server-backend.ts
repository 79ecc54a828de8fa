import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gitEnvironment } from './git.js';

/** Where an answer breaks off. */
export interface CutAnswer {
  readonly afterBytes: number;
}

let program: string | undefined;

/** Lets `git http-backend` answer, as a web server does by CGI (RFC 3875). */
export function runBackend(turn: {
  /** The folder that has the repositories. */
  readonly root: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  readonly cut: CutAnswer | undefined;
}): void {
  const { root, request, response, signal, cut } = turn;
  program ??= join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
  const child = spawn(program, { env: variables(root, request) });
  const end = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  child.once('close', () => signal.removeEventListener('abort', end));
  child.stdin.on('error', () => undefined);
  child.stderr.resume();
  request.pipe(child.stdin);
  // Half a question is none; what was asked whole is done, whoever is left to hear of it.
  request.once('close', () => request.complete || end());
  if (cut === undefined) passOn(child, response);
  else breakOff(child, response, cut);
}

/** The answer's head comes first, up to an empty line; then its body. */
function passOn(child: ChildProcessWithoutNullStreams, response: ServerResponse): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(response, head.toString('latin1', 0, end));
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.once('close', () => {
    if (head !== undefined) response.writeHead(500);
    response.end();
  });
}

/** Lets the program do all of its work first: what was asked is done, and the answer does not arrive. */
function breakOff(
  child: ChildProcessWithoutNullStreams,
  response: ServerResponse,
  { afterBytes }: CutAnswer,
): void {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('close', () => {
    const whole = Buffer.concat(chunks);
    const end = whole.indexOf('\r\n\r\n') + 4;
    if (afterBytes === 0) {
      response.destroy();
      return;
    }
    writeHead(response, whole.toString('latin1', 0, end - 4));
    response.write(whole.subarray(end, end + afterBytes), () => response.destroy());
  });
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const [name = '', value = ''] = line.split(/: (.*)/s);
    if (name === 'Status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}

function variables(root: string, request: IncomingMessage): NodeJS.ProcessEnv {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const { 'content-type': type, 'content-encoding': encoding, 'git-protocol': protocol } = request.headers;
  return {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: 'host',
    REQUEST_METHOD: request.method,
    PATH_INFO: path,
    QUERY_STRING: query,
    CONTENT_TYPE: type ?? '',
    ...(request.headers['content-length'] === undefined
      ? {}
      : { CONTENT_LENGTH: request.headers['content-length'] }),
    ...(encoding === undefined ? {} : { HTTP_CONTENT_ENCODING: encoding }),
    ...(protocol === undefined ? {} : { GIT_PROTOCOL: String(protocol) }),
  };
}
