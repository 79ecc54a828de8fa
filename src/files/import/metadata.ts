import type { FlatMetadata, JsonObject, Scalar } from '../../model/values.js';
import type { Note } from './draft.js';

/** What an answer says of itself here. */
const TAKEN: ReadonlySet<string> = new Set(['rule', 'segment', 'override', 'requires', 'revision']);

/** The facts that answers can carry here too: flat ones, whose names are free. The others are noted as dropped. */
export function carriedMetadata(metadata: JsonObject, note: Note): FlatMetadata {
  const kept: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(metadata)) {
    const isFlat = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isFlat && !TAKEN.has(name) && Object.keys(kept).length < 100) kept[name] = value;
    else
      note(
        'dropped',
        'metadata',
        `metadata ${name}: ${isFlat ? 'the name is taken by what an answer says of itself here' : 'it is no text, number, true or false'}`,
      );
  }
  return kept;
}
