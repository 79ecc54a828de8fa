import type { EvaluationContext } from '../../model/evaluation.js';
import type { Recording } from '../../model/recording.js';
import { ContextFiles, type ContextPlace } from '../../repository/context-files.js';
import { readOrCreateSecret } from '../../repository/secret.js';
import { inTurns } from '../../repository/slices.js';
import type { Target } from '../ofrep-path.js';
import { hashedContext, type Selected, type Selection, selectionOf } from './recorded-context.js';

/** Records who asks, where the project's file wants that. */
export interface Recorder {
  /** Quick, and never throws: a question waits for nothing of it. */
  note(target: Target, context: EvaluationContext): void;
  /** Writes what was noted, and notes no more. */
  close(): Promise<void>;
}

/** What a recorder needs. */
export interface RecorderOptions {
  readonly repository: { readonly stateDir: string };
  /** False records nothing, whatever the files of projects want. */
  readonly isOn: boolean;
  readonly log: (line: string) => void;
  readonly files?: ContextFiles | undefined;
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

/** One question. */
interface Noted {
  readonly place: ContextPlace;
  readonly selected: Selected;
}

class FileRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #files: ContextFiles;
  readonly #chance: () => number;
  readonly #selections = new WeakMap<Recording, Selection>();
  #noted: Noted[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
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
    if (recording === undefined || this.#isClosed || this.#noted.length >= MOST_NOTED) return;
    if (this.#chance() * 100 >= recording.percentage) return;
    const { org, key: project } = environment.project;
    const selected = this.#selectionOf(recording)(context);
    this.#noted.push({ place: { org, project, environment: environment.key }, selected });
    this.#timer ??= setTimeout(() => this.#writeSoon(), WRITE_MS).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#writeSoon();
    await this.#writing;
  }

  #selectionOf(recording: Recording): Selection {
    const known = this.#selections.get(recording);
    if (known !== undefined) return known;
    const selection = selectionOf(recording);
    this.#selections.set(recording, selection);
    return selection;
  }

  #writeSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const noted = this.#noted;
    this.#noted = [];
    if (noted.length > 0) this.#writing = this.#writing.then(() => this.#write(noted));
  }

  /** What the disk refuses is lost, and told once until it takes something again. */
  async #write(noted: readonly Noted[]): Promise<void> {
    try {
      const secret = await readOrCreateSecret(this.#options.repository);
      let hasRoom = true;
      for (const { place, lines } of await linesOf(noted, secret)) {
        hasRoom = (await this.#files.append(place, lines)) && hasRoom;
      }
      this.#tell(hasRoom ? undefined : 'there is no room left for recorded contexts: delete some of them');
    } catch (error) {
      this.#tell(`contexts are not recorded: ${error instanceof Error ? error.message : error}`);
    }
  }

  #tell(trouble: string | undefined): void {
    if (trouble !== undefined && this.#trouble === undefined) this.#options.log(trouble);
    this.#trouble = trouble;
  }
}

/** By environment, the lines: the same context becomes one of them, with how often it came. */
async function linesOf(
  noted: readonly Noted[],
  secret: string,
): Promise<Iterable<{ readonly place: ContextPlace; readonly lines: string }>> {
  const counts = new Map<string, { readonly place: ContextPlace; readonly line: object; count: number }>();
  for await (const { place, selected } of inTurns(noted)) {
    const line = { ...place, context: hashedContext(selected, { secret, org: place.org }) };
    const key = JSON.stringify(line);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { place, line, count: 1 });
    else known.count += 1;
  }
  const places = new Map<string, { readonly place: ContextPlace; lines: string }>();
  for (const { place, line, count } of counts.values()) {
    const key = Object.values(place).join('/');
    const text = `${JSON.stringify(count === 1 ? line : { ...line, count })}\n`;
    const known = places.get(key);
    if (known === undefined) places.set(key, { place, lines: text });
    else known.lines += text;
  }
  return places.values();
}
