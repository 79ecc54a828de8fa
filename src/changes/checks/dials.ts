import type { FlagFile, Rule, Serve, Split } from '../../model/flag.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag } from '../../model/snapshot.js';

/** A place of a flag's file that places people by a hash: a rule's percentage, or a split. */
export type Dial = {
  /** The same in two versions for what is the same dial. */
  readonly name: string;
  readonly environment: string;
  /** The clauses of those whom it is for; undefined for everybody. */
  readonly when: Rule['when'];
  /** `rule canary (5 %)`, `the split of rule beta`. */
  readonly words: string;
  readonly at: Pointer;
  readonly salt: string;
  readonly bucketBy: string;
  /** True where the rule itself names what it buckets by. */
  readonly isOwn: boolean;
} & ({ readonly kind: 'gate'; readonly rule: Rule } | { readonly kind: 'split'; readonly split: Split });

/** The dials of a flag, in file order. What lets in everybody, nobody or a single variant places nobody. */
export function dialsOf(flag: Flag): readonly Dial[] {
  return Object.entries(flag.file.environments).flatMap(([environment, { rules = [], serve }]) => {
    const at = ['environments', environment];
    const base = { environment, when: undefined, ...dialing(flag.key, flag.file) };
    const ofRules = rules.flatMap((rule, place) => dialsOfRule(rule, [...at, 'rules', place], base));
    return [
      ...ofRules,
      ...splitDial(serve, { ...base, at: [...at, 'serve'], words: 'the split', name: 'serve' }),
    ];
  });
}

type Base = Pick<Dial, 'environment' | 'when' | 'salt' | 'bucketBy' | 'isOwn'>;

function dialing(key: string, { salt, bucketBy }: FlagFile): Omit<Base, 'environment' | 'when'> {
  return { salt: salt ?? key, bucketBy: bucketBy ?? 'targetingKey', isOwn: false };
}

function dialsOfRule(rule: Rule, at: Pointer, base: Base): readonly Dial[] {
  const { id, when, bucketBy, percentage = 100 } = rule;
  const own = { ...base, when, ...(bucketBy === undefined ? {} : { bucketBy, isOwn: true }) };
  const name = `${base.environment} gate ${id}`;
  const words = `rule ${id} (${percentage} %)`;
  const split = { ...own, at: [...at, 'serve'], words: `the split of rule ${id}`, name: `rule ${id}` };
  const isGate = percentage > 0 && percentage < 100;
  return [
    ...(isGate ? [{ ...own, kind: 'gate', rule, name, words, at } as const] : []),
    ...splitDial(rule.serve, split),
  ];
}

function splitDial(serve: Serve | undefined, dial: Omit<Dial, 'kind'>): readonly Dial[] {
  if (typeof serve !== 'object' || serve === null) return [];
  const weighted = Object.values(serve).filter((weight) => weight > 0);
  if (weighted.length < 2) return [];
  return [{ ...dial, kind: 'split', split: serve, name: `${dial.environment} split ${dial.name}` }];
}
