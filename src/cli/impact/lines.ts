import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** So many UTF-16 units of a line are kept: a context that is longer is none, and no file without line ends fills the memory. */
const MOST_UNITS = 1 << 20;

/** The lines of a stream, some at a time, without their ends. However long the stream, few of them are held. */
export async function* readLines(stream: Readable): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + textOf(chunk, decoder)).split('\n');
    rest = (lines.pop() ?? '').slice(0, MOST_UNITS);
    yield lines;
  }
  rest += decoder.end();
  if (rest !== '') yield [rest];
}

function textOf(chunk: unknown, decoder: StringDecoder): string {
  return typeof chunk === 'string' ? chunk : decoder.write(chunk as Buffer);
}
