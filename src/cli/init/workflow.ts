import { readFileSync } from 'node:fs';
import { readVersion } from '../version.js';

/** The package's own action, and what makes GitHub understand lines of `validate` and `test`. */
const COPIED = [
  '.github/actions/flagstaff/action.yml',
  '.github/actions/flagstaff/comment.mjs',
  '.github/flagstaff-matcher.json',
];

/** What judges pull requests on GitHub: path from the top of the repository to text. It needs nothing but the package. */
export function workflowFiles(): readonly (readonly [string, string])[] {
  const top = new URL('../../../', import.meta.url);
  return [
    ['.github/workflows/flags.yml', WORKFLOW.replace('VERSION', readVersion())],
    ...COPIED.map((name) => [name, readFileSync(new URL(name, top), 'utf8')] as const),
  ];
}

/** Judges every pull request in the new repository; `VERSION` stands for the package's. */
const WORKFLOW = `# Judges every pull request: broken flags do not get merged. A comment says what the change does to people.
name: Flags

on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read
  pull-requests: write

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    outputs:
      needs-approval: \${{ steps.flags.outputs.needs-approval }}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0  # a change is compared with what was there
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - uses: ./.github/actions/flagstaff
        id: flags
        with:
          # What npm installs to check the flags: a version of the package, or the address of its tarball.
          package: flagstaff@VERSION
          token: \${{ github.token }}

  # Runs where the policy wants a second approver. It waits for one if this environment has required reviewers: give it
  # some in the repository's settings, and make both jobs required checks.
  approve:
    needs: check
    if: \${{ !cancelled() && needs.check.outputs.needs-approval == 'true' }}
    runs-on: ubuntu-latest
    permissions: {}
    environment: flags-approval
    steps:
      - run: echo "approved"
`;
