import { textOf, wordOf } from '../difference/words.js';
import type { Difference } from '../difference.js';
import type { Cause } from './impact.js';

/** How the sentence of a difference goes on after `because of`. */
const AFTER_OF: readonly (readonly [RegExp, string])[] = [
  [/^(enabled|disabled|killed|added|removed|attached|detached)\b/, 'being $1'],
  [/^no longer (enabled|disabled|killed)$/, 'no longer being $1'],
  [/^serves /, 'serving '],
  [/^no longer serves /, 'no longer serving '],
  [/^requires /, 'requiring '],
  [/^no longer requires /, 'no longer requiring '],
];

/**
 * The difference as a cause: `rule canary 5 % → 20 %`, `being killed`, `flag layout-v2: being disabled`. It names the
 * resource where that is not the flag itself, and the environment nowhere.
 */
export function causeText(difference: Difference, flag: string): string {
  const { resource } = difference;
  const text = ownText(difference);
  switch (resource.type) {
    case 'flag':
    case 'overrides':
      return resource.key === flag ? text : `flag ${textOf(resource.key)}: ${text}`;
    case 'segment':
      return `segment ${textOf(resource.key)}: ${difference.sentence}`;
    case 'project':
      return `project ${textOf(resource.project)}: ${difference.sentence}`;
    case 'org':
      return `organization ${textOf(resource.org)}: ${difference.sentence}`;
    default:
      return text;
  }
}

/** The text of a cause without the names of the people whom it is about: for readers who need not know them. */
export function namelessText({ text, sentence, part, resource }: Cause): string {
  switch (part.kind) {
    case 'override':
      return text.replace(`override for ${wordOf(part.name)}`, 'an override');
    case 'member': {
      const nameless = sentence.replace(wordOf(part.name), () => `a ${part.who}`);
      return `${text.slice(0, -sentence.length)}${nameless}`;
    }
    case 'whole':
      return resource.type === 'overrides' ? text.replace(/(overrides \w+): .*$/, '$1') : text;
    default:
      return text;
  }
}

function ownText({ environment, part, at, before, after, sentence }: Difference): string {
  const isShare = part.kind === 'rule' && at.at(-1) === 'percentage';
  if (isShare) return `rule ${textOf(part.id)} ${String(before)} % → ${String(after)} %`;
  const prefix = environment === undefined ? '' : `${environment}: `;
  const own = sentence.startsWith(prefix) ? sentence.slice(prefix.length) : sentence;
  const [pattern, words] = AFTER_OF.find(([start]) => start.test(own)) ?? [];
  return pattern === undefined || words === undefined ? own : own.replace(pattern, words);
}
