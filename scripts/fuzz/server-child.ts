import { startServer } from '../../src/server.js';
import { SECRET } from '../../test/support/http.js';
import { watchTurns } from './turns.js';

/** What the child is told: the repository to serve, and that its longest turns are wanted. */
export type ChildTask = { readonly kind: 'serve'; readonly repo: string } | { readonly kind: 'turns' };

/** Fuzzed callers show bad credentials, and write, without end. */
const WITHOUT_LIMIT = 1_000_000_000;

let longestTurns = watchTurns();

// Whoever started it may have died.
process.once('disconnect', () => process.exit());

process.on('message', async (task: ChildTask) => {
  if (task.kind === 'turns') {
    process.send?.(longestTurns());
    return;
  }
  const server = await startServer({
    repo: task.repo,
    port: 0,
    host: '127.0.0.1',
    trust: { kind: 'secret', secret: SECRET },
    writeLimit: WITHOUT_LIMIT,
    credentialLimit: WITHOUT_LIMIT,
  });
  await server.ready;
  longestTurns = watchTurns();
  process.send?.(server.url);
});
