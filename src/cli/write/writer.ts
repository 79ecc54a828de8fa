import { openCache } from '../../repository/cache.js';
import type { GitRepository } from '../../repository/git.js';
import { unaskedRemote } from '../../repository/remote/unasked-remote.js';
import type { FlagCache } from '../../repository/served.js';
import type { Writer } from '../../repository/write-request.js';
import { openWriter } from '../../repository/writer.js';

/** Opens the writer for a task, with all flags loaded, and gives everything back after it. */
export async function withWriter<Result>(
  repository: GitRepository,
  use: (writer: Writer, cache: FlagCache) => Promise<Result>,
): Promise<Result> {
  const cache = await openCache({ repository, followsHistory: false });
  try {
    await cache.refresh();
    const remote = await unaskedRemote(repository, Date.now);
    const writer = await openWriter({ repository, cache, remote });
    try {
      return await use(writer, cache);
    } finally {
      await writer.close();
    }
  } finally {
    await cache.close();
  }
}
