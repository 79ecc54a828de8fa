import type { StepTrace } from '../../evaluation/trace.js';
import { unreachable } from '../../model/unreachable.js';
import type { Difference } from '../difference.js';
import type { ComparedEnvironment } from './comparison.js';

/** Fields of a flag that no answer shows. */
const SILENT = /^(?:id|name|description|owner|status|tags|expires|client|createdAt|updatedAt|metadata\..*)$/;

type Found = readonly Difference[];

/** The differences of one project that can change an answer in one environment. */
export class PlaceDifferences {
  readonly #environment: string;
  readonly #differences: Found;

  constructor(differences: Found, { org, project, environment }: ComparedEnvironment) {
    this.#environment = environment;
    this.#differences = differences.filter(
      (difference) =>
        (difference.environment ?? environment) === environment &&
        isWithin(difference, org, project) &&
        !isSilent(difference),
    );
  }

  /** Of the flag itself and of its overrides. */
  ofFlag(flag: string): Found {
    return this.#differences.filter(
      ({ resource }) => (resource.type === 'flag' || resource.type === 'overrides') && resource.key === flag,
    );
  }

  ofVariant(flag: string, variant: string): Found {
    return this.ofFlag(flag).filter(({ part }) => part.kind === 'variant' && part.name === variant);
  }

  ofSegment(segment: string): Found {
    return this.#differences.filter(
      ({ resource }) => resource.type === 'segment' && resource.key === segment,
    );
  }

  /** Why a flag is there on one side only: it came or went itself, or with its environment, project or organization. */
  comingOrGoing(flag: string): Found {
    const own = this.ofFlag(flag).filter(({ part }) => part.kind === 'whole' || part.kind === 'readable');
    if (own.length > 0) return own;
    const ways = [
      this.#differences.filter(({ part }) => isEnvironment(part, this.#environment)),
      this.#differences.filter(({ resource, part }) => resource.type === 'project' && part.kind !== 'field'),
      this.#differences.filter(({ resource, part }) => resource.type === 'org' && part.kind !== 'field'),
    ];
    return ways.find(({ length }) => length > 0) ?? [];
  }

  /** Of one step of a flag; where a hash places people in it, of what places them too. */
  ofStep(flag: string, step: StepTrace): Found {
    const own = this.ofFlag(flag);
    switch (step.step) {
      case 'killed':
        return fields(own, 'killed', 'offVariant');
      case 'enabled':
        return fields(own, 'enabled', 'offVariant');
      case 'off':
        return fields(own, 'offVariant', 'serve');
      case 'override':
        return overridesOf(own, step.entry?.name);
      case 'segment':
        return own.filter(({ part }) => part.kind === 'attachment' && part.segment === step.segment);
      case 'requires':
        return own.filter(({ part }) => part.kind === 'requirement' && part.flag === step.flag);
      case 'rule': {
        const rule = own.filter(({ part }) => part.kind === 'rule' && part.id === step.rule);
        return step.gate || step.split ? [...rule, ...fields(own, 'salt', 'bucketBy')] : rule;
      }
      case 'serve':
        return step.split ? fields(own, 'serve', 'salt', 'bucketBy') : fields(own, 'serve');
      default:
        return unreachable(step);
    }
  }
}

function isWithin({ resource }: Difference, org: string, project: string): boolean {
  if ('project' in resource) return resource.org === org && resource.project === project;
  return resource.type === 'org' && resource.org === org;
}

function isSilent({ resource, part, at }: Difference): boolean {
  if (resource.type === 'tests' || part.kind === 'layout' || part.kind === 'test') return true;
  if (part.kind === 'rule') return at.at(-1) === 'description';
  return part.kind === 'field' && SILENT.test(part.name);
}

function isEnvironment(part: Difference['part'], environment: string): boolean {
  return part.kind === 'entry' && part.list === 'environments' && part.name === environment;
}

function fields(own: Found, ...names: readonly string[]): Found {
  return own.filter(({ part }) => part.kind === 'field' && names.includes(part.name));
}

/** Where the caller has no exception now, the one that is gone is looked for by the caller's names. */
function overridesOf(own: Found, name: string | undefined): Found {
  return own.filter(({ part }) => part.kind === 'override' && (name === undefined || part.name === name));
}
