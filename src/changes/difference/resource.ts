import { placeOf } from '../../files/paths.js';
import { unreachable } from '../../model/unreachable.js';
import type { Resource } from '../difference.js';

/** What a file holds. */
export function resourceOf(path: string): Resource {
  const meaning = placeOf(path);
  if (meaning.kind !== 'file') return { type: 'file', path };
  const { place } = meaning;
  switch (place.kind) {
    case 'config':
      return { type: 'settings' };
    case 'org':
      return { type: place.kind, org: place.org };
    case 'project':
    case 'api-keys':
      return { type: place.kind, org: place.org, project: place.project };
    case 'segment':
      return { type: place.kind, org: place.org, project: place.project, key: place.key };
    case 'flag':
    case 'overrides':
    case 'tests':
      return { type: place.kind, org: place.org, project: place.project, key: place.key };
    default:
      return unreachable(place);
  }
}

/** The order in which resources are told: the settings, each organization before its projects, each project before its files. */
export function compareResources(one: Resource, other: Resource): number {
  return compareTexts(rankText(one), rankText(other));
}

/** Makes what gives each of the resources the shortest name that tells it from the others. */
export function resourceNamer(resources: readonly Resource[]): (resource: Resource) => string {
  const orgs = new Set(resources.map(orgOf));
  const projects = new Set(resources.filter((resource) => 'key' in resource).map(projectOf));
  return (resource) => {
    const org = orgs.size > 1 ? `${orgOf(resource)}/` : '';
    const project = orgs.size > 1 || projects.size > 1 ? `${projectOf(resource)}/` : '';
    return nameWithin(resource, { org, project: `${org}${project}` });
  };
}

function nameWithin(resource: Resource, scope: { readonly org: string; readonly project: string }): string {
  switch (resource.type) {
    case 'settings':
      return 'settings';
    case 'file':
      return resource.path;
    case 'org':
      return `organization ${resource.org}`;
    case 'project':
    case 'api-keys':
      return `project ${scope.org}${resource.project}`;
    case 'segment':
      return `segment ${scope.project}${resource.key}`;
    case 'flag':
    case 'overrides':
    case 'tests':
      return `${scope.project}${resource.key}`;
    default:
      return unreachable(resource);
  }
}

function orgOf(resource: Resource): string {
  return 'org' in resource ? resource.org : '';
}

function projectOf(resource: Resource): string {
  return 'project' in resource ? resource.project : '';
}

/** `/` and a blank come before all that keys are made of. */
function rankText(resource: Resource): string {
  if (resource.type === 'file') return '~';
  const first = resource.type === 'project' ? '' : ' ';
  return [orgOf(resource), projectOf(resource), first].join('/');
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
