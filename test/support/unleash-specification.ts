import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { JsonValue } from '../../src/model/values.js';

/** The cases of the npm package `@unleash/client-specification`, as it writes them. */
export interface Specification {
  readonly name: string;
  readonly state: State | { readonly events: readonly Event[] };
  readonly tests?: readonly ToggleTest[];
  readonly variantTests?: readonly VariantTest[];
}

export interface ToggleTest {
  readonly description: string;
  readonly context: UnleashContext;
  readonly toggleName: string;
  readonly expectedResult: boolean;
}

export interface VariantTest extends Omit<ToggleTest, 'expectedResult'> {
  readonly expectedResult: ExpectedVariant;
}

export interface ExpectedVariant {
  readonly name: string;
  readonly payload?: JsonValue;
  readonly enabled: boolean;
  readonly feature_enabled?: boolean;
}

export interface State {
  readonly features: readonly Feature[];
  readonly segments?: readonly UnleashSegment[];
}

export interface Feature {
  readonly name: string;
  readonly enabled: boolean;
  readonly strategies?: readonly Strategy[];
  readonly variants?: readonly Variant[];
  readonly dependencies?: readonly Dependency[];
}

export interface Strategy {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly constraints?: readonly Constraint[];
  readonly segments?: readonly number[];
  readonly variants?: readonly Variant[];
}

export interface Constraint {
  readonly contextName: string;
  readonly operator: string;
  readonly value?: string;
  readonly values?: readonly string[];
  readonly inverted?: boolean;
  readonly caseInsensitive?: boolean;
}

export interface Variant {
  readonly name: string;
  readonly weight: number;
  readonly stickiness?: string;
  readonly payload?: JsonValue;
  readonly overrides?: readonly { readonly contextName: string; readonly values: readonly string[] }[];
}

interface Dependency {
  readonly feature: string;
  readonly enabled?: boolean;
  readonly variants?: readonly string[];
}

export interface UnleashSegment {
  readonly id: number;
  readonly constraints: readonly Constraint[];
}

export interface UnleashContext {
  readonly properties?: Readonly<Record<string, JsonValue>>;
  readonly [name: string]: JsonValue | undefined;
}

type Event =
  | {
      readonly type: 'hydration';
      readonly features: readonly Feature[];
      readonly segments?: readonly UnleashSegment[];
    }
  | { readonly type: 'feature-updated'; readonly feature: Feature }
  | { readonly type: 'feature-removed'; readonly featureName: string }
  | { readonly type: 'segment-updated'; readonly segment: UnleashSegment };

/** All files of `@unleash/client-specification`, in the order of its index. */
export function loadSpecifications(): readonly Specification[] {
  const require = createRequire(import.meta.url);
  const read = (name: string) =>
    JSON.parse(readFileSync(require.resolve(`@unleash/client-specification/specifications/${name}`), 'utf8'));
  return (read('index.json') as string[]).map((name) => read(name) as Specification);
}

/** The features and segments of a specification; of one that gives events, those that the events leave. */
export function stateOf({ state }: Specification): Required<State> {
  if ('features' in state) return { features: state.features, segments: state.segments ?? [] };
  const features = new Map<string, Feature>();
  const segments = new Map<number, UnleashSegment>();
  for (const event of state.events) {
    if (event.type === 'feature-updated') features.set(event.feature.name, event.feature);
    if (event.type === 'feature-removed') features.delete(event.featureName);
    if (event.type === 'segment-updated') segments.set(event.segment.id, event.segment);
    if (event.type !== 'hydration') continue;
    for (const feature of event.features) features.set(feature.name, feature);
    for (const segment of event.segments ?? []) segments.set(segment.id, segment);
  }
  return { features: [...features.values()], segments: [...segments.values()] };
}
