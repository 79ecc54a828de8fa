import { readYaml, type YamlText } from './yaml-text.js';

/** Their documents take some hundred bytes a character. The last one is kept however long it is. */
const MOST_CHARACTERS = 32 * 1024;

/**
 * Reads a text, or gives what was read of it lately: a text that is edited is judged too, edited again, or planned again,
 * and reading is most of what that costs. Nobody may change the document, others have the same one.
 */
export function readRecent(whole: string): YamlText {
  return recentTexts.read(whole);
}

class RecentTexts {
  /** Those that were asked for longest ago come first. */
  readonly #known = new Map<string, YamlText>();
  #characters = 0;

  read(whole: string): YamlText {
    const known = this.#known.get(whole);
    const yaml = known ?? readYaml(whole);
    if (known !== undefined) this.#known.delete(whole);
    else this.#characters += whole.length;
    this.#known.set(whole, yaml);
    this.#forget();
    return yaml;
  }

  #forget(): void {
    for (const whole of this.#known.keys()) {
      if (this.#characters <= MOST_CHARACTERS || this.#known.size === 1) return;
      this.#known.delete(whole);
      this.#characters -= whole.length;
    }
  }
}

const recentTexts = new RecentTexts();
