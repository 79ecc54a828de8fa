import { unreachable } from '../model/unreachable.js';
import type { Issue } from './issue.js';
import { judgeApiKeys } from './meaning-api-keys.js';
import { judgeSettings } from './meaning-config.js';
import { judgeFlag } from './meaning-flag.js';
import { judgeOrg } from './meaning-org.js';
import { judgeOverrides } from './meaning-overrides.js';
import { judgeProject } from './meaning-project.js';
import { judgeSegment } from './meaning-segment.js';
import { judgeTests } from './meaning-tests.js';
import type { FileKind, FileValues } from './parsed.js';

/** A value of the right shape, with its kind. */
type Shaped = { [K in FileKind]: { readonly kind: K; readonly value: FileValues[K] } }[FileKind];

/** What a file of the right shape says that cannot be meant, as far as it alone can tell. */
export function judgeMeaning(kind: FileKind, value: FileValues[FileKind]): readonly Issue[] {
  // The shape was judged by the schema of this kind just before.
  const shaped = { kind, value } as Shaped;
  switch (shaped.kind) {
    case 'flag':
      return judgeFlag(shaped.value);
    case 'segment':
      return judgeSegment(shaped.value);
    case 'overrides':
      return judgeOverrides(shaped.value);
    case 'tests':
      return judgeTests(shaped.value);
    case 'project':
      return judgeProject(shaped.value);
    case 'org':
      return judgeOrg(shaped.value);
    case 'api-keys':
      return judgeApiKeys(shaped.value);
    case 'config':
      return judgeSettings(shaped.value);
    default:
      return unreachable(shaped);
  }
}
