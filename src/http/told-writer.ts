import { Failure } from '../model/failure.js';
import type { WriteRequest, WriteResult, Writer } from '../repository/write-request.js';
import { ANONYMOUS } from './auth.js';
import type { Logs, ToldChange } from './logs/logs.js';
import type { Metrics } from './metrics/metrics.js';

/** Who is told of writes. */
export interface WriteListeners {
  readonly metrics: Pick<Metrics, 'countWrite'>;
  /** Undefined where changes are not logged. */
  readonly logs: Pick<Logs, 'change'> | undefined;
}

/** A writer that counts what becomes of each write, and tells the log of each change. */
export function tellWrites(writer: Writer, { metrics, logs }: WriteListeners): Writer {
  return {
    write: async (request) => {
      const { org } = request;
      try {
        const result = await writer.write(request);
        metrics.countWrite(org, result.changed ? 'changed' : 'unchanged');
        if (result.changed) logs?.change(toldChange(request, result));
        return result;
      } catch (error) {
        metrics.countWrite(org, error instanceof Failure ? error.code : 'INTERNAL_ERROR');
        throw error;
      }
    },
    preview: (request) => writer.preview(request),
    close: () => writer.close(),
  };
}

function toldChange(
  { org, author, user, changes, requestId }: WriteRequest,
  result: WriteResult,
): ToldChange {
  return {
    requestId,
    who: user ?? (author.email === ANONYMOUS.email ? ANONYMOUS.name : author.email),
    org,
    commit: result.commit,
    kinds: [...new Set(changes.map(({ kind }) => kind))],
    paths: result.paths,
  };
}
