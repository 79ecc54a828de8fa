/** Flags of each kind, with names and words that code must not stumble over, as files of the project `web-app`. */
export const FLAGS_OF_KINDS: Readonly<Record<string, string>> = {
  [pathOf('theme')]: `description: |
  The colours */ of the season
  @see the designers
owner: team-design
status: deprecated
expires: 2027-03-01
client: true
type: string
variants: { classic: classic, spring: "it's #7ac943" }
offVariant: classic
environments:
  production: { enabled: true, serve: spring }
`,
  [pathOf('search.page_size')]: `type: number
variants: { small: 10, large: 100 }
offVariant: small
environments:
  production: { enabled: true, serve: large }
`,
  [pathOf('upload-limits')]: `type: object
variants:
  basic: { maxBytes: 10, kinds: [png], nested: { a-b: null } }
  generous: { maxBytes: 20.5, kinds: [png, 1], nested: { a-b: x }, note: big }
offVariant: basic
environments:
  production: { enabled: true, serve: generous }
`,
  [pathOf('region')]: `type: string
client: true
variants: { eu: eu, us: us }
environments:
  production: { enabled: true, serve: eu }
`,
  [pathOf('2fa')]: 'environments: {}\n',
  [pathOf('a-b')]: 'environments: {}\n',
  [pathOf('a_b')]: 'environments: {}\n',
};

function pathOf(flag: string): string {
  return `flags/acme/web-app/flags/${flag}.yaml`;
}
