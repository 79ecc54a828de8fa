import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { Failure } from '../../src/model/failure.js';
import {
  type FlagKey,
  type OrgKey,
  type ProjectKey,
  parseFlagKey,
  parseOrgKey,
  parseProjectKey,
} from '../../src/model/keys.js';
import { openCache } from '../../src/repository/cache.js';
import { openRepository } from '../../src/repository/git.js';
import type { FlagCache } from '../../src/repository/served.js';
import type { Precondition, RepositoryWriter, WriteRequest } from '../../src/repository/write-request.js';
import { openWriter, type WriterOptions } from '../../src/repository/writer.js';
import { createRepository, type Files, type TestRepository } from '../support/git.js';

/** A clone that is served and written to. */
export interface Writable {
  readonly clone: TestRepository;
  readonly cache: FlagCache;
  readonly writer: RepositoryWriter;
  close(): Promise<void>;
}

export const MARC = { name: 'Marc', email: 'marc@example.com' };
/** 2026-01-15T10:00:00Z */
export const NOW = Date.UTC(2026, 0, 15, 10);

/** An organization with one project and two flags. */
export const FILES: Files = {
  'flags/acme/org.yaml': 'name: Acme\n',
  'flags/acme/web-app/project.yaml': 'environments: [development, production]\n',
  'flags/acme/web-app/flags/new-checkout.yaml': `# Asked for by the checkout team.
description: Redesigned checkout page # short
environments:
  # not yet
  production: { enabled: false }
`,
  'flags/acme/web-app/flags/dark-mode.yaml': 'environments:\n  production: { enabled: true }\n',
  'README.md': 'Flags.\n',
};

export const CHECKOUT = 'flags/acme/web-app/flags/new-checkout.yaml';
export const DARK_MODE = 'flags/acme/web-app/flags/dark-mode.yaml';

/** Opens cache and writer on a clone of these files. */
export async function openWritable(
  files: Files = FILES,
  options: Partial<WriterOptions> = {},
): Promise<Writable> {
  return openOn(await createRepository(files), options);
}

/** The same on a clone that is there. */
export async function openOn(clone: TestRepository, options: Partial<WriterOptions> = {}): Promise<Writable> {
  const repository = await openRepository(clone.dir);
  const cache = await openCache({
    repository,
    ...(options.branch === undefined ? {} : { branch: options.branch }),
  });
  if ((await repository.head()).oid !== undefined) await cache.ready;
  const writer = await openWriter({ repository, cache, now: () => NOW, ...options });
  const close = async (): Promise<void> => {
    await writer.close();
    await cache.close();
  };
  return { clone, cache, writer, close };
}

export const ORG = must(parseOrgKey('acme')) satisfies OrgKey;
export const PROJECT = must(parseProjectKey('web-app')) satisfies ProjectKey;

export function flagKey(text: string): FlagKey {
  return must(parseFlagKey(text));
}

/** A write of one change. */
export function writeOf(change: Change, more: Partial<WriteRequest> = {}): WriteRequest {
  return { org: ORG, author: MARC, changes: [change], ...more };
}

/** A write only if that is so of the file. */
export function expecting(path: string, precondition: Omit<Precondition, 'path'>): Partial<WriteRequest> {
  return { preconditions: [{ path, ...precondition }] };
}

/** Sets the flag's switch in production. */
export function enable(flag: string, enabled = true): Change {
  const edits = [{ at: ['environments', 'production', 'enabled'], set: enabled }];
  return { kind: 'flag.update', project: PROJECT, flag: flagKey(flag), edits };
}

/** Sets the flag's description. */
export function describeFlag(flag: string, description: string): Change {
  return {
    kind: 'flag.update',
    project: PROJECT,
    flag: flagKey(flag),
    edits: [{ at: ['description'], set: description }],
  };
}

export function create(flag: string): Change {
  const file = { environments: { production: { enabled: true } } };
  return { kind: 'flag.create', project: PROJECT, flag: flagKey(flag), file };
}

export function remove(flag: string): Change {
  return { kind: 'flag.delete', project: PROJECT, flag: flagKey(flag) };
}

/** The failure that a promise ends in; another error, or none, fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const result = await work.then(
    () => new Error('nothing failed'),
    (error: unknown) => error,
  );
  if (result instanceof Failure) return result;
  throw result;
}

/** A write is refused with this code, and changes nothing. */
export async function refused({ clone, writer, cache }: Writable, code: string): Promise<void> {
  const before = await clone.git('rev-parse', 'HEAD');
  const failure = await failureOf(writer.write(writeOf(enable('new-checkout'))));
  assert.is(failure.code, code);
  assert.is(failure.kind, code === 'REPOSITORY_UNSUPPORTED' ? 'busy' : 'conflict');
  assert.is(await clone.git('rev-parse', 'HEAD'), before);
  assert.ok(cache.orgs.has('acme'), 'reads go on');
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not a key');
  return value;
}
