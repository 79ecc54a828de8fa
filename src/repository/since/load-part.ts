import { load } from '../../files/load.js';
import type { LoadedOrg, SourceFile } from '../../files/loaded.js';
import type { FileKind, ParsedFile } from '../../files/parsed.js';
import type { OrgKey } from '../../model/keys.js';
import { drain } from '../slices.js';
import type { Reached } from './reached.js';
import type { TreeVersion } from './tree-versions.js';

/** What is loaded. */
export interface PartInput {
  readonly version: TreeVersion;
  readonly org: OrgKey;
  readonly reached: Reached;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Loads an organization of which only a part is read. All other files stand there as the least that one of their kind can
 * be, so that names are found, and slips of them too; what is said of those files means nothing.
 */
export async function loadPart({ version, org, reached, now }: PartInput): Promise<LoadedOrg> {
  const files: SourceFile[] = [];
  for (const { path, blob, mode, kind } of version.files.values()) {
    if (!path.startsWith(`flags/${org}/`)) continue;
    const isRead = kind === undefined || reached.read.has(path);
    const parsed = isRead ? version.parse(path) : LEAST[kind];
    // What went while it was looked for is left out.
    if (kind === undefined || parsed !== undefined) files.push({ path, blob, mode, parsed });
  }
  return drain(load({ org, files, previous: undefined, now }));
}

/** By kind, a file that says nothing but that it is there. */
const LEAST: { readonly [Kind in FileKind]: ParsedFile<Kind> } = {
  config: { kind: 'config', value: {}, problems: [] },
  org: { kind: 'org', value: {}, problems: [] },
  project: { kind: 'project', value: { environments: ['production'] }, problems: [] },
  'api-keys': { kind: 'api-keys', value: [], problems: [] },
  flag: { kind: 'flag', value: { environments: {} }, problems: [] },
  segment: { kind: 'segment', value: {}, problems: [] },
  overrides: { kind: 'overrides', value: [], problems: [] },
  tests: { kind: 'tests', value: [], problems: [] },
};
