import type { Difference, Resource } from '../../changes/difference.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { HistoryEntry } from '../../repository/commit-history.js';

/** The differences that one entry tells. Never empty. */
export interface AuditGroup {
  readonly resource: Resource;
  readonly environment: EnvironmentKey | undefined;
  readonly differences: readonly Difference[];
}

/** What a commit did to a project, by resource and environment, in a fixed order. What no kind of file has is left out. */
export function groupsOf({ differences }: Pick<HistoryEntry, 'differences'>): readonly AuditGroup[] {
  const whole = new Set(differences.filter(isWholeFlag).map(({ resource }) => flagKeyOf(resource)));
  const groups = new Map<string, { group: Omit<AuditGroup, 'differences'>; differences: Difference[] }>();
  for (const difference of differences) {
    const { resource, environment } = difference;
    if (resource.type === 'file') continue;
    const goesAlong = whole.has(flagKeyOf(resource));
    const name = goesAlong ? `flag ${flagKeyOf(resource)}` : nameOf(difference);
    const known = groups.get(name);
    if (known === undefined)
      groups.set(name, { group: { resource, environment }, differences: [difference] });
    else known.differences.push(difference);
  }
  return [...groups.values()].map(({ group, differences: all }) => ({ ...group, differences: all }));
}

/** The flag whose files these are, where they are a flag's. */
export function flagKeyOf(resource: Resource): string | undefined {
  return resource.type === 'flag' || resource.type === 'overrides' || resource.type === 'tests'
    ? resource.key
    : undefined;
}

function isWholeFlag({ resource, part }: Difference): boolean {
  return resource.type === 'flag' && part.kind === 'whole';
}

/** A text that two differences share where one entry tells them. Environments and API keys are resources of their own. */
function nameOf({ resource, environment, part }: Difference): string {
  const key = 'key' in resource ? resource.key : '';
  const own = part.kind === 'entry' && part.list !== 'attributes' ? `${part.list} ${part.name}` : '';
  return [resource.type, key, own, environment ?? ''].join(' ');
}
