import type { Difference, Resource } from '../../changes/difference.js';
import { CONFIG_PATH } from '../../files/config.js';
import { unreachable } from '../../model/unreachable.js';
import { type PaintPlace, PLAIN, paint } from '../paint.js';
import { shownLine } from '../shown.js';

/** Each thing that people name, with what is different about it; a flag's overrides and tests belong to it. */
export function groupedLines(
  differences: readonly Difference[],
  place: PaintPlace = PLAIN,
): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const difference of differences) {
    const heading = headingOf(difference.resource);
    const lines = groups.get(heading) ?? [paint(shownLine(heading), 'bold', place)];
    groups.set(heading, [...lines, `  ${sentenceOf(difference, place)}`]);
  }
  return [...groups.values()].flat();
}

function sentenceOf({ action, sentence }: Difference, place: PaintPlace): string {
  const line = shownLine(sentence);
  if (action === 'added') return paint(line, 'green', place);
  return action === 'removed' ? paint(line, 'red', place) : line;
}

/** What people call it, with where it is. Overrides and tests are their flag's. */
export function headingOf(resource: Resource): string {
  switch (resource.type) {
    case 'settings':
      return CONFIG_PATH;
    case 'org':
      return resource.org;
    case 'project':
    case 'api-keys':
      return `${resource.org}/${resource.project}`;
    case 'flag':
    case 'overrides':
    case 'tests':
      return `${resource.org}/${resource.project}/${resource.key}`;
    case 'segment':
      return `${resource.org}/${resource.project}: segment ${resource.key}`;
    case 'file':
      return resource.path;
    default:
      return unreachable(resource);
  }
}
