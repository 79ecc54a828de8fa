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

/** How webhooks are told. The secret is no option: all can see command lines. Throws `WrongUse` for what nobody can mean. */
export function webhookRules(words: WebhookWords, around: Surroundings): WebhookRules {
  const named = variable(around, 'FLAGSTAFF_WEBHOOKS');
  const state = words.webhooks ?? WEBHOOK_SWITCH.find((one) => one === (named ?? 'on'));
  if (state === undefined)
    throw new WrongUse(`FLAGSTAFF_WEBHOOKS: ${JSON.stringify(named)} is not on or off`);
  const allow =
    words.webhookAllow === undefined
      ? readHosts('FLAGSTAFF_WEBHOOK_ALLOW', variable(around, 'FLAGSTAFF_WEBHOOK_ALLOW') ?? '')
      : readHosts('--webhook-allow', words.webhookAllow);
  return { isOn: state === 'on', secret: variable(around, 'FLAGSTAFF_WEBHOOK_SECRET'), allow };
}

/** A host without its port would allow every program on that machine. */
function readHosts(name: string, text: string): readonly string[] {
  const hosts = text.split(',').flatMap((host) => host.trim() || []);
  const wrong = hosts.find((host) => !/^(?:[\w.-]+|\[[0-9a-f:.]+\]):[1-9]\d{0,4}$/i.test(host));
  if (wrong === undefined) return hosts;
  throw new WrongUse(`${name}: ${JSON.stringify(wrong)} is not a host with its port, such as 10.0.0.7:8443`);
}
