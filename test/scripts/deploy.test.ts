import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import semver from 'semver';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, parseAllDocuments } from 'yaml';
import { startServer } from '../../src/server.js';
import { committedRepository } from '../cli/run.js';
import { temporaryFolder } from '../support/git.js';

const test = suite('scripts/deploy');
const run = promisify(execFile);
const FOLDER = 'scripts/deploy';
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** One instruction of a Dockerfile. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** As Docker reads it: comments go, and a backslash joins lines. */
function instructions(text: string): readonly Instruction[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const joined = lines.join('\n').replaceAll('\\\n', ' ').split('\n');
  return joined
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: rest };
    });
}

const dockerfile = instructions(read('Dockerfile'));
const texts = (name: string): readonly string[] =>
  dockerfile.filter((each) => each.name === name).map(({ text }) => text);
const last = (name: string): string => texts(name).at(-1) ?? '';

/** The objects of the manifest, by kind. */
type Manifest = { readonly kind: string; readonly metadata: { readonly name: string } } & Record<
  string,
  unknown
>;
const manifests = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS() as Manifest);

test('the image is of a Node that the package allows, and does not run as root', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  for (const from of texts('FROM')) {
    const [, major] = /^node:(\d+)-/.exec(from) ?? [];
    assert.ok(semver.satisfies(`${major}.999.0`, engines.node), from);
  }
  assert.match(last('USER'), /^[1-9]\d*:[1-9]\d*$/);
});

test('what the image copies is there, and is not ignored', () => {
  const allowed = read('Dockerfile.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []));
  const sources = texts('COPY')
    .filter((text) => !text.startsWith('--from'))
    .flatMap((text) => text.split(/\s+/).slice(0, -1));
  assert.ok(sources.length > 0);
  for (const source of sources) assert.ok(existsSync(source) && allowed.includes(source), source);
  assert.equal([...sources].sort(), [...allowed].sort());
});

test('the image starts the program, and SIGTERM reaches it', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly bin: { readonly flagstaff: string };
  };
  assert.equal(JSON.parse(last('ENTRYPOINT')), ['tini', '--', 'node', '--no-memory-reducer', bin.flagstaff]);
  assert.equal(JSON.parse(last('CMD')), ['serve']);
});

test('its health check passes beside a server, and fails without', async () => {
  const text = last('HEALTHCHECK');
  const [program = '', ...words] = JSON.parse(text.slice(text.indexOf('['))) as readonly string[];
  const check = (port: string) =>
    run(program, words, { env: { ...process.env, FLAGSTAFF_PORT: port } }).then(
      () => 0,
      () => 1,
    );
  const { dir } = await committedRepository();
  const server = await startServer({ repo: dir, port: 0, host: '0.0.0.0', log: () => undefined });
  const { port } = new URL(server.url);
  try {
    await server.ready;
    assert.is(await check(port), 0);
  } finally {
    await server.close();
  }
  assert.is(await check(port), 1);
});

test('every variable that is set is one that the program reads', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const known = new Set(
    sources.flatMap((name) => readFileSync(join('src', name), 'utf8').match(/FLAGSTAFF_[A-Z_]+/g) ?? []),
  );
  for (const name of readdirSync(FOLDER)) {
    for (const variable of read(name).match(/FLAGSTAFF_[A-Z_]+/g) ?? [])
      assert.ok(known.has(variable.replace(/_FILE$/, '')), `${name}: ${variable}`);
  }
});

test('the pods run without root, rights and a file system to write to; probes ask health and ready', () => {
  const set = manifests.find(({ kind }) => kind === 'StatefulSet');
  const spec = podOf(set);
  assert.equal([spec.securityContext.runAsNonRoot, spec.automountServiceAccountToken], [true, false]);
  assert.is(`${spec.securityContext.runAsUser}:${spec.securityContext.runAsGroup}`, last('USER'));
  for (const container of spec.containers) {
    const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext;
    assert.equal(
      [allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities],
      [false, true, { drop: ['ALL'] }],
    );
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    assert.equal(
      probes.map(({ httpGet }) => httpGet.path),
      ['/health', '/health', '/ready'],
    );
    assert.ok(container.volumeMounts.some(({ mountPath }) => mountPath === last('VOLUME')));
  }
});

interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: {
    readonly runAsNonRoot: boolean;
    readonly runAsUser: number;
    readonly runAsGroup: number;
  };
  readonly containers: readonly Container[];
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Container {
  readonly securityContext: Readonly<
    Record<'allowPrivilegeEscalation' | 'readOnlyRootFilesystem' | 'capabilities', unknown>
  >;
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}

function podOf(set: Manifest | undefined): Pod {
  return (set as unknown as { readonly spec: { readonly template: { readonly spec: Pod } } }).spec.template
    .spec;
}

test('services and budgets select the pods, and the set names its service', () => {
  const labels = { 'app.kubernetes.io/name': 'flagstaff' };
  const set = manifests.find(({ kind }) => kind === 'StatefulSet') as unknown as {
    readonly spec: {
      readonly serviceName: string;
      readonly selector: object;
      readonly template: { readonly metadata: object };
    };
  };
  assert.equal([set.spec.selector, set.spec.template.metadata], [{ matchLabels: labels }, { labels }]);
  const services = manifests.filter(({ kind }) => kind === 'Service');
  assert.ok(services.some(({ metadata }) => metadata.name === set.spec.serviceName));
  for (const service of services)
    assert.equal((service.spec as { readonly selector: object }).selector, labels);
});

test('compose mounts what is written to, and nothing else can be', () => {
  const { services } = parse(read('compose.yaml')) as {
    readonly services: { readonly flagstaff: Record<string, unknown> };
  };
  const { read_only, cap_drop, volumes, secrets } = services.flagstaff;
  assert.equal(
    [read_only, cap_drop, volumes, secrets],
    [true, ['ALL'], [`clone:${last('VOLUME')}`], ['remote']],
  );
});

/** Undefined where the tool is there; else the reason for which a check is left out, which is printed. */
function missing(tool: string, ...words: readonly string[]): boolean {
  const isMissing = spawnSync(tool, words, { stdio: 'ignore' }).status !== 0;
  if (isMissing) console.log(`left out: \`${[tool, ...words].join(' ')}\` does not work here`);
  return isMissing;
}

if (!missing('kubectl', 'version', '--client')) {
  test('kubectl reads the manifests (kustomize)', async () => {
    const folder = temporaryFolder();
    copyFileSync(join(FOLDER, 'kubernetes.yaml'), join(folder, 'kubernetes.yaml'));
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [kubernetes.yaml]\n');
    const { stdout } = await run('kubectl', ['kustomize', folder]);
    const built = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
    const named = (list: readonly Manifest[]) =>
      list.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    assert.equal(named(built), named(manifests));
  });
}

if (!missing('systemd-analyze', '--version')) {
  test('systemd reads the unit, and finds it well locked up', async () => {
    const unit = join(temporaryFolder(), 'flagstaff.service');
    writeFileSync(unit, read('flagstaff.service').replace('/usr/bin/node', process.execPath));
    const { stdout, stderr } = await run('systemd-analyze', ['verify', unit]);
    assert.is(stdout + stderr, '');
    // 0 is best, 100 worst; above 20 it ends with 1.
    await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', '--no-pager', unit]);
  });
}

if (!missing('docker', 'buildx', 'version') && !missing('docker', 'info')) {
  test('docker finds nothing to warn of in the Dockerfile', async () => {
    await run('docker', ['build', '--check', '-f', join(FOLDER, 'Dockerfile'), '.']);
  });
}

if (!missing('docker', 'compose', 'version')) {
  test('docker compose reads its file', async () => {
    await run('docker', ['compose', '-f', join(FOLDER, 'compose.yaml'), 'config', '--quiet']);
  });
}

test.run();
