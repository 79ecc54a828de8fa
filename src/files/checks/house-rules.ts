import { regexTest } from '../../evaluation/regex.js';
import type { NamePolicy, OwnerPolicy } from '../../model/config.js';
import { environmentState } from '../../model/flag.js';
import type { Pointer } from '../../model/problem.js';
import type { Flag, Segment } from '../../model/snapshot.js';
import { CONFIG_PATH } from '../config.js';
import { type Issue, warningAt } from '../issue.js';
import type { Finding } from '../parsed.js';
import { toFindings } from '../settle.js';

/** Flags without an owner that are enabled where the policy wants one. */
export function judgeOwners({ environments }: OwnerPolicy, flags: readonly Flag[]): Finding[] {
  return flags.flatMap(({ key, path, file }) => {
    if ((file.owner ?? '').trim() !== '') return [];
    const where = environments.filter((environment) => environmentState(file, environment).enabled);
    const [first] = where;
    if (first === undefined) return [];
    const sentence = `flag ${key}: is enabled in ${where.join(', ')} and has no owner; ${CONFIG_PATH} wants one`;
    return toFindings(path, [warningAt(['environments', first, 'enabled'], 'OWNER_REQUIRED', sentence)]);
  });
}

/** Makes what finds the names of one project's flags and segments that the policy does not allow. */
export function nameJudge(names: NamePolicy): NameJudge {
  const judges = { flags: judgeOf(names, 'flags'), rules: judgeOf(names, 'rules') };
  const [segments, variants] = [judgeOf(names, 'segments'), judgeOf(names, 'variants')];
  return {
    flag: ({ key, path, file }) => {
      const rules = Object.entries(file.environments).flatMap(([environment, state]) =>
        (state.rules ?? []).flatMap(({ id }, place) =>
          judges.rules(id, ['environments', environment, 'rules', place, 'id']),
        ),
      );
      const listed = Object.keys(file.variants ?? {}).flatMap((name) => variants(name, ['variants', name]));
      return toFindings(path, [...judges.flags(key, []), ...listed, ...rules]);
    },
    segment: ({ key, path }) => toFindings(path, segments(key, [])),
  };
}

/** Judges names; regular expressions are compiled once. */
export interface NameJudge {
  readonly flag: (flag: Flag) => Finding[];
  readonly segment: (segment: Segment) => Finding[];
}

const WORDS: Readonly<Record<keyof NamePolicy, string>> = {
  flags: 'flag',
  segments: 'segment',
  rules: 'rule',
  variants: 'variant',
};

function judgeOf(names: NamePolicy, kind: keyof NamePolicy): (name: string, at: Pointer) => Issue[] {
  const pattern = names[kind];
  if (pattern === undefined) return () => [];
  const matches = regexTest(pattern, false);
  return (name, at) => {
    if (matches(name)) return [];
    const sentence = `${WORDS[kind]} ${name}: the name does not match ${JSON.stringify(pattern)}, as ${CONFIG_PATH} wants`;
    return [warningAt(at, 'NAME_PATTERN', sentence)];
  };
}
