import { pathOf } from '../files/paths.js';
import type { ServedOrg } from '../repository/served.js';
import type { Precondition } from '../repository/write-request.js';
import { fileAt } from './admin/lookup.js';

/** The file that says who may do what in an organization, in the commit that is served. */
export interface FileOfOrg {
  readonly path: string;
  /** The id of its blob; undefined where the organization has no such file. */
  readonly blob: string | undefined;
}

/** The `org.yaml` of an organization. */
export function fileOfOrg(served: ServedOrg): FileOfOrg {
  const path = pathOf({ kind: 'org', org: served.snapshot.key });
  return { path, blob: fileAt(served, path)?.blob };
}

/** That it is still as it was served, so that what was read in it may decide what is written. */
export function stillAsServed(served: ServedOrg): Precondition {
  const { path, blob } = fileOfOrg(served);
  return { path, ...(blob === undefined ? { ifNoneMatch: '*' } : { ifMatch: [blob] }) };
}
