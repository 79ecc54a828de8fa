import type { KebabText } from './values.js';

/** The settings of the whole repository: `.flagstaff.yaml` at its top. */
export interface ConfigFile {
  /** The organization of callers who name none; else the only or first one. */
  readonly defaultOrg?: KebabText;
}
