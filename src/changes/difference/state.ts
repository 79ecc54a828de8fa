import {
  type EnvironmentState,
  environmentState,
  type FlagFile,
  flagVariants,
  offVariant,
  type Serve,
} from '../../model/flag.js';
import { diffAttachments } from './attachments.js';
import { diffField } from './field.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { diffRequirements } from './requirements.js';
import { diffRules, type RulesOf } from './rule.js';
import { servesSame, serveText, serveTexts } from './serve.js';
import { textOf } from './words.js';

/** The differences of all environments: those that are named now in their order, then those that are named no more. */
export function diffStates(flags: Versions<FlagFile>): readonly PartDifference[] {
  const { before, after } = flags;
  const names = new Set([...Object.keys(after.environments), ...Object.keys(before.environments)]);
  return [...names].flatMap((environment) =>
    diffState({
      flags,
      environment,
      states: { before: environmentState(before, environment), after: environmentState(after, environment) },
    }),
  );
}

/** The attribute that places people where a rule names none. */
export function bucketByOf({ bucketBy }: FlagFile): string {
  return bucketBy ?? 'targetingKey';
}

interface StateChange {
  readonly flags: Versions<FlagFile>;
  readonly environment: string;
  readonly states: Versions<EnvironmentState>;
}

function diffState(change: StateChange): readonly PartDifference[] {
  const { environment, states, flags } = change;
  const { before, after } = states;
  return [
    ...diffSwitches(change),
    ...diffOffVariant(change),
    ...diffAttachments({ before: before.segments ?? [], after: after.segments ?? [] }, environment),
    ...diffRequirements({ before: before.requires ?? [], after: after.requires ?? [] }, environment),
    ...diffRules({ before: rulesOf(before, flags.before), after: rulesOf(after, flags.after) }, environment),
    ...diffServe(change),
  ];
}

function rulesOf({ rules = [] }: EnvironmentState, flag: FlagFile): RulesOf {
  return { rules, bucketBy: bucketByOf(flag) };
}

function diffSwitches({ environment, states: { before, after } }: StateChange): readonly PartDifference[] {
  const enabled = { name: 'enabled', environment, before: before.enabled, after: after.enabled };
  const killed = {
    name: 'killed',
    environment,
    before: before.killed === true,
    after: after.killed === true,
  };
  return [
    ...diffField(enabled, (now) => (now.after ? 'enabled' : 'disabled')),
    ...diffField(killed, (now) => (now.after ? 'killed' : 'no longer killed')),
  ];
}

/** An environment that names the flag's own off variant says what is so without it; a change of the flag's is told there. */
function diffOffVariant({ flags, environment, states }: StateChange): readonly PartDifference[] {
  const before = offVariant(flags.before, states.before);
  const after = offVariant(flags.after, states.after);
  const usual = { before: offVariantOf(flags.before), after: offVariantOf(flags.after) };
  if (before === usual.before && after === usual.after) return [];
  return diffField({ name: 'offVariant', environment, before, after }, offVariantText);
}

/** The off variant of environments that name none; undefined where there is none. */
export function offVariantOf(flag: FlagFile): string | undefined {
  return offVariant(flag, { enabled: false });
}

/** How the off variant changed, in words. */
export function offVariantText({ before, after }: Versions<string | undefined>): string {
  const [was, now] = [before, after].map((name) => (name === undefined ? 'none' : textOf(name)));
  return `off variant ${was} → ${now}`;
}

function diffServe({ flags, environment, states }: StateChange): readonly PartDifference[] {
  const before = serveOf(flags.before, states.before);
  const after = serveOf(flags.after, states.after);
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined && servesSame({ before, after })) return [];
  const part = { kind: 'field', name: 'serve' } as const;
  const at = ['environments', environment, 'serve'];
  return [tell({ part, at, environment, before, after, sentence: servesText({ before, after }) })];
}

/** Left out it is `on`, or nothing where the flag has no variant of that name. */
function serveOf(flag: FlagFile, { serve }: EnvironmentState): Serve | undefined {
  if (serve !== undefined) return serve;
  return Object.hasOwn(flagVariants(flag), 'on') ? 'on' : undefined;
}

function servesText({ before, after }: Versions<Serve | undefined>): string {
  if (before === undefined) return `serves ${serveText(after)}`;
  if (after === undefined) return `no longer serves ${serveText(before)}`;
  const { before: was, after: now } = serveTexts({ before, after });
  return `serves ${now} (was ${was})`;
}
