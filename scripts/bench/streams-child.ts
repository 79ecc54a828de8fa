import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '../../src/server.js';

/** What a child of this part does. The first message says which server it is; each is answered with a number. */
export type StreamsTask =
  /** Our server; the answer is its port. */
  | { readonly kind: 'ours'; readonly repo: string }
  /** The least that can hold streams; the answer is its port. */
  | { readonly kind: 'bare' }
  /** Writes one frame to each stream of the bare server; the answer is their number. */
  | { readonly kind: 'tell' }
  /** What the process takes, in bytes, once nothing is left to be thrown away. */
  | { readonly kind: 'memory' };

const held = new Set<ServerResponse>();
const FRAME = `id: ${'0'.repeat(40)}\nevent: flag-updated\ndata: {"flagKey":"flag-7","timestamp":"2026-01-15T10:00:00.000Z"}\n\n`;

process.on('message', async (task: StreamsTask) => {
  process.send?.(await answerTo(task));
});

async function answerTo(task: StreamsTask): Promise<number> {
  switch (task.kind) {
    case 'ours':
      return serveOurs(task.repo);
    case 'bare':
      return serveBare();
    case 'tell':
      for (const response of held) response.write(FRAME);
      return held.size;
    case 'memory':
      globalThis.gc?.();
      return process.memoryUsage().rss;
  }
}

async function serveOurs(repo: string): Promise<number> {
  const server = await startServer({ repo, port: 0, host: '127.0.0.1' });
  await server.ready;
  return Number(new URL(server.url).port);
}

function serveBare(): Promise<number> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(FRAME);
    held.add(response);
    response.once('close', () => held.delete(response));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
