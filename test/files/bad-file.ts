import type { FileKind } from '../../src/files/parsed.js';

/** A file that is wrong, and all that must be said of it. */
export interface BadFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly content: string | Uint8Array;
  /** `line:column severity CODE`, in the order of the text. */
  readonly problems: readonly string[];
}

/** A flag with these lines in its production environment. */
export function production(lines: string): string {
  return `environments:\n  production:\n    enabled: true\n${lines}`;
}

/** A flag with this clause in its only rule, whose text begins in line 5, column 27. */
export function ruleWith(clause: string): string {
  return production(`    rules:\n      - { id: one, when: [${clause}] }\n`);
}
