import type { Files } from '../../test/support/git.js';

export const FLAGS = 'flags/acme/web-app/flags';
/** The flags that requests write to. */
export const WRITTEN = ['alpha', 'beta', 'gamma', 'delta'] as const;
/** The flags whose values are changed together, by one commit, always to the same number. */
export const PAIR = ['pair-one', 'pair-two'] as const;

/** An organization with flags for requests, for people and for readers. */
export function startFiles(): Files {
  const written = WRITTEN.map((flag) => [
    pathOf(flag),
    'description: first\nenvironments: { production: { enabled: true } }\n',
  ]);
  return {
    'flags/acme/org.yaml': 'name: Acme\n',
    'flags/acme/web-app/project.yaml': 'environments: [production]\n',
    'notes.txt': 'first\n',
    'other.txt': 'first\n',
    ...Object.fromEntries(written),
    ...pairFiles(0),
  };
}

/** The pair at a value. */
export function pairFiles(value: number): Record<string, string> {
  const text = `type: number\nvariants: { v: ${value} }\noffVariant: v\nenvironments: { production: { enabled: true, serve: v } }\n`;
  return Object.fromEntries(PAIR.map((flag) => [pathOf(flag), text]));
}

export function pathOf(flag: string): string {
  return `${FLAGS}/${flag}.yaml`;
}
