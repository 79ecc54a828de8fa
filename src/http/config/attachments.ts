import { attachmentEntry, environmentState } from '../../model/flag.js';
import { derivedId } from '../../model/ids.js';
import type { EnvironmentKey, SegmentKey } from '../../model/keys.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';

/** A segment that is attached to a flag, in the words of seed 002. */
export interface ShownAttachment {
  readonly id: string;
  readonly segmentId: string;
  readonly segment: { readonly id: string; readonly name: string };
}

/** Where a segment is attached. */
export interface AttachmentPlace {
  readonly project: ProjectSnapshot;
  readonly environment: EnvironmentKey;
}

/**
 * The attached segments in file order, those too whose members get another variant than `on`. A flag that is served from
 * an older commit has the segments of that commit.
 */
export function shownAttachments(flag: Flag, place: AttachmentPlace): readonly ShownAttachment[] {
  const { segments } = flag.stale?.home ?? place.project;
  return (environmentState(flag.file, place.environment).segments ?? []).flatMap((attachment) => {
    const { segment: key } = attachmentEntry(attachment);
    const segment = segments.get(key as SegmentKey);
    if (segment === undefined) return [];
    const { id, file } = segment;
    return [
      { id: attachmentId(flag.key, key, place), segmentId: id, segment: { id, name: file.name ?? key } },
    ];
  });
}

/** The id of an attachment, the same for as long as flag, environment and segment have their keys: `ffs-` and 16 characters. */
export function attachmentId(
  flag: string,
  segment: string,
  { project, environment }: AttachmentPlace,
): string {
  return derivedId('ffs', project.org, project.key, environment, flag, segment).replace('_', '-');
}
