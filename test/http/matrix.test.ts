import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answered, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CALLERS, type CallerName, expectedOther, expectedOwn, headersOf } from './matrix-callers.js';
import { MATRIX_FILES } from './matrix-files.js';
import { orgOf } from './matrix-org.js';
import { SAMPLES, type Sample, type SampleOrg } from './matrix-requests.js';

const test = suite('matrix');

let server: TestServer;
let acme: SampleOrg;
let globex: SampleOrg;

test.before(async () => {
  server = await serveFiles(MATRIX_FILES, { writeLimit: 100_000 });
  acme = orgOf('acme', await commitTo('acme'));
  globex = orgOf('globex', await commitTo('globex'));
});
test.after(() => server.close());

/** The number of no blob: a write that is allowed comes no further. */
const NO_BLOB = { 'If-Match': `"${'0'.repeat(40)}"` };

for (const [operation, sample] of Object.entries(SAMPLES)) {
  test(`P15: ${operation}: who gets what of their own organization`, async () => {
    await checkRow({ operation, sample, org: acme, expected: expectedOwn });
  });

  if (sample.isGlobal === true) continue;
  test(`P15: ${operation}: nobody gets anything of another one`, async () => {
    await checkRow({ operation, sample, org: globex, expected: expectedOther });
  });

  test(`P15: ${operation}: another organization looks like one that is not there`, async () => {
    const nowhere = orgOf('initech', 'f'.repeat(40));
    for (const caller of ['org admin', 'server key'] as const) {
      const other = await ask({ operation, sample, caller, org: globex });
      const none = await ask({ operation, sample, caller, org: nowhere });
      assert.is(other.status, none.status, other.text);
      assert.equal(withoutNames(other, globex), withoutNames(none, nowhere));
    }
  });
}

interface Question {
  readonly operation: string;
  readonly sample: Sample;
  readonly org: SampleOrg;
}

async function checkRow({
  expected,
  ...question
}: Question & { readonly expected: typeof expectedOwn }): Promise<void> {
  const outcomes = CALLERS.map(async (caller) => [caller, await outcomeOf({ ...question, caller })]);
  const wanted = CALLERS.map((caller) => [caller, expected(caller, question.sample)]);
  assert.equal(Object.fromEntries(await Promise.all(outcomes)), Object.fromEntries(wanted));
}

async function outcomeOf(question: Question & { readonly caller: CallerName }): Promise<unknown> {
  const { status, text } = await ask(question);
  const { caller, org, sample } = question;
  const isOfAcme = caller.startsWith('org ') || caller.startsWith('project ') || caller.startsWith('env ');
  if (isOfAcme && org === acme && text.includes('globex')) return `tells of globex: ${text}`;
  if (status === sample.allowed) return 'allowed';
  return status === 401 || status === 403 || status === 404 ? status : `${status} ${text}`;
}

async function ask({
  operation,
  sample,
  caller,
  org,
}: Question & { readonly caller: CallerName }): Promise<Answered> {
  const [method = 'GET'] = operation.split(' ');
  const body = sample.body?.(org);
  return server.ask(sample.path(org), {
    method,
    ...(body === undefined ? {} : { body }),
    headers: { ...(sample.allowed === 412 ? NO_BLOB : {}), ...(await headersOf(caller)) },
  });
}

/** An error may say what was asked for. */
function withoutNames({ text, headers }: Answered, org: SampleOrg): object {
  const names = Object.values(org).sort((one, other) => other.length - one.length);
  const told = names.reduce((rest, name) => rest.replaceAll(name, '…'), text);
  return { told, headers: Object.keys(headers).sort() };
}

/** A commit that changes one flag, served. */
async function commitTo(org: string): Promise<string> {
  const path = `flags/${org}/web-app/flags/banner.yaml`;
  const commit = await server.repository.commit({ [path]: `name: Banner\n${MATRIX_FILES[path]}` });
  const token = await tokenOf({ superAdmin: true });
  await server.ask(`/api/v1/feature-flags/load/${org}`, { method: 'POST', token });
  return commit;
}

test.run();
