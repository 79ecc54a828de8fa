import { environmentKeys } from '../model/project.js';
import { unreachable } from '../model/unreachable.js';
import type { ParsedFile } from './parsed.js';

const NONE: ReadonlySet<string> = new Set();

/** The environments that a file names; undefined where it is broken, and nobody knows. */
export function environmentsNamed(parsed: ParsedFile): ReadonlySet<string> | undefined {
  if (parsed.value === undefined) return undefined;
  switch (parsed.kind) {
    case 'flag':
      return new Set(Object.keys(parsed.value.environments));
    case 'overrides':
      return new Set(parsed.value.flatMap(({ environments }) => environments ?? []));
    case 'tests':
      return new Set(parsed.value.flatMap(({ environment }) => environment ?? []));
    case 'api-keys':
      return new Set(parsed.value.map(({ environment }) => environment));
    case 'project':
      return new Set(environmentKeys(parsed.value));
    case 'config':
    case 'org':
    case 'segment':
      return NONE;
    default:
      return unreachable(parsed);
  }
}
