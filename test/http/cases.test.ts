import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { formatProblem, type Problem } from '../../src/model/problem.js';
import { type Case, type CaseFile, loadCaseFiles } from '../support/cases.js';
import type { Files } from '../support/git.js';
import { serveFiles, type TestServer } from '../support/http.js';

/** The cases of the core, asked again over OFREP of a repository that is written from them: one project for each file. */
const test = suite('cases over OFREP');
const files = [...loadCaseFiles()].filter(([, file]) => file.live !== false);
let server: TestServer;

test.before(async () => {
  server = await serveFiles(
    Object.assign({}, ...files.map(([name, file]) => filesOf(projectOf(name), file))),
  );
});
test.after(() => server.close());

test('the files of the cases are without errors: all of them are served', async () => {
  const { problems } = (await server.ask('/health')).body as { problems: readonly Problem[] };
  assert.equal(problems.filter((problem) => problem.severity === 'error').map(formatProblem), []);
});

for (const [name, file] of files) {
  for (const one of file.cases) {
    test(`${file.title}: ${one.title} (${file.source})`, async () => {
      const environment = one.environment ?? defaultEnvironmentOf(file);
      const path = `/orgs/cases/projects/${projectOf(name)}/environments/${environment}/ofrep/v1/evaluate/flags/${one.flag}`;
      const { status, body } = await server.ask(path, { body: { context: one.context } });
      const { metadata, ...answer } = body as { metadata?: Record<string, unknown> };
      const { revision: _, ...facts } = metadata ?? {};
      assert.equal({ status, ...answer, metadata: facts }, expected(one));
    });
  }
}

/** The core may be asked with any name of an attribute; the door refuses those that every object inherits (RELIABILITY 3). */
function expected({ flag, context, expect }: Case): object {
  if (Object.hasOwn(context, 'constructor')) {
    const errorDetails = 'the body: a property may not be named constructor';
    return { status: 400, key: flag, errorCode: 'INVALID_CONTEXT', errorDetails, metadata: {} };
  }
  const { kind, variant, value, reason, metadata = {} } = expect;
  if (kind === 'missing') {
    return {
      status: 404,
      key: flag,
      errorCode: 'FLAG_NOT_FOUND',
      errorDetails: 'there is no such flag',
      metadata,
    };
  }
  const found = { status: 200, key: flag, reason, metadata };
  return variant === undefined ? found : { ...found, variant, value };
}

function projectOf(name: string): string {
  return name.replace(/\.yaml$/, '').replace(/[^a-z0-9]+/g, '-');
}

function defaultEnvironmentOf({ project }: CaseFile): string {
  const keys = project?.environments.map((one) => (typeof one === 'string' ? one : one.key)) ?? [
    'production',
  ];
  return project?.defaultEnvironment ?? (keys.includes('production') ? 'production' : (keys.at(-1) ?? ''));
}

function filesOf(project: string, file: CaseFile): Files {
  const folder = `flags/cases/${project}`;
  const folders = { flags: file.flags, segments: file.segments ?? {}, overrides: file.overrides ?? {} };
  const parts = Object.entries(folders).flatMap(([name, entries]) =>
    Object.entries(entries).map(([key, value]) => [
      `${folder}/${name}/${key}.yaml`,
      stringify(value, { aliasDuplicateObjects: false }),
    ]),
  );
  return {
    'flags/cases/org.yaml': 'name: Cases\n',
    [`${folder}/project.yaml`]: stringify(file.project ?? { environments: ['production'] }),
    ...Object.fromEntries(parts),
  };
}

test.run();
