import { placeOf } from '../../files/paths.js';
import { type Uses, usesOfFlag, usesOfSegment } from '../../files/uses.js';
import { blobId } from '../../repository/loose-object.js';
import type { DraftFile } from '../create/judge.js';
import type { Destination } from './destination.js';

/** A segment that is written over, and who asks it and is not written over too. */
export interface ReplacedSegment {
  readonly segment: string;
  /** Flags and segments by their paths from the top of the repository. */
  readonly users: readonly string[];
}

type File = Destination['orgNow']['files'][number];

/** The segments of the project that get another content and that files ask which stay: those may answer otherwise. */
export function replacedSegments(
  { orgNow, project }: Destination,
  drafts: readonly DraftFile[],
): readonly ReplacedSegment[] {
  const texts = new Map(drafts.map(({ path, text }) => [path, text]));
  const kept = orgNow.files.filter(({ path }) => !texts.has(path));
  return orgNow.files.flatMap((file) => {
    const text = texts.get(file.path);
    const segment = text === undefined ? undefined : keyOf(file, project);
    if (text === undefined || segment === undefined || file.blob === blobId(Buffer.from(text))) return [];
    const users = kept.filter((other) => asks(other, segment, project)).map(({ path }) => path);
    return users.length === 0 ? [] : [{ segment, users }];
  });
}

function keyOf({ path }: File, project: string): string | undefined {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file' || meaning.place.kind !== 'segment') return undefined;
  return meaning.place.project === project ? meaning.place.key : undefined;
}

function asks({ path, parsed }: File, segment: string, project: string): boolean {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file' || parsed?.value === undefined) return false;
  if (!('project' in meaning.place) || meaning.place.project !== project) return false;
  const named = (uses: Uses): boolean => uses.segments.some(({ key }) => key === segment);
  if (parsed.kind === 'flag') return named(usesOfFlag(parsed.value));
  return parsed.kind === 'segment' && named(usesOfSegment(parsed.value));
}
