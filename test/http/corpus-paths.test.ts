import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Operation } from '../../src/http/permissions.js';
import type { Answered } from '../support/http.js';
import {
  type CorpusServer,
  goodRequest,
  OPERATIONS,
  pathParametersOf,
  queryParametersOf,
  serveCorpus,
  withParameter,
} from './corpus-requests.js';

const test = suite('corpus: paths and queries');
const PLANTED = 'planted-0123456789abcdef';
let server: CorpusServer;

/** What a path that climbs would find: at the root, beside the organizations, in another one, and in folders of git. */
const SECRETS = Object.fromEntries(
  [
    'secret.yaml',
    'flags/secret.yaml',
    'flags/initech/web-app/flags/secret.yaml',
    'flags/acme/secret.yaml',
  ].map((path) => [path, `description: ${PLANTED}\nenvironments: {}\n`]),
);

test.before(async () => {
  server = await serveCorpus(SECRETS);
  await server.repository.git('config', 'user.signingKey', PLANTED);
});
test.after(() => server.close());

/** Texts for one part of a path, as they are sent. No key, id or number is like them. */
const ODD = [
  '..',
  '.',
  '%2e%2e',
  '%2E%2E%2F%2E%2E%2Fsecret',
  '..%2fsecret',
  '..%2f..%2f..%2fsecret.yaml',
  '..%5c..%5csecret',
  '%2e%2e%2f%2e%2e%2f%2egit%2fconfig',
  '....%2f%2fsecret',
  '%252e%252e%252fsecret',
  '%2fetc%2fpasswd',
  'file:%2f%2f%2fetc%2fpasswd',
  '..%c0%afsecret',
  '..%00secret',
  'banner%00.yaml',
  'banner%0d%0aSet-Cookie:%20a=b',
  'banner%0a',
  'banner%20',
  '.git',
  '.git%2fconfig',
  'GIT~1',
  '~',
  '~root',
  'C:',
  '__proto__',
  'constructor',
  '%zz',
  '%',
  '%ff',
  '%E2%80%AEbanner',
  'b%CC%88anner',
  '-banner',
  '--upload-pack=touch',
  '$(touch%20x)',
  '`touch%20x`',
  "'%20or%20'1'='1",
  '%3Cscript%3Ealert(1)%3C%2fscript%3E',
  '{{7*7}}',
  '%7B%7D',
  '*',
  '%5b%5d',
  '-1',
  '1.5',
  '9'.repeat(400),
  'x'.repeat(101),
  'x'.repeat(5_000),
];

/** Texts that could be names of something, and are of nothing here. */
const UNKNOWN = [
  'BANNER',
  'banner.yaml',
  'toString',
  'hasOwnProperty',
  'con',
  'nul.txt',
  '9'.repeat(15),
  '9'.repeat(16),
];

for (const operation of OPERATIONS) {
  for (const name of pathParametersOf(operation)) {
    test(`${operation}: no text for ${name} leads anywhere else (P14)`, async () => {
      for (const text of [...ODD, ...UNKNOWN]) {
        const request = goodRequest(operation, server.org);
        const answered = await ask(operation, `${withParameter(request, name, text)}${request.query}`);
        assert.ok(
          isRefusal({ operation, name, text }, answered.status),
          `${text}: ${answered.status} ${answered.text}`,
        );
        refuseEcho(answered);
      }
    });
  }

  const queries = queryParametersOf(operation);
  if (queries.length === 0) continue;
  test(`${operation}: no text in its query leads anywhere else (P14)`, async () => {
    const { path } = goodRequest(operation, server.org);
    for (const name of queries) {
      for (const text of ODD) {
        const answered = await ask(operation, `${path}?${name}=${text}`);
        assert.ok(answered.status < 500, `${name}=${text}: ${answered.status} ${answered.text}`);
        refuseEcho(answered);
      }
    }
  });
}

test('nothing was written, in the repository or beside it, and nobody complained (P14)', async () => {
  assert.ok(await server.isUntouched());
  assert.equal(
    server.log.filter((line) => !line.includes('errors')),
    [],
  );
});

function ask(operation: Operation, path: string): Promise<Answered> {
  const { method, body } = goodRequest(operation, server.org);
  return server.asAdmin(path, { method, ...(body === undefined ? {} : { body }) });
}

/** Where almost any text is a name: rules, files of the reference, revisions, ids of keys and of organizations. */
const FREE: ReadonlySet<string> = new Set(['ruleId', 'file', 'commit', 'keyId', 'orgId']);
/** The same for all of an operation's path: evaluation, of flagd too, and changes that the remote does not have. */
const FREE_PATHS = ['/ofrep/', '/flagd/', '/changes/pending/'];

interface Sent {
  readonly operation: Operation;
  readonly name: string;
  readonly text: string;
}

/** What can be no name is 400. Of a file that has what is named, or has not, a write may learn first that it is another. */
function isRefusal({ operation, name, text }: Sent, status: number): boolean {
  const isFree = FREE.has(name) || FREE_PATHS.some((part) => operation.includes(part));
  if (isFree) return [400, 404, 412].includes(status);
  return status === 400 || (UNKNOWN.includes(text) && (status === 404 || status === 412));
}

/** What was planted is in files that no request is about; and no header line is made of what was sent. */
function refuseEcho({ text, headers }: Answered): void {
  assert.not.ok(text.includes(PLANTED), text);
  assert.is(headers['set-cookie'], undefined);
}

test.run();
