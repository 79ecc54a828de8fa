import type { Clause } from '../../../model/clause.js';
import type { EnvironmentState, Requirement, Rule } from '../../../model/flag.js';
import type { JsonObject } from '../../../model/values.js';
import { Inexact, type NamedVariants } from '../draft.js';
import { wholeTexts } from './whole.js';

/** What is known of the features that others depend on. */
export interface Parent {
  readonly hasParents: boolean;
  /** The key of the flag that gives its variant. */
  readonly variantKey: string | undefined;
  /** What Unleash hashes with the person to choose its variants. */
  readonly variantGroups: ReadonlySet<string>;
  /** Its variants under our names; undefined where it has none, or is left out. */
  readonly named: NamedVariants | undefined;
}

/** The requirements of a feature, and rules that stand before all others; `groups` is of its own variants. Throws `Inexact`. */
export function requirementsOf(
  {
    dependencies,
    groups,
  }: { readonly dependencies: readonly JsonObject[]; readonly groups: ReadonlySet<string> },
  parentOf: (name: string) => Parent | undefined,
): Pick<EnvironmentState, 'requires' | 'rules'> {
  const placed = new Set(groups);
  const requires: Requirement[] = [];
  const rules: Rule[] = [];
  for (const dependency of dependencies) {
    const name = String(dependency.feature);
    const parent = parentOf(name);
    if (parent === undefined)
      throw new Inexact('dependencies', `it depends on ${name}, which is not in the export`);
    if (parent.hasParents)
      throw new Inexact(
        'dependencies',
        `it depends on ${name}, which depends on others: Unleash never lets such a feature be on`,
      );
    const variants = wholeTexts(dependency.variants, 'dependencies');
    if (dependency.enabled === false) requires.push({ flag: name, variant: 'off' });
    else if (variants.length === 0) requires.push(name);
    else {
      if ([...parent.variantGroups].some((group) => placed.has(group)))
        throw new Inexact('groupId', `its variants and those of ${name} go to the same people there`);
      for (const group of parent.variantGroups) placed.add(group);
      rules.push(variantRule(name, parent, variants));
    }
  }
  return { ...(requires.length === 0 ? {} : { requires }), ...(rules.length === 0 ? {} : { rules }) };
}

function variantRule(name: string, { variantKey, named }: Parent, variants: readonly string[]): Rule {
  const clauses = variants.map((variant): Clause => {
    const ours = named?.nameOf.get(variant);
    if (variantKey === undefined || ours === undefined) {
      throw new Inexact(
        'dependencies',
        `it depends on ${name} having variant ${variant}, which it has not here`,
      );
    }
    return { flag: variantKey, variant: ours };
  });
  return {
    id: `needs-${name.replace(/[._]/g, '-')}`.slice(0, 100),
    when: [{ not: { any: clauses } }],
    serve: 'off',
  };
}
