import type { FileKind, FileValues } from '../../files/parsed.js';
import type { Place } from '../../files/paths.js';
import { unreachable } from '../../model/unreachable.js';
import { diffApiKeys } from './api-keys.js';
import { diffFlag } from './flag.js';
import { diffOrg } from './org.js';
import { diffOverrides } from './overrides.js';
import type { PartDifference, Versions } from './part-difference.js';
import { diffProject } from './project.js';
import { diffSegment } from './segment.js';
import { diffSettings } from './settings.js';
import type { Steps } from './steps.js';
import { diffTests } from './tests.js';

/** The differences of two values of the kind of file that is in a place. None where they mean the same. */
export function* diffValues(
  place: Place,
  versions: Versions<FileValues[FileKind]>,
): Steps<readonly PartDifference[]> {
  // The compiler does not see that both values are of the place's kind.
  const of = <Kind extends FileKind>(_: Kind) => versions as Versions<FileValues[Kind]>;
  switch (place.kind) {
    case 'config':
      return diffSettings(of(place.kind));
    case 'org':
      return diffOrg(of(place.kind), place);
    case 'project':
      return diffProject(of(place.kind), place);
    case 'api-keys':
      return diffApiKeys(of(place.kind));
    case 'flag':
      return diffFlag(of(place.kind), place);
    case 'segment':
      return yield* diffSegment(of(place.kind), place);
    case 'overrides':
      return yield* diffOverrides(of(place.kind));
    case 'tests':
      return diffTests(of(place.kind));
    default:
      return unreachable(place);
  }
}
