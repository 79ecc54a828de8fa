import { unreachable } from '../../model/unreachable.js';
import { jsonLogs } from './json-logs.js';
import { type LogSink, standardError } from './log-sink.js';
import type { LogFormat, Logs } from './logs.js';
import { textLogs } from './text-logs.js';

/** Opens the log; on standard error where no sink is given. */
export function openLogs(format: LogFormat, sink: LogSink = standardError()): Logs {
  switch (format) {
    case 'text':
      return textLogs(sink);
    case 'json':
      return jsonLogs(sink);
    default:
      return unreachable(format);
  }
}
