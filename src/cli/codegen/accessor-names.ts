/**
 * The names that flags have in generated code, by their keys: `new-checkout` is `newCheckout`. Flags that would share a
 * name, and those whose name would begin with a digit, are called by their keys.
 */
export function accessorNames(keys: Iterable<string>): ReadonlyMap<string, string> {
  const names = new Map([...keys].map((key) => [key, camelCase(key)]));
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [key, name] of names) if (counts.get(name) !== 1 || !isIdentifier(name)) names.set(key, key);
  return names;
}

/** True where a property of that name needs no quotes. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

/** Capitals within a word stay: `SSO_loginPage` is `ssoLoginPage`. */
function camelCase(key: string): string {
  const [first = '', ...rest] = key.split(/[-_.]/);
  return lowerFirst(first) + rest.map(upperFirst).join('');
}

function lowerFirst(word: string): string {
  if (word === word.toUpperCase()) return word.toLowerCase();
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
