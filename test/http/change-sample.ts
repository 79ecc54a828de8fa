import type { Answered, Ask, TestServer } from '../support/http.js';
import { FILES } from './sample.js';

export const CHANGES = '/api/v1/changes';
export const FLAGS = '/api/v1/feature-flags';
export const CHECKOUT = 'flags/acme/web-app/flags/checkout.yaml';

/** The sample with one flag that has some of everything, its overrides and tests, and a segment that it uses. */
export const RICH_FILES = {
  ...FILES,
  [CHECKOUT]: [
    '# the checkout of the shop',
    'description: New checkout',
    'metadata: { ticket: PAY-1 }',
    'environments:',
    '  development: { enabled: true }',
    '  production:',
    '    enabled: true # since May',
    '    segments: [pros]',
    '    rules:',
    '      - { id: germans, when: [{ attribute: country, equals: DE }] }',
    '      - { id: canary, percentage: 5 }',
    '    serve: off',
    '',
  ].join('\n'),
  'flags/acme/web-app/overrides/checkout.yaml':
    '- { users: [u-1, u-2], reason: dogfooding }\n- { companies: [company-9], environments: [production], serve: off }\n',
  'flags/acme/web-app/tests/checkout.yaml':
    '- { name: Germans see it, environment: production, context: { targetingKey: u-9, country: DE }, expect: { variant: on } }\n',
  'flags/acme/web-app/segments/pros.yaml':
    'description: Who pays\nwhen: [{ attribute: plan, equals: pro }]\n',
};

/** A change set of acme. */
export function changeSet(
  server: TestServer,
  token: string,
  ask: {
    readonly changes: readonly object[];
    readonly more?: object;
    readonly headers?: Record<string, string>;
  },
): Promise<Answered> {
  const body = { org_id: 'acme', changes: ask.changes, ...ask.more };
  return server.ask(CHANGES, { token, body, ...(ask.headers && { headers: ask.headers }) } satisfies Ask);
}

export interface WrittenBody {
  readonly commit: string;
  readonly changed: boolean;
  readonly sentences: readonly string[];
  readonly differences: readonly { path: string; sentence: string }[];
  readonly files: readonly { path: string; blob: string | null }[];
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

export function errorOf(answered: Answered): ErrorBody {
  return (answered.body as { error: ErrorBody }).error;
}

export function written(answered: Answered): WrittenBody {
  return answered.body as WrittenBody;
}
