import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import { machineDisk } from './disk.js';
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
  const text = machineDisk.read(path)?.toString().trim();
  if (text === undefined || SECRET.test(text)) return text;
  throw new Failure(
    'busy',
    'SECRET_DAMAGED',
    `${path} holds no secret: remove it, and a new one is made; tokens of the old one end`,
  );
}

/** A hard link is made whole or not at all, and never replaces the secret of somebody who was faster. */
async function createSecret(path: string): Promise<string> {
  const temporary = temporaryName(path);
  const secret = randomBytes(32).toString('hex');
  await machineDisk.create(temporary, Buffer.from(`${secret}\n`), 0o600);
  try {
    if (machineDisk.link(temporary, path)) return secret;
  } finally {
    machineDisk.remove(temporary);
  }
  return readSecret(path) ?? createSecret(path);
}
