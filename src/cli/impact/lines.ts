import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** So many UTF-16 units may a line have: no file without line ends fills the memory. */
export const MOST_UNITS = 1 << 20;

/** A line without its end; undefined for one that is longer than `MOST_UNITS`. */
type Line = string | undefined;

/** The lines of a stream, some at a time. However long the stream, and a line, little of it is held. */
export async function* readLines(stream: Readable): AsyncGenerator<readonly Line[]> {
  const decoder = new StringDecoder('utf8');
  let rest: Line = '';
  for await (const chunk of stream) {
    const [first = '', ...more] = textOf(chunk, decoder).split('\n');
    const lines: Line[] = [rest === undefined ? undefined : rest + first, ...more].map(fitting);
    rest = lines.pop();
    yield lines;
  }
  const end = decoder.end();
  if (rest !== '' || end !== '') yield [fitting(rest === undefined ? undefined : rest + end)];
}

function fitting(line: Line): Line {
  return line !== undefined && line.length <= MOST_UNITS ? line : undefined;
}

function textOf(chunk: unknown, decoder: StringDecoder): string {
  return typeof chunk === 'string' ? chunk : decoder.write(chunk as Buffer);
}
