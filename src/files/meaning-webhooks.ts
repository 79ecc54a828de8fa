import type { Pointer } from '../model/problem.js';
import { shownAddress, type Webhook } from '../model/webhook.js';
import { errorAt, type Issue, placed } from './issue.js';
import { twice } from './meaning-names.js';
import { suggestion } from './spelling.js';

/** What a project's webhooks say that cannot be meant, for a project with these environments. */
export function judgeWebhooks(webhooks: readonly Webhook[], environments: readonly string[]): Issue[] {
  const addresses = webhooks.map(({ url }, place) => ({
    name: url,
    shown: shownAddress(url),
    at: ['webhooks', place, 'url'],
  }));
  return [
    ...addresses.flatMap(({ name, at }) => judgeAddress(name, at)),
    ...twice(addresses, 'webhook', 'DUPLICATE_NAME'),
    ...webhooks.flatMap((webhook, place) => judgeEnvironments(webhook, place, environments)),
  ];
}

/** The pattern lets through what begins well and is no address all the same. */
function judgeAddress(url: string, at: Pointer): Issue[] {
  if (URL.canParse(url)) return [];
  return [errorAt(at, 'INVALID_VALUE', placed(at, 'no address such as https://hooks.example.com/flags'))];
}

function judgeEnvironments(webhook: Webhook, place: number, known: readonly string[]): Issue[] {
  return (webhook.environments ?? []).flatMap((key, index) => {
    if (known.includes(key)) return [];
    const at = ['webhooks', place, 'environments', index];
    const sentence = `environment ${key}: not in the list of environments; ${suggestion(key, known)}`;
    return [errorAt(at, 'UNKNOWN_ENVIRONMENT', placed(at, sentence))];
  });
}
