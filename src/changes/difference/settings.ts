import { isMap } from '../../files/print.js';
import type { ConfigFile } from '../../model/config.js';
import type { JsonValue } from '../../model/values.js';
import { diffField, named } from './field.js';
import type { PartDifference, Versions } from './part-difference.js';

/** The differences of the repository's settings: field by field, each by its dotted path. */
export function diffSettings({ before, after }: Versions<ConfigFile>): readonly PartDifference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) =>
    diffField({ name, before: old.get(name), after: now.get(name) }, named(spoken(name))),
  );
}

/** Every value that is no map, by its dotted path; an empty map is a value too. */
function leavesOf(settings: ConfigFile): ReadonlyMap<string, JsonValue> {
  const leaves = new Map<string, JsonValue>();
  const collect = (value: JsonValue, path: readonly string[]): void => {
    const entries = isMap(value) ? Object.entries(value) : [];
    if (entries.length === 0 && path.length > 0) leaves.set(path.join('.'), value);
    for (const [name, inner] of entries) if (inner !== undefined) collect(inner, [...path, name]);
  };
  collect(settings as JsonValue, []);
  return leaves;
}

/** `default organization`, `check EXPIRED`, `policy ramp.points`. */
function spoken(name: string): string {
  if (name === 'defaultOrg') return 'default organization';
  return name.replace(/^checks\./, 'check ').replace(/^policy\./, 'policy ');
}
