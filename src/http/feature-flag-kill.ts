import { mainPath } from '../changes/apply.js';
import type { FlagKill } from '../changes/change.js';
import { type EnvironmentKey, parseEnvironmentKey } from '../model/keys.js';
import { readObject } from './body.js';
import { writtenFlag } from './feature-flag-answers.js';
import { atHead, type FeatureFlagOptions, lookUp } from './feature-flag-asked.js';
import { refuseUnserved } from './feature-flag-unserved.js';
import type { FoundFlag } from './flag-lookup.js';
import { readFields, readKey, readLine, required } from './json-fields.js';
import type { Asked, Reply } from './route.js';
import { findMatching } from './stale-write.js';
import { writeChanges } from './write-changes.js';
import { preconditionsOf } from './write-headers.js';
import { REASON_MAX_LENGTH } from './write-words.js';

interface KillBody {
  readonly environment: EnvironmentKey | undefined;
  readonly reason: string;
}

/** POST: everybody in the environment gets the off variant, whatever else is said, and whether the file is good or not. */
export function kill(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  return turn(options, asked, 'flag.kill');
}

/** POST: the end of that. */
export function unkill(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  return turn(options, asked, 'flag.unkill');
}

async function turn(options: FeatureFlagOptions, asked: Asked, kind: FlagKill['kind']): Promise<Reply> {
  const body = await readKill(asked);
  await refuseUnserved(options, asked);
  const find = (): FoundFlag => atHead(lookUp(options, asked, 'write-in-project'));
  const { served, project, flag, ...place } = await findMatching(options.cache, asked, find);
  const environment = body.environment ?? place.environment;
  const change: FlagKill = { kind, project: project.key, flag: flag.key, environment };
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [change],
    reason: body.reason,
    preconditions: preconditionsOf(asked, mainPath(served.snapshot.key, change)),
  });
  return writtenFlag(options, result, { flag: flag.key, environment });
}

async function readKill({ request }: Asked): Promise<KillBody> {
  const fields = readFields((await readObject(request)) ?? {}, '', ['environment', 'reason']);
  return {
    environment: readKey(fields, 'environment', parseEnvironmentKey),
    reason: required(readLine(fields, 'reason', REASON_MAX_LENGTH), fields, 'reason'),
  };
}
