import { Inexact } from '../draft.js';
import type { UnleashFeature } from './export.js';

/** Unleash exports one environment into a file, so a feature may stand in several: it has the environments of all. */
export function mergedByName(features: readonly UnleashFeature[]): readonly UnleashFeature[] {
  const byName = new Map<string, UnleashFeature>();
  for (const feature of features) {
    const known = byName.get(feature.name);
    byName.set(feature.name, known === undefined ? feature : merged(known, feature));
  }
  return [...byName.values()];
}

function merged(one: UnleashFeature, other: UnleashFeature): UnleashFeature {
  return {
    ...one,
    description: one.description ?? other.description,
    isStale: one.isStale || other.isStale,
    tags: [...new Set([...one.tags, ...other.tags])],
    environments: new Map([...one.environments, ...other.environments]),
    flaw: one.flaw ?? other.flaw ?? difference(one, other),
  };
}

function difference(one: UnleashFeature, other: UnleashFeature): Inexact | undefined {
  const isSame =
    one.isArchived === other.isArchived &&
    isEqual(one.dependencies, other.dependencies) &&
    [...other.environments].every(([name, state]) => isEqual(one.environments.get(name) ?? state, state));
  return isSame ? undefined : new Inexact('features', 'it stands there twice, with different contents');
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
