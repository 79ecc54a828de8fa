import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { LOADER, programOf } from '../support/program.js';

/** A shell that runs the README's commands one after the other, as one person at one terminal would. */
export interface Shell {
  /** Fulfils with what the command printed on both outputs, without the last line end. */
  run(command: string): Promise<string>;
  /** Starts a command that runs on and fulfils with its first line. */
  serve(command: string): Promise<string>;
  /** Ends the shell and what it started. */
  close(): Promise<void>;
}

const END = '--end-of-output--';

/** Opens a shell in a folder, where `flagstaff` is this repository's. */
export function openShell(folder: string, environment: NodeJS.ProcessEnv): Shell {
  const env = { ...environment, PATH: `${programFolder(folder)}${path.delimiter}${process.env.PATH}` };
  const shell = spawn('bash', ['--norc'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
  shell.stdin.write('exec 2>&1\n');
  const servers: ChildProcess[] = [];
  const run = async (command: string): Promise<string> => {
    shell.stdin.write(`${command}\necho; echo ${END}\n`);
    return (await readUntil(shell, `\n${END}\n`)).replace(/\n$/, '');
  };
  return {
    run,
    serve: async (command) => {
      const server = spawn('bash', ['--norc', '-c', `exec ${command}`], {
        cwd: await run('pwd'),
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      servers.push(server);
      return readUntil(server, '\n');
    },
    close: async () => {
      shell.stdin.end();
      await Promise.all([shell, ...servers].map(endProcess));
    },
  };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no address');
  return address.port;
}

function programFolder(folder: string): string {
  const programs = path.join(folder, '.programs');
  const program = path.join(programs, 'flagstaff');
  mkdirSync(programs);
  const words = [process.execPath, ...LOADER, programOf('src/cli.ts')];
  writeFileSync(program, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(program, 0o755);
  return programs;
}

function readUntil(child: ChildProcess, end: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (!text.endsWith(end)) return;
      stop();
      resolve(text.slice(0, -end.length));
    };
    const onClose = (): void => {
      stop();
      reject(new Error(`ended after printing: ${text}`));
    };
    const stop = (): void => {
      child.stdout?.off('data', onData);
      child.off('close', onClose);
    };
    child.stdout?.on('data', onData);
    child.once('close', onClose);
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}
