import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openSink } from '../../../src/http/logs/log-sink.js';
import type { Logs } from '../../../src/http/logs/logs.js';
import { openLogs } from '../../../src/http/logs/open-logs.js';
import { temporaryFolder } from '../../support/git.js';
import { serveFiles } from '../../support/http.js';
import { FILES } from '../sample.js';

const REQUEST = {
  requestId: 'r-1',
  method: 'GET',
  path: '/health',
  operation: 'GET /health',
  status: 200,
  ms: 1.25,
  who: 'u-123',
  traceId: undefined,
} as const;
const CHANGE = {
  requestId: 'r-2',
  who: 'u-123',
  org: 'acme',
  commit: '1a2b3c4d5e6f70819203a4b5c6d7e8f901234567',
  kinds: ['flag.update'],
  paths: ['flags/acme/web-app/flags/dark-mode.yaml'],
};
const SWAP = { org: 'acme', revision: CHANGE.commit, flags: 3 };

/** What a log writes. */
function written(format: 'text' | 'json', tell: (logs: Logs) => void): string {
  let text = '';
  const sink = {
    write: (line: string) => {
      text += line;
    },
    dropped: 0,
    flush: () => Promise.resolve(),
  };
  tell(openLogs(format, sink));
  return text;
}

/** A line of JSON without its time, which is checked. */
function parsed(text: string): unknown {
  assert.match(text, /^[^\n]*\n$/);
  const { time, ...rest } = JSON.parse(text);
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return rest;
}

test('as JSON each thing that happens is one object in one line', () => {
  const { traceId, ...known } = REQUEST;
  assert.is(traceId, undefined);
  assert.equal(parsed(written('json', (logs) => logs.request(REQUEST))), {
    level: 'info',
    event: 'request',
    ...known,
  });
  assert.equal(parsed(written('json', (logs) => logs.change(CHANGE))), {
    level: 'info',
    event: 'change',
    ...CHANGE,
  });
  assert.equal(parsed(written('json', (logs) => logs.swap(SWAP))), { level: 'info', event: 'swap', ...SWAP });
  assert.equal(parsed(written('json', (logs) => logs.notice('two\nlines'))), {
    level: 'warn',
    event: 'notice',
    message: 'two\nlines',
  });
});

test('a request that a bug answered is an error', () => {
  const text = written('json', (logs) => logs.request({ ...REQUEST, status: 500 }));
  assert.is(JSON.parse(text).level, 'error');
});

test('as text each thing that happens is a sentence', () => {
  const all = written('text', (logs) => {
    logs.request(REQUEST);
    logs.request({ ...REQUEST, status: undefined, who: undefined });
    logs.change(CHANGE);
    logs.swap(SWAP);
    logs.swap({ ...SWAP, flags: 1 });
    logs.notice('acme: everything is served again');
  });
  assert.equal(all.split('\n'), [
    'GET /health 200 in 1.25 ms, u-123, request r-1',
    'GET /health left unanswered in 1.25 ms, nobody known, request r-1',
    'acme: flag.update by u-123 is commit 1a2b3c4d (flags/acme/web-app/flags/dark-mode.yaml), request r-2',
    'acme: serves 1a2b3c4d, 3 flags',
    'acme: serves 1a2b3c4d, 1 flag',
    'acme: everything is served again',
    '',
  ]);
});

test('P18: a notice is written without the secrets in it', () => {
  for (const format of ['text', 'json'] as const) {
    const text = written(format, (logs) => logs.notice('fs_server_0123456789 was sent'));
    assert.match(text, '[secret] was sent');
  }
});

test('flushing a sink brings all lines to the file, in order', async () => {
  const file = path.join(temporaryFolder(), 'log');
  const descriptor = openSync(file, 'w');
  const sink = openSink(descriptor);
  const lines = Array.from({ length: 1_000 }, (_, number) => `line ${number}\n`);
  for (const line of lines) sink.write(line);
  await sink.flush();
  assert.is(readFileSync(file, 'utf8'), lines.join(''));
  closeSync(descriptor);
});

test('a log whose disk is full stops nothing', async () => {
  const descriptor = openSync('/dev/full', 'w');
  const logs = openLogs('json', openSink(descriptor));
  const server = await serveFiles(FILES, { logs });
  for (let count = 0; count < 50; count += 1) assert.is((await server.ask('/health')).status, 200);
  await server.close();
  closeSync(descriptor);
});

test('what a log loses is counted, and the metrics tell it', async () => {
  const descriptor = openSync('/dev/full', 'w');
  const logs = openLogs('text', openSink(descriptor));
  const server = await serveFiles(FILES, { logs });
  const lost = async (): Promise<string | undefined> =>
    /^flagstaff_log_lines_dropped_total (.*)$/m.exec((await server.ask('/metrics')).text)?.[1];
  assert.is(await lost(), '0');
  const long = 'a'.repeat(1_000_000);
  for (let count = 0; count < 6; count += 1) logs.notice(long);
  assert.is(await lost(), '3');
  await server.close();
  closeSync(descriptor);
});

test.run();
