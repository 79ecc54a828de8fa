import type { Difference, Resource } from '../../changes/difference.js';
import { CONFIG_PATH } from '../../files/config.js';
import { unreachable } from '../../model/unreachable.js';
import { shownLine } from '../shown.js';

/** Each thing that people name, with what is different about it; a flag's overrides and tests belong to it. */
export function groupedLines(differences: readonly Difference[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { resource, sentence } of differences) {
    const heading = headingOf(resource);
    groups.set(heading, [...(groups.get(heading) ?? [heading]), `  ${sentence}`]);
  }
  return [...groups.values()].flat().map(shownLine);
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
