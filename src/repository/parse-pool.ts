import { Worker } from 'node:worker_threads';
import type { WorkerPlace } from './parse-worker.js';
import type { WorkerTask } from './reading-task.js';

/** Each worker has to warm up before it is quick, and takes its own memory: more than two hardly pay. */
const MOST_WORKERS = 2;
/** A worker that has had nothing to do for so long ends. */
const IDLE_MS = 1_000;

/** From source the worker is TypeScript, and a worker has to bring up tsx's loader by itself. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const WORKER_URL = new URL(IS_SOURCE ? './parse-worker.ts' : './parse-worker.js', import.meta.url);
const SOURCE_START = `import('tsx/esm/api').then(({ register }) => {
  register();
  return import(${JSON.stringify(WORKER_URL.href)});
});`;

/** A task, and who waits for it. */
interface Job {
  readonly task: WorkerTask;
  readonly fulfil: (entries: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

interface Hand {
  readonly worker: Worker;
  job: Job | undefined;
  idleTimer: NodeJS.Timeout | undefined;
}

/** Worker threads that read, parse and locate, and apply changes: started when there is work, ended when there is none. */
export class ParsePool {
  readonly #place: WorkerPlace;
  readonly #waiting: Job[] = [];
  readonly #hands = new Set<Hand>();
  #isClosed = false;

  constructor(place: WorkerPlace) {
    this.#place = place;
  }

  /** Gives the task's entries. Rejects where the worker dies of it, or the pool is closed. */
  run(task: WorkerTask): Promise<readonly unknown[]> {
    return new Promise((fulfil, reject) => {
      if (this.#isClosed) reject(new Error('the pool is closed'));
      this.#waiting.push({ task, fulfil, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const why = new Error('the pool is closed');
    for (const job of this.#waiting.splice(0)) job.reject(why);
    await Promise.all([...this.#hands].map((hand) => this.#end(hand, why)));
  }

  /** One job at a time for each, so that no answer waits for the main thread behind another one. */
  #assign(): void {
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const hand = this.#freeHand();
      const job = hand && this.#waiting.shift();
      if (hand === undefined || job === undefined) return;
      clearTimeout(hand.idleTimer);
      hand.job = job;
      hand.worker.ref();
      hand.worker.postMessage(job.task);
    }
  }

  #freeHand(): Hand | undefined {
    const free = [...this.#hands].find((hand) => hand.job === undefined);
    return free ?? (this.#hands.size < MOST_WORKERS ? this.#hire() : undefined);
  }

  #hire(): Hand {
    const hand: Hand = { worker: startWorker(this.#place), job: undefined, idleTimer: undefined };
    hand.worker.on('message', (entries: string) => this.#finish(hand, entries));
    hand.worker.on('error', (error: Error) => void this.#end(hand, error));
    hand.worker.on('exit', (code) => void this.#end(hand, new Error(`a worker ended with code ${code}`)));
    this.#hands.add(hand);
    return hand;
  }

  #finish(hand: Hand, entries: string): void {
    const job = hand.job;
    hand.job = undefined;
    this.#assign();
    if (hand.job === undefined) this.#rest(hand);
    job?.fulfil(JSON.parse(entries) as readonly unknown[]);
  }

  #rest(hand: Hand): void {
    hand.worker.unref();
    hand.idleTimer = setTimeout(() => void this.#end(hand, new Error('idle')), IDLE_MS).unref();
  }

  async #end(hand: Hand, why: Error): Promise<void> {
    if (!this.#hands.delete(hand)) return;
    clearTimeout(hand.idleTimer);
    hand.job?.reject(why);
    hand.job = undefined;
    await end(hand.worker);
    this.#assign();
  }
}

/** Node may take a process for idle while its last thread ends: whoever waits for that would never be told. */
async function end(worker: Worker): Promise<void> {
  const keepsAlive = setInterval(() => undefined, IDLE_MS);
  await worker.terminate();
  clearInterval(keepsAlive);
}

/** Flags of the command line are for the main thread, a debugger's above all. */
function startWorker(workerData: WorkerPlace): Worker {
  const options = { execArgv: [], workerData };
  return IS_SOURCE ? new Worker(SOURCE_START, { ...options, eval: true }) : new Worker(WORKER_URL, options);
}
