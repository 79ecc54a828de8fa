import type { Files } from './git.js';

/** A repository's files: organizations with one project `web-app` and its flags, each enabled with a split of its own. */
export function flagFiles(orgs: Readonly<Record<string, Readonly<Record<string, number>>>>): Files {
  const files: Record<string, string> = {};
  for (const [org, flags] of Object.entries(orgs)) {
    files[`flags/${org}/org.yaml`] = `name: ${org}\n`;
    files[`flags/${org}/web-app/project.yaml`] = 'environments: [production]\n';
    for (const [key, share] of Object.entries(flags)) files[flagPath(org, key)] = flagText(share);
  }
  return files;
}

export function flagPath(org: string, key: string): string {
  return `flags/${org}/web-app/flags/${key}.yaml`;
}

/** A flag that says which version of it this is: by its owner. */
export function flagText(version: number): string {
  return `owner: version-${version}\nenvironments:\n  production: { enabled: true }\n`;
}

/** A flag that no reader can read. */
export const BROKEN_FLAG = 'owner: [\n';
