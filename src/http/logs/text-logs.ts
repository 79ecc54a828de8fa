import { withoutSecrets } from '../redact.js';
import type { LogSink } from './log-sink.js';
import type { Logs, ToldChange, ToldRequest, ToldSwap } from './logs.js';

/** A sentence a line, for people. */
export function textLogs(sink: LogSink): Logs {
  return {
    notice: (line) => sink.write(`${withoutSecrets(line)}\n`),
    request: (told) => sink.write(`${requestLine(told)}\n`),
    change: (told) => sink.write(`${changeLine(told)}\n`),
    swap: (told) => sink.write(`${swapLine(told)}\n`),
    get dropped() {
      return sink.dropped;
    },
    flush: () => sink.flush(),
  };
}

/** `GET /health 200 in 1.3 ms, anonymous, request 4f2c` */
function requestLine({ method, path, status, ms, who, requestId }: ToldRequest): string {
  const outcome = status === undefined ? 'left unanswered' : String(status);
  return `${method} ${path} ${outcome} in ${ms} ms, ${who ?? 'nobody known'}, request ${requestId}`;
}

/** `acme: flag.update by u-123 is commit 1a2b3c4d (flags/acme/web-app/flags/new-checkout.yaml), request 4f2c` */
function changeLine({ org, kinds, who, commit, paths, requestId }: ToldChange): string {
  const request = requestId === undefined ? '' : `, request ${requestId}`;
  return `${org}: ${kinds.join(', ')} by ${who} is commit ${short(commit)} (${paths.join(', ')})${request}`;
}

function swapLine({ org, revision, flags }: ToldSwap): string {
  return `${org}: serves ${short(revision)}, ${flags} flag${flags === 1 ? '' : 's'}`;
}

function short(commit: string): string {
  return commit.slice(0, 8);
}
