import type { Clause } from '../../model/clause.js';
import type { SegmentFile } from '../../model/segment.js';
import type { Draft } from './draft.js';

/** The files that a source's segments become: what says the same under the same key is one file. */
export class SegmentFiles {
  readonly #draft: Draft;
  /** Our keys, by the source's and the content. */
  readonly #keys = new Map<string, string>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** The clause that asks for a segment with this content; true and false are one that everyone or nobody is in. */
  clause(key: string, file: SegmentFile | boolean): Clause | boolean {
    if (typeof file === 'boolean') {
      const whom = file ? 'everyone' : 'nobody';
      this.#draft.about(
        'dropped',
        'segment',
        `segment ${key}: ${whom} is a member, so there is no file of it`,
      );
      return file;
    }
    const content = `${key} ${JSON.stringify(file)}`;
    const ours = this.#keys.get(content) ?? this.#draft.segment(key, file);
    this.#keys.set(content, ours);
    return { segment: ours };
  }
}
