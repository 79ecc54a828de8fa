/** API keys and tickets of ours, secrets of webhooks, and what has the form of a JSON Web Token. */
const SECRET = /fs_(?:server|client|ticket)_[\w-]*|whsec_[\w+/=-]*|eyJ[\w-]{5,}(?:\.[\w-]*){1,2}/g;

/**
 * A sentence that may repeat what was sent, without the credentials in it: somebody who pastes one where a name belongs
 * must not find it in an answer, or in the log of whatever passes answers on.
 */
export function withoutSecrets(text: string): string {
  return text.replace(SECRET, '[secret]');
}

/** Whether there is something in a text that `withoutSecrets` takes out. */
export function hasSecret(text: string): boolean {
  return text.search(SECRET) !== -1;
}
