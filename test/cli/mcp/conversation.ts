import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import * as assert from 'uvu/assert';
import { PERSON, run } from '../run.js';

/** Streams in memory do not keep a process alive, as those of a real one do: returns how to stop keeping it. */
export function keepAlive(): () => void {
  const timer = setInterval(() => undefined, 60_000);
  return () => clearInterval(timer);
}

/** An agent that speaks to the command, which was started in another folder, through its standard input and output. */
export async function talk(repo: string, words: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ended = run([...words, '--repo', repo], { env: PERSON, streams: { input, output } });
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(new StdioServerTransport(output, input));
  const hangUp = async () => {
    await client.close();
    input.end();
    const { code, err } = await ended;
    assert.equal([code, err], [0, '']);
  };
  return { client, hangUp };
}

/** The items of an answer; of an error too. */
export async function call(client: Client, name: string, asked: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: asked });
  const texts = (content as { text: string }[]).map(({ text }) => text);
  return { text: texts[0] ?? '', texts, isError: isError === true };
}

/** The JSON of an answer that is no error. */
export async function data(client: Client, name: string, asked: Record<string, unknown> = {}) {
  const { text, isError } = await call(client, name, asked);
  assert.is(isError, false, text);
  return JSON.parse(text);
}
