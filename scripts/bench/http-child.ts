import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '../../src/server.js';
import { type Load, measureLoad } from './http-load.js';

/** What a child of the benchmark does: one of the two servers, or the load. Its first message says which. */
export type ChildTask =
  | { readonly kind: 'ours'; readonly repo: string }
  | { readonly kind: 'bare'; readonly answer: BareAnswer }
  | { readonly kind: 'load'; readonly load: Load };

/** What the bare server says to everything. */
export interface BareAnswer {
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** What signs the tokens of the benchmark. */
export const SECRET = 'only for the benchmark';

process.on('message', async (task: ChildTask) => {
  switch (task.kind) {
    case 'ours':
      return process.send?.(await serveOurs(task.repo));
    case 'bare':
      return process.send?.(await serveBare(task.answer));
    case 'load':
      return process.send?.(await measureLoad(task.load));
  }
});

async function serveOurs(repo: string): Promise<number> {
  const server = await startServer({
    repo,
    port: 0,
    host: '127.0.0.1',
    trust: { kind: 'secret', secret: SECRET },
  });
  await server.ready;
  return Number(new URL(server.url).port);
}

/** The least that a server can do: read the body, parse it where there is one, and answer bytes that it has ready. */
function serveBare({ headers, body }: BareAnswer): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, headers as string[]);
      response.end(body);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
