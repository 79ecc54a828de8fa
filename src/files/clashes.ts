import type { Flag, OrgSnapshot, ProjectSnapshot, Segment } from '../model/snapshot.js';
import { errorAt, type Issue } from './issue.js';
import type { FileKind } from './parsed.js';
import type { OrgSources, ProjectSources, Source } from './sources.js';

/** An issue for each path that claims what another file has. The file that is served already keeps it, else the first. */
export type Clashes = ReadonlyMap<string, readonly Issue[]>;

/** Ids that two flags, segments or projects of one organization claim. */
export function idClashes({ projects }: OrgSources, previous: OrgSnapshot | undefined): Clashes {
  const entries = [...projects].map(([key, sources]) => ({ sources, before: previous?.projects.get(key) }));
  return collected([
    ...clashesOf(
      entries.flatMap(({ sources: { project }, before }) => idClaim(project, before?.id)),
      idIssue,
    ),
    ...clashesOf(
      entries.flatMap(({ sources, before }) => idClaims(sources.flags, before?.flags)),
      idIssue,
    ),
    ...clashesOf(
      entries.flatMap(({ sources, before }) => idClaims(sources.segments, before?.segments)),
      idIssue,
    ),
  ]);
}

/** Keys that differ only in case: a clone on a disk that does not tell them apart would have only one of them. */
export function caseClashes(sources: ProjectSources, previous: ProjectSnapshot | undefined): Clashes {
  return collected([
    ...clashesOf(caseClaims(sources.flags, previous?.flags), caseIssue),
    ...clashesOf(caseClaims(sources.segments, previous?.segments), caseIssue),
  ]);
}

/** A file that claims a name for itself. */
interface Claim {
  readonly name: string;
  readonly path: string;
  readonly isServed: boolean;
}

type Served = ReadonlyMap<string, Flag | Segment> | undefined;

function idClaims(sources: ReadonlyMap<string, Source<'flag' | 'segment'>>, before: Served): Claim[] {
  return [...sources].flatMap(([key, source]) => idClaim(source, before?.get(key)?.id));
}

function idClaim(
  source: Source<'flag' | 'segment' | 'project'> | undefined,
  served: string | undefined,
): Claim[] {
  const id = source?.value?.id;
  return source === undefined || id === undefined
    ? []
    : [{ name: id, path: source.path, isServed: id === served }];
}

function caseClaims(sources: ReadonlyMap<string, Source<FileKind>>, before: Served): Claim[] {
  return [...sources].map(([key, { path }]) => ({
    name: key.toLowerCase(),
    path,
    isServed: before?.has(key) ?? false,
  }));
}

function clashesOf(
  claims: readonly Claim[],
  issue: (claim: Claim, owner: Claim) => Issue,
): (readonly [string, Issue])[] {
  const owners = new Map<string, Claim>();
  for (const claim of claims) {
    const owner = owners.get(claim.name);
    if (owner === undefined || (claim.isServed && !owner.isServed)) owners.set(claim.name, claim);
  }
  return claims.flatMap((claim) => {
    const owner = owners.get(claim.name);
    return owner === undefined || owner === claim ? [] : [[claim.path, issue(claim, owner)] as const];
  });
}

function idIssue({ name }: Claim, owner: Claim): Issue {
  return errorAt(
    ['id'],
    'DUPLICATE_ID',
    `id ${name}: ${owner.path} has it already; leave it out or choose another`,
  );
}

function caseIssue(_claim: Claim, owner: Claim): Issue {
  const message = `the file's name differs only in case from ${owner.path}; another name was wanted`;
  return errorAt([], 'KEY_CASE_COLLISION', message);
}

function collected(clashes: readonly (readonly [string, Issue])[]): Clashes {
  const byPath = new Map<string, Issue[]>();
  for (const [path, issue] of clashes) byPath.set(path, [...(byPath.get(path) ?? []), issue]);
  return byPath;
}
