import type { DecidingPlace } from '../../evaluation/coverage.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import { unreachable } from '../../model/unreachable.js';
import { pathOf } from '../paths.js';

/** Where in the files of its flag a deciding place stands: a serve that is left out, at its environment. */
export function placeInFiles(
  { org, key: project }: Pick<ProjectSnapshot, 'org' | 'key'>,
  { key, path, file }: Pick<Flag, 'key' | 'path' | 'file'>,
  place: DecidingPlace,
): { readonly path: string; readonly at: Pointer } {
  if (place.kind === 'override') {
    return { path: pathOf({ kind: 'overrides', org, project, key }), at: [place.place] };
  }
  const environment = ['environments', place.environment];
  switch (place.kind) {
    case 'segment':
      return { path, at: [...environment, 'segments', place.place] };
    case 'rule':
      return { path, at: [...environment, 'rules', place.place] };
    case 'serve': {
      const isWritten = file.environments[place.environment]?.serve !== undefined;
      return { path, at: isWritten ? [...environment, 'serve'] : environment };
    }
    default:
      return unreachable(place);
  }
}

/** The place in words: `rule canary in production`. */
export function placeWords(place: DecidingPlace): string {
  switch (place.kind) {
    case 'override':
      return `override ${place.place + 1}`;
    case 'segment':
      return `segment ${place.segment} in ${place.environment}`;
    case 'rule':
      return `rule ${place.rule} in ${place.environment}`;
    case 'serve':
      return `serve in ${place.environment}`;
    default:
      return unreachable(place);
  }
}
