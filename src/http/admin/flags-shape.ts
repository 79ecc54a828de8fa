import {
  environmentState,
  type FlagFile,
  type FlagStatus,
  type FlagType,
  offVariant,
} from '../../model/flag.js';
import { numericId } from '../../model/ids.js';
import type { Flag, ProjectSnapshot } from '../../model/snapshot.js';
import type { FlatMetadata } from '../../model/values.js';
import type { FileTimes } from '../../repository/served.js';
import { environmentId } from '../scope.js';
import { type ShownVariant, shownVariants } from './flags-variants.js';

/** A flag in the words of the admin API. What it does in an environment besides its switches, the rules show. */
export interface ShownFlag extends ShownFacts {
  readonly id: number;
  readonly key: string;
  readonly projectId: number;
  /** In the order of the project's. */
  readonly environments: readonly ShownSwitch[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a flag says of itself. Null and empty texts are what its file does not say. */
export interface ShownFacts {
  readonly name: string;
  readonly description: string;
  readonly type: FlagType;
  readonly status: FlagStatus;
  readonly owner: string;
  readonly tags: readonly string[];
  /** Browsers may evaluate it. */
  readonly client: boolean;
  readonly expires: string | null;
  readonly metadata: FlatMetadata;
  /** Null is the key. */
  readonly salt: string | null;
  /** Null is the targeting key. */
  readonly bucketBy: string | null;
  readonly variants: readonly ShownVariant[];
  /** Null where the callers' own default takes its place. */
  readonly offVariant: string | null;
}

interface ShownSwitch {
  readonly id: number;
  readonly key: string;
  readonly enabled: boolean;
  readonly killed: boolean;
}

/** A flag of this project. What its file does not say of times, history does. */
export function shownFlag(
  { key, id, file }: Flag,
  { project, times }: { readonly project: ProjectSnapshot; readonly times: FileTimes | undefined },
): ShownFlag {
  return {
    id: numericId(id),
    key,
    ...shownFacts(key, file),
    projectId: numericId(project.id),
    environments: project.environments.map((environment) => {
      const { enabled, killed } = environmentState(file, environment);
      const number = numericId(environmentId(project, environment));
      return { id: number, key: environment, enabled, killed: killed === true };
    }),
    createdAt: file.createdAt ?? times?.createdAt ?? '',
    updatedAt: file.updatedAt ?? times?.updatedAt ?? '',
  };
}

/** What a flag of this key says of itself, with what it means by saying nothing. */
export function shownFacts(key: string, file: FlagFile): ShownFacts {
  return {
    name: file.name ?? key,
    description: file.description ?? '',
    type: file.type ?? 'boolean',
    status: file.status ?? 'development',
    owner: file.owner ?? '',
    tags: file.tags ?? [],
    client: file.client === true,
    expires: file.expires ?? null,
    metadata: file.metadata ?? {},
    salt: file.salt ?? null,
    bucketBy: file.bucketBy ?? null,
    variants: shownVariants(file),
    offVariant: offVariant(file, { enabled: false }) ?? null,
  };
}
