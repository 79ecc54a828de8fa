import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles } from '../../support/http.js';
import { until } from '../../support/until.js';
import { baseline, FLAG, filesFor, ON } from './webhook-server.js';

const test = suite('webhooks and receivers that hang');

/** A program that takes connections, and does with each what is given; it closes none. */
async function listen(onSocket: (socket: Socket) => void) {
  const open = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    open.add(socket.on('error', () => undefined));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => count,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const HUNG: readonly (readonly [string, 'http' | 'https', (socket: Socket) => void])[] = [
  ['reads and never answers', 'http', (socket) => void socket.resume()],
  ['never reads', 'http', (socket) => void socket.pause()],
  ['never shakes hands', 'https', (socket) => void socket.resume()],
  ['begins an answer', 'http', (socket) => void socket.resume().write('HTTP/1.1 200 O')],
];

for (const [what, protocol, onSocket] of HUNG) {
  test(`a receiver that ${what} holds no server from ending, and gets its message after the next start`, async () => {
    const receiver = await listen(onSocket);
    const rules = { isOn: true, allow: [receiver.host], schedule: [0, 0, 0] };
    const files = filesFor([`url: '${protocol}://${receiver.host}/hook'`]);
    const server = await serveFiles(files, { webhooks: rules });
    await baseline(server);
    await server.repository.commit({ [FLAG]: ON });
    await until(() => receiver.connections() === 1);
    await server.close();
    await receiver.close();
    const queue = `${server.repository.dir}/.git/flagstaff/webhooks/queue`;
    const kept = readdirSync(queue).map((name) => JSON.parse(readFileSync(`${queue}/${name}`, 'utf8')));
    assert.equal(
      kept.map(({ attempts }) => attempts),
      [0],
    );
    const lines = server.log.filter((line) => line.includes('webhook'));
    assert.equal(lines, [], 'it was broken off at once');
  });
}

test.run();
