import type { EvaluationContext } from '../../model/evaluation.js';
import type { Recording } from '../../model/recording.js';
import { ContextFiles, type ContextLines } from '../../repository/context-files.js';
import type { ContextPlace } from '../../repository/context-folder.js';
import { endsWithin, PUT_AWAY_MS } from '../../repository/ending.js';
import { readOrCreateSecret } from '../../repository/secret.js';
import { inTurns } from '../../repository/slices.js';
import type { Target } from '../ofrep-path.js';
import { type Noted, NotedContexts } from './noted-contexts.js';
import { hashedContext, type Selection, selectionOf } from './recorded-context.js';

/** Records who asks, where the project's file wants that. */
export interface Recorder {
  /** Quick, and never throws: a question waits for nothing of it. */
  note(target: Target, context: EvaluationContext): void;
  /** Writes what was noted, and notes no more. It does not wait for long: a disk that hangs stops no server from ending. */
  close(): Promise<void>;
}

/** What a recorder needs. */
export interface RecorderOptions {
  readonly repository: { readonly stateDir: string };
  /** False records nothing, whatever the files of projects want. */
  readonly isOn: boolean;
  readonly log: (line: string) => void;
  readonly files?: Pick<ContextFiles, 'append'> | undefined;
  /** From 0 to 1; by chance where it is left out. */
  readonly chance?: (() => number) | undefined;
}

/** So long what was noted waits for its writing, in milliseconds. */
const WRITE_MS = 1_000;
/** So many are noted until then, whatever the share: more would take time from those who ask. */
const MOST_NOTED = 1_000;

/** Opens it. Nothing is made on disk before there is something to record. */
export function openRecorder(options: RecorderOptions): Recorder {
  if (!options.isOn) return { note: () => undefined, close: async () => undefined };
  return new FileRecorder(options);
}

class FileRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #files: Pick<ContextFiles, 'append'>;
  readonly #chance: () => number;
  readonly #selections = new WeakMap<Recording, Selection>();
  readonly #noted = new NotedContexts(MOST_NOTED);
  #timer: NodeJS.Timeout | undefined;
  /** One at a time: on a disk that takes long, what is noted meanwhile waits, bounded, for the next. */
  #writing: Promise<void> | undefined;
  #secret: string | undefined;
  #trouble: string | undefined;
  #isClosed = false;

  constructor(options: RecorderOptions) {
    const { repository, files = new ContextFiles(repository), chance = Math.random } = options;
    this.#options = options;
    this.#files = files;
    this.#chance = chance;
  }

  note({ environment }: Target, context: EvaluationContext): void {
    const { recording: recordings } = environment.project.file;
    if (recordings === undefined || !Object.hasOwn(recordings, environment.key)) return;
    const recording = recordings[environment.key];
    const { org, key: project } = environment.project;
    if (recording === undefined || this.#isClosed || !this.#noted.hasRoom(org)) return;
    if (this.#chance() * 100 >= recording.percentage) return;
    const selected = this.#selectionOf(recording)(context);
    this.#noted.add({ place: { org, project, environment: environment.key }, selected });
    this.#writeLater();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (!(await endsWithin(PUT_AWAY_MS, this.#writeLast()))) this.#tell(LATE);
  }

  async #writeLast(): Promise<void> {
    await this.#writing;
    await this.#write(this.#noted.take());
  }

  #selectionOf(recording: Recording): Selection {
    const known = this.#selections.get(recording);
    if (known !== undefined) return known;
    const selection = selectionOf(recording);
    this.#selections.set(recording, selection);
    return selection;
  }

  #writeLater(): void {
    if (this.#writing !== undefined) return;
    this.#timer ??= setTimeout(() => this.#writeNow(), WRITE_MS).unref();
  }

  #writeNow(): void {
    this.#timer = undefined;
    this.#writing = this.#write(this.#noted.take()).finally(() => {
      this.#writing = undefined;
      if (this.#noted.count > 0 && !this.#isClosed) this.#writeLater();
    });
  }

  /** What the disk refuses is lost, and told once until it takes everything again. */
  async #write(noted: readonly Noted[]): Promise<void> {
    if (noted.length === 0) return;
    try {
      this.#secret ??= await readOrCreateSecret(this.#options.repository);
      const failures = await this.#files.append(await linesOf(noted, this.#secret));
      this.#tell(failures.length === 0 ? undefined : troubleOf(failures[0]));
    } catch (error) {
      this.#tell(troubleOf(error));
    }
  }

  #tell(trouble: string | undefined): void {
    if (trouble !== undefined && this.#trouble === undefined) this.#options.log(trouble);
    this.#trouble = trouble;
  }
}

const LATE = 'contexts are not recorded: the disk does not answer';

function troubleOf(error: unknown): string {
  return `contexts are not recorded: ${error instanceof Error ? error.message : error}`;
}

/** By environment, the lines: the same context becomes one of them, with how often it came. */
async function linesOf(noted: readonly Noted[], secret: string): Promise<readonly ContextLines[]> {
  const counts = new Map<string, { readonly place: ContextPlace; readonly line: object; count: number }>();
  for await (const { place, selected } of inTurns(noted)) {
    const line = { ...place, context: hashedContext(selected, { secret, org: place.org }) };
    const key = JSON.stringify(line);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { place, line, count: 1 });
    else known.count += 1;
  }
  const places = new Map<string, { readonly place: ContextPlace; readonly lines: string[] }>();
  for (const { place, line, count } of counts.values()) {
    const key = Object.values(place).join('/');
    const text = `${JSON.stringify(count === 1 ? line : { ...line, count })}\n`;
    const known = places.get(key);
    if (known === undefined) places.set(key, { place, lines: [text] });
    else known.lines.push(text);
  }
  return [...places.values()];
}
