import type { TreeVersion } from './tree-versions.js';

/** What YAML can write a letter of a name as, or break a name with: such a text may hold any name. */
const ESCAPES = ['\\x', '\\u', '\\U', '\\\n', '\\\r'].map((text) => Buffer.from(text));

/** Which files may hold a name: a look at their bytes takes a twentieth of the time of parsing them. */
export class Mentions {
  readonly #version: TreeVersion;
  readonly #paths: readonly string[];
  readonly #always: readonly string[];
  #escaping: readonly string[] | undefined;

  /** Looks into files of the version; the last ones are taken to hold any name. */
  constructor(version: TreeVersion, paths: readonly string[], always: readonly string[]) {
    this.#version = version;
    this.#paths = paths;
    this.#always = always;
  }

  /** The paths. All that hold the name are among them. */
  of(name: string): readonly string[] {
    this.#escaping ??= this.#paths.filter((path) => ESCAPES.some((bytes) => this.#holds(path, bytes)));
    const bytes = Buffer.from(name);
    const found = this.#paths.filter((path) => this.#holds(path, bytes));
    return [...new Set([...found, ...this.#escaping, ...this.#always])];
  }

  #holds(path: string, bytes: Buffer): boolean {
    return this.#version.bytesOf(path)?.includes(bytes) ?? false;
  }
}
