import { pino, stdTimeFunctions } from 'pino';
import { withoutSecrets } from '../redact.js';
import type { LogSink } from './log-sink.js';
import type { Logs } from './logs.js';

/**
 * One object in JSON a line: `level`, `time` (RFC 3339), `event` (`request`, `change`, `swap` or `notice`) and what is told.
 * Requests that a bug answered are errors.
 */
export function jsonLogs(sink: LogSink): Logs {
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    sink,
  );
  const events = (event: string) => logger.child({ event });
  const [notices, requests, changes, swaps] = [
    events('notice'),
    events('request'),
    events('change'),
    events('swap'),
  ];
  return {
    notice: (line) => notices.warn(withoutSecrets(line)),
    request: (told) => (told.status === 500 ? requests.error(told) : requests.info(told)),
    change: (told) => changes.info(told),
    swap: (told) => swaps.info(told),
    get dropped() {
      return sink.dropped;
    },
    flush: () => sink.flush(),
  };
}
