import { parseCommit } from './commit.js';
import type { GitRepository } from './git.js';
import type { ObjectBatch } from './object-batch.js';
import { parseTree } from './tree.js';

/** The repository as it will be once the objects of the batch are on disk: they are found there first. */
export function withObjects(repository: GitRepository, objects: ObjectBatch): GitRepository {
  return {
    workDir: repository.workDir,
    gitDir: repository.gitDir,
    commonDir: repository.commonDir,
    stateDir: repository.stateDir,
    head: () => repository.head(),
    resolveBranch: (name) => repository.resolveBranch(name),
    readCommit: async (oid) => {
      const staged = objects.get(oid);
      return staged === undefined ? repository.readCommit(oid) : parseCommit(oid, staged.bytes);
    },
    readTree: async (oid) => {
      const staged = objects.get(oid);
      return staged === undefined ? repository.readTree(oid) : parseTree(oid, staged.bytes);
    },
    readBlob: async (oid) => objects.get(oid)?.bytes ?? repository.readBlob(oid),
    findObjects: (prefix) => repository.findObjects(prefix),
    remember: (written) => repository.remember(written),
    readObject: async (oid) => objects.get(oid) ?? repository.readObject(oid),
  };
}
