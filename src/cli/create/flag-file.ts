import type { EnvironmentState, FlagFile, FlagType, Variants } from '../../model/flag.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { JsonValue } from '../../model/values.js';
import { WrongUse } from '../exit.js';

/** What somebody says of a flag that is to be made. */
export interface NewFlag {
  readonly type: FlagType;
  readonly name?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly tag?: readonly string[];
  /** `name=value`, in order. */
  readonly variant?: readonly string[];
  /** The environments in which it is on from the start. */
  readonly enable?: readonly string[];
}

/** The file of a new flag: off everywhere but where it is said to be on. Throws `WrongUse` for what cannot be. */
export function newFlagFile(wanted: NewFlag, project: ProjectSnapshot): FlagFile {
  const variants = readVariants(wanted);
  return {
    ...textsOf(wanted),
    ...(wanted.type === 'boolean' ? {} : { type: wanted.type }),
    ...(variants === undefined ? {} : { variants }),
    environments: states(wanted, project, variants),
  };
}

function textsOf({ name, description, owner, tag }: NewFlag): Partial<FlagFile> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(tag === undefined ? {} : { tags: tag }),
  };
}

function states(wanted: NewFlag, project: ProjectSnapshot, variants: Variants | undefined) {
  const on = wanted.enable ?? [];
  const unknown = on.find((name) => !project.environments.some((environment) => environment === name));
  if (unknown !== undefined) {
    throw new WrongUse(`--enable: ${project.org}/${project.key} has no environment ${unknown}`);
  }
  const serve = firstVariant(variants);
  return Object.fromEntries(
    project.environments.map((name): [string, EnvironmentState] => [
      name,
      { enabled: on.includes(name), ...(serve === undefined ? {} : { serve }) },
    ]),
  );
}

/** A flag without a variant `on` must say what it serves: the variant that was named first. */
function firstVariant(variants: Variants | undefined): string | undefined {
  if (variants === undefined || Object.hasOwn(variants, 'on')) return undefined;
  return Object.keys(variants)[0];
}

function readVariants({ type, variant: texts = [] }: NewFlag): Variants | undefined {
  if (texts.length > 0) return distinctVariants(texts.map((text) => readVariant(type, text)));
  if (type === 'boolean') return undefined;
  throw new WrongUse(`a ${type} flag needs its variants: ${EXAMPLES[type]}`);
}

const EXAMPLES = {
  string: '--variant blue=#00f --variant green=#0f0',
  number: '--variant few=10 --variant many=100',
  object: `--variant small='{"rows":10}' --variant large='{"rows":100}'`,
};

type Variant = readonly [name: string, value: JsonValue];

function distinctVariants(variants: readonly Variant[]): Variants {
  const names = variants.map(([name]) => name);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) throw new WrongUse(`--variant: ${twice} is given twice`);
  return Object.fromEntries(variants);
}

function readVariant(type: FlagType, text: string): Variant {
  const [name = '', ...rest] = text.split('=');
  if (rest.length === 0) throw new WrongUse(`--variant: ${text} is not name=value`);
  const value = rest.join('=');
  return [name, type === 'string' ? value : readJson(name, value)];
}

function readJson(name: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new WrongUse(`--variant ${name}: ${text} is not JSON`);
  }
}
