import { parentPort, workerData } from 'node:worker_threads';
import { ObjectStore } from './object-store.js';
import { performAny, type WorkerTask } from './reading-task.js';

/** Where the bytes are. The worker reads them itself: they never touch the main thread. */
export interface WorkerPlace {
  readonly workDir: string | undefined;
  readonly commonDir: string;
}

// The parser asks the environment at every token, and the real one answers slowly.
process.env = { ...process.env };

const { workDir, commonDir }: WorkerPlace = workerData;
const store = new ObjectStore(commonDir);
const source = { workDir, readBlob: (oid: string) => store.readAs(oid, 'blob') };

/** The answer is JSON text: JSON.parse is quicker than a structured clone. */
parentPort?.on('message', async (task: WorkerTask) => {
  parentPort?.postMessage(JSON.stringify(await performAny(source, task)));
});
