/** The README of the new repository. */
export const GUIDE = `# Feature flags

Each flag is one YAML file. A commit changes what services are told; \`git log\` says who changed what, and why.

| to | do |
| --- | --- |
| change a flag | edit \`flags/acme/web-app/flags/new-checkout.yaml\` and commit |
| add a flag | \`flagstaff create dark-mode --description "Dark theme"\` |
| check everything | \`flagstaff validate && flagstaff test\` |
| see what an edit does, as you save it | \`flagstaff dev\` |
| ask what somebody gets | \`flagstaff evaluate new-checkout --context '{"targetingKey":"u-7"}' --explain\` |
| serve the flags | \`flagstaff serve\` |
| stop a flag now | \`flagstaff kill new-checkout --reason "orders are lost"\` |
| see who changed what, and why | \`flagstaff log\`, \`flagstaff blame new-checkout\` |
| take a change back | \`flagstaff revert HEAD --reason "too early"\` |

## What lies where

| path | holds |
| --- | --- |
| \`flags/acme/web-app/project.yaml\` | the environments, and the attributes that services send |
| \`flags/acme/web-app/flags/\` | one file for each flag |
| \`flags/acme/web-app/segments/\` | groups of people that flags share |
| \`flags/acme/web-app/overrides/\` | exceptions: named people and companies, one file for each flag |
| \`flags/acme/web-app/tests/\` | what a flag must answer, run by \`flagstaff test\` |
| \`schemas/\`, \`.vscode/\` | what editors complete and check by |

\`.github/workflows/flags.yml\` checks each pull request, by the action in \`.github/actions/flagstaff\`, and comments on what it does
to people. It installs the package that it names.
`;
