import { type Recording, type Recordings, SUBJECTS } from '../model/recording.js';
import { errorAt, type Issue, placed } from './issue.js';
import { suggestion } from './spelling.js';

/** What a project says of recording that cannot be meant, for a project with these environments. */
export function judgeRecordings(recordings: Recordings, environments: readonly string[]): Issue[] {
  return Object.entries(recordings).flatMap(([environment, recording]) => [
    ...judgeEnvironment(environment, environments),
    ...judgeNames(environment, recording),
  ]);
}

function judgeEnvironment(key: string, known: readonly string[]): Issue[] {
  if (known.includes(key)) return [];
  const at = ['recording', key];
  const sentence = `environment ${key}: not in the list of environments; ${suggestion(key, known)}`;
  return [errorAt(at, 'UNKNOWN_ENVIRONMENT', placed(at, sentence))];
}

/** Who somebody is must not get into a file by a list that names it. */
function judgeNames(environment: string, { attributes = [], hashed = [] }: Recording): Issue[] {
  return attributes.flatMap((name, place) => {
    const isHashed = hashed.includes(name);
    if (!isHashed && !SUBJECTS.includes(name)) return [];
    const at = ['recording', environment, 'attributes', place];
    const why = isHashed ? 'is recorded as a hash, as `hashed` says' : 'names somebody: it is always a hash';
    return [errorAt(at, 'INVALID_VALUE', placed(at, `${name} ${why}; take it off this list`))];
  });
}
