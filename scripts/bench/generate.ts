import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How large a generated repository is. */
export interface Size {
  readonly orgs: number;
  readonly flagsPerOrg: number;
}

/** What the speed targets are about: 10,000 flags in 20 organizations. */
export const TARGET_SIZE: Size = { orgs: 20, flagsPerOrg: 500 };

const GIT_ENVIRONMENT = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

/**
 * Makes a git repository on branch `main` with one commit: organizations `org-1`… with one project `web-app`, one
 * segment and flags `flag-1`… of 25 lines each. Gives the paths of the flag files.
 */
export async function generateRepository(
  options: Size & { readonly dir: string },
): Promise<readonly string[]> {
  mkdirSync(options.dir, { recursive: true });
  await git(options.dir, 'init', '--quiet', '--initial-branch=main');
  const files = generateFiles(options);
  for (const [path, text] of files) writeText(join(options.dir, path), text);
  await commitAll(options.dir, 'start');
  return [...files.keys()].filter((path) => path.includes('/flags/flag-'));
}

/** The files of such a repository, by path. */
export function generateFiles({ orgs, flagsPerOrg }: Size): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let org = 1; org <= orgs; org += 1) {
    const project = `flags/org-${org}/web-app`;
    files.set(`flags/org-${org}/org.yaml`, `name: Organization ${org}\n`);
    files.set(`${project}/project.yaml`, PROJECT);
    files.set(`${project}/segments/beta-testers.yaml`, SEGMENT);
    for (let flag = 1; flag <= flagsPerOrg; flag += 1) {
      files.set(`${project}/flags/flag-${flag}.yaml`, flagText(`${org}-${flag}`));
    }
  }
  return files;
}

/** A flag of 25 lines. Another `share` makes another text with another answer. */
export function flagText(name: string, share = 20): string {
  return `# yaml-language-server: $schema=../../../../schemas/flag.json
name: Checkout ${name}
description: Redesigned checkout page, part ${name}
owner: team-payments
status: active
tags: [web, checkout]
expires: 2099-03-01
client: true
metadata: { ticket: PAY-${name} }
bucketBy: targetingKey
environments:
  development:
    enabled: true
  production:
    enabled: true
    segments: [beta-testers]
    rules:
      - id: german-pros
        description: Legal cleared DE first
        when:
          - { attribute: country, equals: DE }
          - { attribute: plan, in: [pro, enterprise] }
      - id: canary
        percentage: 5
    serve: { on: ${share}, off: ${100 - share} }
`;
}

/** Stages everything and commits it. */
export async function commitAll(dir: string, message: string): Promise<void> {
  await git(dir, 'add', '--all');
  await git(dir, '-c', 'gc.auto=0', 'commit', '--quiet', '--message', message);
}

/** Runs git there and gives what it printed. */
export async function git(dir: string, ...parameters: readonly string[]): Promise<string> {
  const options = { cwd: dir, env: GIT_ENVIRONMENT, maxBuffer: 1 << 28 };
  return (await run('git', [...parameters], options)).stdout.trim();
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const PROJECT = `name: Web app
environments: [development, production]
attributes: { country: string, plan: [free, pro, enterprise], email: string }
`;

const SEGMENT = `description: People who asked for it
include: { users: [u-7], companies: [company-123] }
exclude: { users: [u-8] }
when: [{ attribute: email, endsWith: "@acme.com" }]
`;
