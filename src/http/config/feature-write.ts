import { hash } from 'node:crypto';
import type { Change } from '../../changes/change.js';
import { pathOf } from '../../files/paths.js';
import type { FlagFile } from '../../model/flag.js';
import type { FlagKey, ProjectKey } from '../../model/keys.js';
import type { OverridesFile } from '../../model/override.js';
import type { Flag } from '../../model/snapshot.js';
import type { Precondition, WriteResult } from '../../repository/write-request.js';
import { type CurrentProject, currentProject, fileNow, untilFirst } from '../admin/exact-write.js';
import { type FlagFilePlace, findFlagFile, headBlob } from '../admin/lookup.js';
import type { Asked } from '../route.js';
import { environmentOf } from '../scope.js';
import { findMatching } from '../stale-write.js';
import { writeChanges } from '../write-changes.js';
import { preconditionsOf } from '../write-headers.js';
import type { WriteWords } from '../write-words.js';
import type { ConfigOptions } from './default-place.js';
import type { ExceptionsNow } from './names.js';

/** A flag as its files say it, where it is to be written. */
export interface FeatureNow extends ExceptionsNow {
  readonly project: ProjectKey;
  readonly key: FlagKey;
}

/** A write of a flag that is worked out from what its files say. */
export interface FeatureWrite {
  readonly key: FlagKey;
  readonly changesOf: (current: CurrentProject) => readonly Change[];
  readonly words?: WriteWords;
}

/**
 * Writes a flag, of whose files both are as they were when the changes were worked out: where others were quicker, they are
 * worked out again. `If-Match` names both at once. Throws what `findMatching`, `writeChanges` and `untilFirst` do.
 */
export async function writeFeature(
  { cache, writer }: ConfigOptions,
  asked: Asked,
  { key, changesOf, words }: FeatureWrite,
): Promise<WriteResult> {
  const look = () => {
    const current = currentProject(cache, asked);
    const files = filesOf(current, findFlagFile(current, key));
    return { current, files, flag: { path: files[0].path, blob: tagOf(files) } };
  };
  return untilFirst(cache, asked, async () => {
    const { current, files } = await findMatching(cache, asked, look);
    const preconditions = [...files.map(exactly), ...unlessThere(asked, files[0].path)];
    const write = { served: current.served, changes: changesOf(current), preconditions, ...words };
    return writeChanges(writer, asked.caller, write);
  });
}

/** What the files of a flag say in the commit that is served. Throws `Failure` FILE_BROKEN where one says nothing. */
export function featureNow(
  { now }: ConfigOptions,
  asked: Asked,
  { current, key }: { readonly current: CurrentProject; readonly key: FlagKey },
): FeatureNow {
  const { served, project } = current;
  const [own, others] = filesOf(current, findFlagFile(current, key));
  return {
    project: project.key,
    key,
    environment: environmentOf(asked),
    file: fileNow(served, own.path).value as FlagFile,
    overrides: others.blob === undefined ? [] : (fileNow(served, others.path).value as OverridesFile),
    now: now(),
  };
}

/** The headers of an answer about a flag: the tag is that of the flag's file, and with overrides one of both. */
export function headersOfFeature(current: CurrentProject, flag: Flag): Readonly<Record<string, string>> {
  return { ETag: `"${tagOf(filesOf(current, flag))}"`, 'Flagstaff-Revision': current.served.revision };
}

/** A file of a flag; without a blob where it is not there. */
interface FeatureFile {
  readonly path: string;
  readonly blob: string | undefined;
}

/** The flag's own file and that of its overrides. */
type FeatureFiles = readonly [FeatureFile & { readonly blob: string }, FeatureFile];

function filesOf({ served, project }: CurrentProject, flag: FlagFilePlace): FeatureFiles {
  const path = pathOf({ kind: 'overrides', org: project.org, project: project.key, key: flag.key });
  const blob = served.files.find((file) => file.path === path)?.blob;
  return [
    { path: flag.path, blob: headBlob(served, flag) },
    { path, blob },
  ];
}

function tagOf([own, overrides]: FeatureFiles): string {
  if (overrides.blob === undefined) return own.blob;
  return hash('sha256', `${own.blob} ${overrides.blob}`, 'base64url');
}

function exactly({ path, blob }: FeatureFile): Precondition {
  return blob === undefined ? { path, ifNoneMatch: '*' } : { path, ifMatch: [blob] };
}

/** `If-Match` was compared before, with the tag of both files. */
function unlessThere(asked: Asked, path: string): readonly Precondition[] {
  return preconditionsOf(asked, path).flatMap(({ ifNoneMatch }) =>
    ifNoneMatch === undefined ? [] : [{ path, ifNoneMatch }],
  );
}
