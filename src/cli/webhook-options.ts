import { SHORTEST_SECRET_BYTES, standardKeyOf } from '../http/hooks/hook-key.js';
import { parseHost } from '../http/webhooks/public-address.js';
import type { WebhookRules } from '../http/webhooks/webhooks.js';
import { WrongUse } from './exit.js';
import { type Surroundings, variable } from './surroundings.js';

/** What the command line says of webhooks. */
export interface WebhookWords {
  readonly webhooks?: WebhookSwitch;
  readonly webhookAllow?: string;
}

/** Whether they are told. */
export const WEBHOOK_SWITCH = ['on', 'off'] as const;
type WebhookSwitch = (typeof WEBHOOK_SWITCH)[number];

/** How webhooks are told. Secrets are no options: all can see command lines. Throws `WrongUse` for what nobody can mean. */
export function webhookRules(words: WebhookWords, around: Surroundings): WebhookRules {
  const named = variable(around, 'FLAGSTAFF_WEBHOOKS');
  const state = words.webhooks ?? WEBHOOK_SWITCH.find((one) => one === (named ?? 'on'));
  if (state === undefined)
    throw new WrongUse(`FLAGSTAFF_WEBHOOKS: ${JSON.stringify(named)} is not on or off`);
  const allow =
    words.webhookAllow === undefined
      ? readHosts('FLAGSTAFF_WEBHOOK_ALLOW', variable(around, 'FLAGSTAFF_WEBHOOK_ALLOW') ?? '')
      : readHosts('--webhook-allow', words.webhookAllow);
  return { isOn: state === 'on', secret: webhookSecret(around), allow };
}

/** What the git host signs its hooks with; hooks are off where it is undefined. Throws `WrongUse` for what can be guessed. */
export function hookSecret(around: Surroundings): string | undefined {
  const secret = variable(around, 'FLAGSTAFF_HOOK_SECRET');
  if (secret === undefined || standardKeyOf(secret) !== undefined) return secret;
  throw new WrongUse(`FLAGSTAFF_HOOK_SECRET: wanted ${LONG_ENOUGH}, after whsec_ in base64`);
}

function webhookSecret(around: Surroundings): string | undefined {
  const secret = variable(around, 'FLAGSTAFF_WEBHOOK_SECRET');
  if (secret === undefined || Buffer.byteLength(secret) >= SHORTEST_SECRET_BYTES) return secret;
  throw new WrongUse(`FLAGSTAFF_WEBHOOK_SECRET: wanted ${LONG_ENOUGH}`);
}

const LONG_ENOUGH = `${SHORTEST_SECRET_BYTES} bytes or more`;

/** A host without its port would allow every program on that machine. */
function readHosts(name: string, text: string): readonly string[] {
  const hosts = text.split(',').flatMap((host) => host.trim() || []);
  return hosts.map((host) => {
    const parsed = parseHost(host);
    if (parsed !== undefined) return parsed;
    throw new WrongUse(`${name}: ${JSON.stringify(host)} is not a host with its port, such as 10.0.0.7:8443`);
  });
}
