import type { FlagFile } from '../../../model/flag.js';
import type { JsonObject } from '../../../model/values.js';
import { Draft, Inexact, type Note } from '../draft.js';
import { carriedDescription } from '../facts.js';
import { type ForeignInput, type Imported, UnreadableSource } from '../imported.js';
import { carriedMetadata } from '../metadata.js';
import { isObject, readForeign } from '../read.js';
import { eachState } from '../states.js';
import { flagOf } from './flag.js';

/**
 * Reads GO Feature Flag's file: a map of flags by their keys, as YAML or JSON. Queries become rules; percentages place people
 * by another division of the hash; what goes by the clock is left out.
 */
export function readGoff({ texts, targets }: ForeignInput): Imported {
  const draft = new Draft();
  const environments = targets.of(undefined);
  for (const [name, text] of texts) {
    for (const [key, flag] of Object.entries(flagsIn(name, text))) {
      draft.flag(key, (note) => {
        if (!isObject(flag)) throw new Inexact('flag', 'its definition is no map');
        const { state, ...others } = flagOf(flag, { draft, note });
        return { value: { ...factsOf(flag, note), ...others, environments: eachState(environments, state) } };
      });
    }
  }
  return draft.done();
}

function flagsIn(name: string, text: string): JsonObject {
  const file = readForeign(name, text);
  const flags = isObject(file) ? Object.values(file).filter(isObject) : [];
  if (isObject(file) && flags.some((flag) => 'variations' in flag || 'defaultRule' in flag)) return file;
  throw new UnreadableSource(
    `${name}: no map of flags: each with variations and a defaultRule was wanted, as GO Feature Flag reads it`,
  );
}

function factsOf({ metadata, version }: JsonObject, note: Note): Pick<FlagFile, 'description' | 'metadata'> {
  const { description, ...others } = isObject(metadata) ? metadata : {};
  const isText = typeof description === 'string' && description !== '';
  const kept = carriedMetadata(
    isText || description === undefined ? others : { description, ...others },
    note,
  );
  if (version !== undefined && version !== null && version !== '')
    note('dropped', 'version', 'the history in git has the versions of a flag');
  return {
    ...carriedDescription(isText ? description : undefined, note),
    ...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
  };
}
