import { type Requirement, requirementEntry } from '../../model/flag.js';
import { type Pairing, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { joinWords, textOf } from './words.js';

/** The differences of what one environment requires. All must hold, so their order does not count. */
export function diffRequirements(
  { before, after }: Versions<readonly Requirement[]>,
  environment: string,
): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  return pairByName({ before: byFlag(before), after: byFlag(after) }).flatMap((pair) => {
    const sentence = changeText(pair);
    if (sentence === undefined) return [];
    const at = ['environments', environment, 'requires', (pair.after ?? pair.before)?.place ?? 0];
    const part = { kind: 'requirement', flag: pair.name } as const;
    const versions = { before: written(pair.before?.item), after: written(pair.after?.item) };
    return [tell({ part, at, environment, ...versions, sentence })];
  });
}

/** `requires layout-v2`, `requires theme to give dark`. */
export function requirementText(requirement: Requirement): string {
  const { flag, variant } = requirementEntry(requirement);
  return `requires ${textOf(flag)}${variant === 'on' ? '' : ` to give ${textOf(variant)}`}`;
}

type OfOneFlag = readonly Requirement[];

function changeText({ name, before, after }: Pairing<OfOneFlag>): string | undefined {
  if (after === undefined) return `no longer requires ${textOf(name)}`;
  const now = variantsOf(after.item);
  if (before === undefined) return after.item.map(requirementText).join(' and ');
  const was = variantsOf(before.item);
  if (isSame(was, now)) return undefined;
  return `requires ${textOf(name)} to give ${joinWords(now)} (was ${joinWords(was)})`;
}

/** A flag may be required twice; then both must hold. */
function byFlag(requirements: readonly Requirement[]) {
  const flags = new Map<string, { readonly place: number; readonly item: Requirement[] }>();
  requirements.forEach((requirement, place) => {
    const { flag } = requirementEntry(requirement);
    const known = flags.get(flag);
    if (known === undefined) flags.set(flag, { place, item: [requirement] });
    else known.item.push(requirement);
  });
  return [...flags].map(([name, { place, item }]) => ({ name, place, item }));
}

function variantsOf(requirements: OfOneFlag): readonly string[] {
  return [...new Set(requirements.map((requirement) => requirementEntry(requirement).variant))].sort();
}

function written(requirements: OfOneFlag | undefined): Requirement | OfOneFlag | undefined {
  return requirements?.length === 1 ? requirements[0] : requirements;
}
