import { derivedId, isDerivedId } from '../model/ids.js';
import type { Flag, OrgSnapshot, ProjectSnapshot, Segment } from '../model/snapshot.js';
import { errorAt, type Issue } from './issue.js';
import type { FileKind } from './parsed.js';
import type { OrgChanges, SourcesChange } from './reach.js';
import type { OrgSources, ProjectSources, Source } from './sources.js';

/** An issue for each path that claims what another file has. The file that is served already keeps it, else the first. */
export type Clashes = ReadonlyMap<string, readonly Issue[]>;

/** Ids of an organization, with what was served of it and what an earlier load found. */
export interface IdInput {
  readonly sources: OrgSources;
  readonly previous: OrgSnapshot | undefined;
  readonly before: { readonly clashes: Clashes; readonly changes: OrgChanges } | undefined;
}

/** Ids that two flags, segments or projects of one organization claim. */
export function idClashes({ sources, previous, before }: IdInput): Clashes {
  if (before?.clashes.size === 0 && !hasNewIds(sources, before.changes)) return before.clashes;
  const { key: org, projects } = sources;
  const files = [...projects].map(([key, sources]) => ({
    key,
    sources,
    before: previous?.projects.get(key),
  }));
  const projectPlace: IdPlace = {
    sources: new Map(files.flatMap(({ key, sources: { project } }) => (project ? [[key, project]] : []))),
    before: previous?.projects,
    derive: (key) => derivedId('prj', org, key),
  };
  const flagPlaces = files.map(
    ({ key, sources, before }): IdPlace => ({
      sources: sources.flags,
      before: before?.flags,
      derive: (flag) => derivedId('flg', org, key, flag),
    }),
  );
  const segmentPlaces = files.map(
    ({ key, sources, before }): IdPlace => ({
      sources: sources.segments,
      before: before?.segments,
      derive: (segment) => derivedId('seg', org, key, segment),
    }),
  );
  const kinds = [[projectPlace], flagPlaces, segmentPlaces];
  return collected(kinds.flatMap((places) => clashesOf(idClaims(places), idIssue)));
}

function hasNewIds({ projects }: OrgSources, changes: OrgChanges): boolean {
  return [...projects.keys()].some((key) => {
    const change = changes.get(key);
    if (change === undefined) return true;
    const { before, after, changed } = change;
    return (
      isNewId(before.project, after.project) ||
      changed.flags.some((flag) => isNewId(before.flags.get(flag), after.flags.get(flag))) ||
      changed.segments.some((one) => isNewId(before.segments.get(one), after.segments.get(one)))
    );
  });
}

/** What is broken claims nothing. */
function isNewId(before: IdSource | undefined, after: IdSource | undefined): boolean {
  if (after?.value === undefined) return false;
  return before?.value === undefined || before.value.id !== after.value.id;
}

/** Keys of a project, with what was served of it and what an earlier load found. */
export interface KeyInput {
  readonly sources: ProjectSources;
  readonly previous: ProjectSnapshot | undefined;
  readonly before: { readonly clashes: Clashes; readonly change: SourcesChange } | undefined;
}

/** Keys that differ only in case: a clone on a disk that does not tell them apart would have only one of them. */
export function caseClashes({ sources, previous, before }: KeyInput): Clashes {
  if (before?.clashes.size === 0 && !hasNewKeys(before.change)) return before.clashes;
  return collected([
    ...clashesOf(caseClaims(sources.flags, previous?.flags), caseIssue),
    ...clashesOf(caseClaims(sources.segments, previous?.segments), caseIssue),
  ]);
}

function hasNewKeys({ before, changed }: SourcesChange): boolean {
  return (
    changed.flags.some((key) => !before.flags.has(key)) ||
    changed.segments.some((key) => !before.segments.has(key))
  );
}

/** A file that claims a name for itself. */
interface Claim {
  readonly name: string;
  readonly path: string;
  readonly isServed: boolean;
}

type Served = ReadonlyMap<string, Flag | Segment | ProjectSnapshot> | undefined;

interface IdClaim extends Claim {
  /** False where the id is derived. */
  readonly isWritten: boolean;
}

type IdSource = Source<'flag' | 'segment' | 'project'>;

/** Files that have ids, with what was served under their names. */
interface IdPlace {
  readonly sources: ReadonlyMap<string, IdSource>;
  readonly before: Served;
  readonly derive: (key: string) => string;
}

/** Derived ids differ from each other, so they claim only where somebody writes one: they cost a hash each. */
function idClaims(places: readonly IdPlace[]): IdClaim[] {
  const isDerivedWritten = places.some(({ sources }) =>
    [...sources.values()].some(({ value }) => value?.id !== undefined && isDerivedId(value.id)),
  );
  return places.flatMap(({ sources, before, derive }) =>
    [...sources].flatMap(([key, { path, value }]) => {
      if (value === undefined || (value.id === undefined && !isDerivedWritten)) return [];
      const name = value.id ?? derive(key);
      return [{ name, path, isServed: name === before?.get(key)?.id, isWritten: value.id !== undefined }];
    }),
  );
}

function caseClaims(sources: ReadonlyMap<string, Source<FileKind>>, before: Served): Claim[] {
  return [...sources].map(([key, { path }]) => ({
    name: key.toLowerCase(),
    path,
    isServed: before?.has(key) ?? false,
  }));
}

function clashesOf<Claimed extends Claim>(
  claims: readonly Claimed[],
  issue: (claim: Claimed, owner: Claimed) => Issue,
): (readonly [string, Issue])[] {
  const owners = new Map<string, Claimed>();
  for (const claim of claims) {
    const owner = owners.get(claim.name);
    if (owner === undefined || (claim.isServed && !owner.isServed)) owners.set(claim.name, claim);
  }
  return claims.flatMap((claim) => {
    const owner = owners.get(claim.name);
    return owner === undefined || owner === claim ? [] : [[claim.path, issue(claim, owner)] as const];
  });
}

function idIssue({ name, isWritten }: IdClaim, owner: IdClaim): Issue {
  const [found, wanted] = isWritten
    ? [`id ${name}`, 'leave it out or choose another']
    : [`the id that is derived from the key, ${name}`, 'an id of its own was wanted'];
  return errorAt(['id'], 'DUPLICATE_ID', `${found}: ${owner.path} has it already; ${wanted}`);
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
