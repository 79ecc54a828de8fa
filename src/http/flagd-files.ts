import { createHash } from 'node:crypto';
import type { CompiledEnvironment } from '../evaluation/compiled.js';
import { type FlagdDefinitions, writeDefinitions } from '../evaluation/flagd/definitions.js';
import type { Inexpressible } from '../evaluation/flagd/inexpressible.js';
import { drain } from '../repository/slices.js';

/** The definitions of an environment as they are sent. */
export interface DefinitionsFile {
  readonly refused: readonly Inexpressible[];
  /** How many flags are not in it. */
  readonly skipped: number;
  readonly tag: string;
  readonly bytes: Buffer;
}

/** How many bytes are kept in all. The file of one environment has 16 million at most, besides what is skipped. */
const KEPT_BYTES = 64_000_000;

/** The files of all environments: one is made at a time, and few are kept where they are large. */
export class DefinitionsFiles {
  readonly #keptBytes: number;
  /** What was made is good for as long as nothing of the environment changes. */
  readonly #files = new WeakMap<CompiledEnvironment, Promise<DefinitionsFile>>();
  /** Those that are kept, the oldest first; environments that nothing else holds are not held here. */
  readonly #kept: { readonly environment: WeakRef<CompiledEnvironment>; readonly bytes: number }[] = [];
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(keptBytes = KEPT_BYTES) {
    this.#keptBytes = keptBytes;
  }

  of(environment: CompiledEnvironment): Promise<DefinitionsFile> {
    const known = this.#files.get(environment);
    if (known !== undefined) return known;
    const made = this.#last.then(() => drain(makeFile(environment)));
    this.#files.set(environment, made);
    this.#last = made.then(
      ({ bytes }) => this.#keep(environment, bytes.length),
      () => this.#files.delete(environment),
    );
    return made;
  }

  #keep(environment: CompiledEnvironment, bytes: number): void {
    this.#kept.push({ environment: new WeakRef(environment), bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#keptBytes) {
      const oldest = this.#kept.shift();
      if (oldest === undefined) return;
      this.#bytes -= oldest.bytes;
      const forgotten = oldest.environment.deref();
      if (forgotten !== undefined) this.#files.delete(forgotten);
    }
  }
}

/** What is skipped is named in a member of its own: what flagd calls metadata would become part of every answer. */
function* makeFile(environment: CompiledEnvironment): Generator<void, DefinitionsFile> {
  const { flags, refused } = yield* writeDefinitions(environment);
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  for (const text of textsOf({ flags, refused })) {
    const part = Buffer.from(text);
    hash.update(part);
    parts.push(part);
    yield;
  }
  const skipped = new Set(refused.map(({ flag }) => flag)).size;
  return { refused, skipped, tag: hash.digest('base64url'), bytes: Buffer.concat(parts) };
}

function* textsOf({ flags, refused }: FlagdDefinitions): Generator<string, void> {
  yield `{"$schema":"${SCHEMA}","flags":{`;
  let comma = '';
  for (const [key, definition] of flags) {
    yield `${comma}${JSON.stringify(key)}:${definition}`;
    comma = ',';
  }
  yield refused.length === 0 ? '}}' : `},"skipped":${JSON.stringify(refused)}}`;
}

/** By which editors check it. */
const SCHEMA = 'https://flagd.dev/schema/v0/flags.json';
