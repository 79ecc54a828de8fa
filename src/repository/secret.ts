import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import { ensureStateFolder, temporaryName } from './state-folder.js';

const SECRET = /^[0-9a-f]{64}$/;

/**
 * The secret that signs the local tokens: 256 random bits as 64 hexadecimal digits, made at the first start and kept
 * under the git folder, readable by its owner alone. Of two starts at once one makes it and both get the same.
 */
export async function readOrCreateSecret(repository: { readonly stateDir: string }): Promise<string> {
  const path = join(ensureStateFolder(repository), 'secret');
  return readSecret(path) ?? createSecret(path);
}

function readSecret(path: string): string | undefined {
  const text = readIfThere(path)?.trim();
  if (text === undefined || SECRET.test(text)) return text;
  throw new Failure(
    'busy',
    'SECRET_DAMAGED',
    `${path} holds no secret: remove it, and a new one is made; tokens of the old one end`,
  );
}

/** A hard link is made whole or not at all, and never replaces the secret of somebody who was faster. */
function createSecret(path: string): string {
  const temporary = temporaryName(path);
  const secret = randomBytes(32).toString('hex');
  writeDurably(temporary, `${secret}\n`);
  try {
    linkSync(temporary, path);
    return secret;
  } catch (error) {
    const theirs = isThere(error) ? readSecret(path) : undefined;
    if (theirs === undefined) throw error;
    return theirs;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
