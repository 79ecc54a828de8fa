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
  return {
    notice: (line) => logger.warn({ event: 'notice' }, withoutSecrets(line)),
    request: (told) => {
      const isBug = told.status === 500;
      logger[isBug ? 'error' : 'info']({ event: 'request', ...told });
    },
    change: (told) => logger.info({ event: 'change', ...told }),
    swap: (told) => logger.info({ event: 'swap', ...told }),
    flush: () => sink.flush(),
  };
}
