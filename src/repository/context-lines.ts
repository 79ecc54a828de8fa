import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { EvaluationContext } from '../model/evaluation.js';
import { type ContextFile, isMissing } from './context-folder.js';
import { temporaryName } from './state-folder.js';

/** A line of a file of recorded contexts. */
export interface ContextLine {
  /** As it stands there, without its end. */
  readonly text: string;
  readonly context: EvaluationContext;
}

/** The lines one at a time, however large the file is. What a full disk or a crash has torn is left out. */
export async function* readContextLines({ path }: ContextFile): AsyncGenerator<ContextLine, void> {
  try {
    for await (const text of linesOf(path)) {
      const context = contextIn(text);
      if (context !== undefined) yield { text, context };
    }
  } catch (error) {
    // A server that records may take it away meanwhile, as the oldest.
    if (!isMissing(error)) throw error;
  }
}

/** Takes lines out of a file, and gives how many; what a server adds in the same moment may be lost. */
export async function removeContextLines(
  file: ContextFile,
  isGone: (line: ContextLine) => boolean,
): Promise<number> {
  const temporary = temporaryName(file.path);
  let gone = 0;
  const kept = async function* () {
    for await (const line of readContextLines(file)) {
      if (isGone(line)) gone += 1;
      else yield `${line.text}\n`;
    }
  };
  try {
    await pipeline(kept, createWriteStream(temporary, { mode: 0o600, flags: 'wx' }));
    if (gone > 0) await rename(temporary, file.path);
  } finally {
    await rm(temporary, { force: true });
  }
  return gone;
}

async function* linesOf(path: string): AsyncGenerator<string, void> {
  let begun = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${begun}${chunk}`.split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
  yield begun;
}

function contextIn(text: string): EvaluationContext | undefined {
  try {
    const { context } = (JSON.parse(text) ?? {}) as { readonly context?: EvaluationContext | null };
    return context ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
