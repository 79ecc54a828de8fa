/** A snippet as VS Code reads it. Its lines have placeholders; one of the same number is the same text. */
interface Snippet {
  readonly scope: 'yaml';
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

/** Pieces of flag files by what they are for. A flag's own variants are typed once, and stand wherever they are named. */
export const SNIPPETS: Readonly<Record<string, Snippet>> = {
  'Flag: on or off': snippet(
    'flag',
    'A flag that is on or off',
    `
description: \${1:Dark theme}
owner: \${2:team-web}
environments:
  \${3:development}: { enabled: true }
  \${4:production}: { enabled: false }
`,
  ),
  'Flag: own variants': snippet(
    'flag-variants',
    'A flag with variants of its own',
    `
description: \${1:Colour of the button}
type: \${2:string}
variants:
  \${3:blue}: \${4:value-1}
  \${5:green}: \${6:value-2}
offVariant: \${3:blue}
environments:
  \${7:production}:
    enabled: true
    serve: { \${3:blue}: \${8:50}, \${5:green}: \${9:50} }
`,
  ),
  'Rule: a condition': snippet(
    'rule',
    'A rule for those of whom every clause holds',
    `
- id: \${1:german-pros}
  description: \${2:Why it is there}
  when:
    - { attribute: \${3:country}, equals: \${4:DE} }
    - { attribute: \${5:plan}, in: [\${6:pro, enterprise}] }
  serve: \${7:on}
`,
  ),
  'Rule: a share': snippet(
    'rule-percentage',
    'A rule for a share; the others go on to the next rule',
    `
- { id: \${1:canary}, percentage: \${2:5} }
`,
  ),
  'Rule: one of several': snippet(
    'rule-any',
    'A rule for those of whom one of the clauses holds',
    `
- id: \${1:early-birds}
  when:
    - any:
        - { segment: \${2:beta-testers} }
        - { attribute: \${3:app.version}, semverGte: \${4:2.4.0} }
`,
  ),
  'Clause: a version': snippet(
    'clause-version',
    'Versions from this one',
    `
- { attribute: \${1:app.version}, semverGte: \${2:2.4.0} }
`,
  ),
  'Clause: a segment': snippet(
    'clause-segment',
    'Members of a segment',
    `
- { segment: \${1:beta-testers} }
`,
  ),
  'Serve: a split': snippet(
    'serve-split',
    'A split by weights: the same people always get the same variant',
    `
serve: { \${1:on}: \${2:20}, \${3:off}: \${4:80} }
`,
  ),
  'Segment: a file': snippet(
    'segment',
    'A group of people that flags share',
    `
description: \${1:People who asked for it}
include: { users: [\${2:u-123}] }
when: [{ attribute: \${3:email}, endsWith: "\${4:@acme.com}" }]
`,
  ),
  'Override: an entry': snippet(
    'override',
    'Users who get a fixed variant until the end of a day',
    `
- { users: [\${1:u-123}], serve: \${2:on}, reason: \${3:dogfooding}, until: \${4:2027-01-31} }
`,
  ),
  'Test: a case': snippet(
    'test',
    'A caller, and what the flag must answer',
    `
- name: \${1:a German sees it}
  environment: \${2:production}
  context: { targetingKey: \${3:u-1}, \${4:country}: \${5:DE} }
  expect: { variant: \${6:on} }
`,
  ),
};

/** All of their prefixes begin alike, so that typing that lists them. */
function snippet(prefix: string, description: string, text: string): Snippet {
  return { scope: 'yaml', prefix: `fs-${prefix}`, description, body: text.trim().split('\n') };
}
