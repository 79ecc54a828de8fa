import { connect, type Socket } from 'node:net';

/** How to load a server. */
export interface Load {
  readonly port: number;
  /** The bytes of one request, head and body. */
  readonly request: string;
  readonly connections: number;
  readonly durationMs: number;
}

/**
 * Asks the same question on every connection, the next as soon as the last is answered, and gives the answers a second.
 * Every answer must be as long as the first: that is how this client tells where one ends, with next to no work.
 */
export async function measureLoad(load: Load): Promise<number> {
  const length = await answerLength(load);
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.port)));
  let answers = 0;
  const started = process.hrtime.bigint();
  const bytes = Buffer.from(load.request);
  for (const socket of sockets) {
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received < length) return;
      if (received > length) throw new Error(`an answer of ${received} bytes, wanted ${length}`);
      received = 0;
      answers += 1;
      socket.write(bytes);
    });
    socket.write(bytes);
  }
  await new Promise((resolve) => setTimeout(resolve, load.durationMs));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  for (const socket of sockets) socket.destroy();
  return answers / seconds;
}

/** The answer to one request, as text. */
export async function askOnce(port: number, request: string): Promise<string> {
  const socket = await open(port);
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (head === -1 || text.length < head + 4 + length) return;
      socket.destroy();
      resolve(text);
    });
    socket.write(request);
  });
}

async function answerLength({ port, request }: Load): Promise<number> {
  return (await askOnce(port, request)).length;
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.setNoDelay(true).once('error', reject);
  });
}
