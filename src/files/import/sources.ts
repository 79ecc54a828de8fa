import { readFlagd } from './flagd/flagd.js';
import { readFlipt } from './flipt/flipt.js';
import { readGoff } from './goff/goff.js';
import type { Importer } from './imported.js';
import { readJson } from './json.js';
import { readLaunchDarkly } from './launchdarkly/launchdarkly.js';
import { readUnleash } from './unleash/unleash.js';

/** The tools that flags come from, by the word after `--from`. */
export const SOURCES = {
  flagd: {
    title: 'flagd',
    reads: 'flag definitions, as JSON or YAML',
    importer: readFlagd,
  },
  unleash: {
    title: 'Unleash',
    reads: 'an export of features, or what clients are sent, as JSON',
    importer: readUnleash,
  },
  flipt: {
    title: 'Flipt',
    reads: 'features.yaml of a namespace, or a folder of several',
    importer: readFlipt,
  },
  goff: {
    title: 'GO Feature Flag',
    reads: 'its map of flags, as YAML or JSON',
    importer: readGoff,
  },
  launchdarkly: {
    title: 'LaunchDarkly',
    reads: 'what its API says of flags and segments, or what SDKs and the relay proxy are given, as JSON',
    importer: readLaunchDarkly,
  },
  json: {
    title: 'JSON of your own',
    reads: 'a map of flags, a list of flags with keys, or a folder with a file for each',
    importer: readJson,
  },
} as const satisfies Readonly<Record<string, ForeignSource>>;

/** One of the tools. */
export interface ForeignSource {
  readonly title: string;
  /** What of it is read, in words. */
  readonly reads: string;
  readonly importer: Importer;
}

/** A word after `--from`. */
export type SourceName = keyof typeof SOURCES;
