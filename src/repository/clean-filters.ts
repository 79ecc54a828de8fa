import { homedir } from 'node:os';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { FoundFiles } from './found-files.js';
import type { GitRepository } from './git.js';
import { readPlainFile } from './plain-file.js';

/** What makes git keep other bytes than the work tree has, beside other line ends: gitattributes(5). */
const CONVERSION = /\b(?:filter|ident|working-tree-encoding)\b/;
/** A setting that names one more file of attributes. */
const MORE_ATTRIBUTES = /attributesfile/i;

/** True where git may keep other bytes of the settings or of a file below flags/ than stand in the work tree. */
export function hasFilters(
  { gitDir, commonDir }: Pick<GitRepository, 'gitDir' | 'commonDir'>,
  workDir: string,
  { orgs }: Pick<FoundFiles, 'orgs'>,
): boolean {
  const user = process.env.XDG_CONFIG_HOME || `${homedir()}/.config`;
  const nested = [...orgs.values()].flat().filter(({ path }) => path.endsWith('/.gitattributes'));
  const attributes = [
    `${workDir}/.gitattributes`,
    `${workDir}/${FLAGS_FOLDER}/.gitattributes`,
    ...nested.map(({ path }) => `${workDir}/${path}`),
    `${commonDir}/info/attributes`,
    `${user}/git/attributes`,
    '/etc/gitattributes',
  ];
  const settings = [
    `${commonDir}/config`,
    `${gitDir}/config.worktree`,
    `${homedir()}/.gitconfig`,
    `${user}/git/config`,
    '/etc/gitconfig',
  ];
  return (
    attributes.some((path) => holds(path, CONVERSION)) ||
    settings.some((path) => holds(path, MORE_ATTRIBUTES))
  );
}

function holds(path: string, pattern: RegExp): boolean {
  const bytes = readPlainFile(path);
  return bytes !== undefined && pattern.test(bytes.toString('latin1'));
}
