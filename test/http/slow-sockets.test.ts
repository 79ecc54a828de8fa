import { connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer } from '../support/http.js';
import { FILES } from './sample.js';

interface Place {
  server: TestServer;
}

const test = suite<Place>('http: slow sockets');
const SOCKETS = 2_000;
const EVALUATE = '/ofrep/v1/evaluate/flags';

test.before(async (place) => {
  place.server = await serveFiles(FILES);
});
test.after(({ server }) => server.close());

/** What slow clients send before they fall silent. */
const BEGINNINGS = [
  '',
  'P',
  `POST ${EVALUATE} HTTP/1.1\r\n`,
  `POST ${EVALUATE} HTTP/1.1\r\nHost: localhost\r\nX-Slow: `,
  `POST ${EVALUATE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  `PUT /api/v1/feature-flags/dark-mode HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1`,
];

function open(port: number, beginning: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(beginning);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

test(`${SOCKETS} slow or idle sockets do not stop good requests, and all are closed (P19)`, async ({
  server,
}) => {
  const port = Number(new URL(server.url).port);
  const slow: Socket[] = [];
  for (let count = 0; count < SOCKETS; count += 100) {
    const group = Array.from({ length: 100 }, (_, at) =>
      open(port, BEGINNINGS[(count + at) % BEGINNINGS.length] ?? ''),
    );
    slow.push(...(await Promise.all(group)));
  }
  const closed = Promise.all(
    slow.map(
      (socket) =>
        new Promise((resolve) =>
          socket
            .on('error', () => undefined)
            .resume()
            .once('close', resolve),
        ),
    ),
  );
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      at % 2 === 0 ? server.ask(EVALUATE, { body: {} }) : server.ask('/api/v1/feature-flags'),
    ),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  await closed;
  assert.is((await server.ask('/health')).status, 200);
});

test.run();
