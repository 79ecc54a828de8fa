import { parseEnvironmentKey } from '../model/keys.js';
import { environmentKeys, type ProjectFile } from '../model/project.js';
import { errorAt, type Issue, placed } from './issue.js';
import { judgeMoment, twice } from './meaning-names.js';
import { judgeRecordings } from './meaning-recording.js';
import { judgeWebhooks } from './meaning-webhooks.js';
import { suggestion } from './spelling.js';

/** What a project's file says that cannot be meant, as far as it alone can tell. */
export function judgeProject(project: ProjectFile): Issue[] {
  const keys = environmentKeys(project);
  return [
    ...twice(
      keys.map((name, place) => ({ name, at: ['environments', place] })),
      'environment',
      'DUPLICATE_NAME',
    ),
    ...keys.flatMap(judgeEnvironmentKey),
    ...twice(idsOf(project), 'id', 'DUPLICATE_ID'),
    ...judgeDefault(project.defaultEnvironment, keys),
    ...judgeMoment(project.createdAt, ['createdAt']),
    ...judgeWebhooks(project.webhooks ?? [], keys),
    ...judgeRecordings(project.recording ?? {}, keys),
  ];
}

/** The pattern lets through what Windows would open as a device, and what a plain object would have. */
function judgeEnvironmentKey(key: string, place: number): Issue[] {
  if (parseEnvironmentKey(key) !== undefined) return [];
  const at = ['environments', place];
  return [
    errorAt(
      at,
      'INVALID_KEY',
      placed(at, `${key} is the name of a device on Windows or of what every object has; another was wanted`),
    ),
  ];
}

function idsOf({ environments }: ProjectFile): { readonly name: string; readonly at: (string | number)[] }[] {
  return environments.flatMap((environment, place) =>
    typeof environment === 'string' || environment.id === undefined
      ? []
      : [{ name: environment.id, at: ['environments', place, 'id'] }],
  );
}

function judgeDefault(key: string | undefined, keys: readonly string[]): Issue[] {
  if (key === undefined || keys.includes(key)) return [];
  const at = ['defaultEnvironment'];
  const sentence = `environment ${key}: not in the list of environments; ${suggestion(key, keys)}`;
  return [errorAt(at, 'UNKNOWN_ENVIRONMENT', placed(at, sentence))];
}
