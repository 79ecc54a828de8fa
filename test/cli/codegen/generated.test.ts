import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature, type Provider } from '@openfeature/server-sdk';
import { InMemoryProvider, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer } from '../../support/http.js';
import { flagsRepository, run } from '../run.js';
import { folderWithSdks, mistakesIn, runModule } from './compile.js';
import { FLAGS_OF_KINDS } from './flags.js';

const test = suite('generated code');
const FRAME = {
  'flags/acme/org.yaml': 'name: Acme\n',
  'flags/acme/web-app/project.yaml': 'environments: [development, production]\n',
};
const cwd = flagsRepository(FLAGS_OF_KINDS);
const empty = flagsRepository({ 'flags/acme/bare/project.yaml': 'environments: [production]\n' });
let server: TestServer;

test.before(async () => {
  server = await serveFiles({ ...FRAME, ...FLAGS_OF_KINDS });
});
test.after(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  await server.close();
});

/** An accessor as JavaScript sees it. */
interface Accessor {
  readonly key: string;
  readonly defaultValue?: unknown;
  value(...words: readonly unknown[]): unknown;
  details(...words: readonly unknown[]): unknown;
}

interface Generated {
  readonly FLAG_KEYS: readonly string[];
  createFlags(client: unknown): Readonly<Record<'theme' | 'region' | 'uploadLimits' | '2fa', Accessor>>;
}

async function generate(folder: string, ...words: readonly string[]): Promise<string> {
  const { code, out } = await run(['codegen', '--lang', 'ts', ...words], { cwd: folder });
  assert.is(code, 0);
  return `${out}\n`;
}

const USES = `import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as Web } from '@openfeature/web-sdk';
import { createFlags, type FlagKey, type FlagVariants } from './server.js';
import { createFlags as createWebFlags } from './web.js';

const flags = createFlags(OpenFeature.getClient());
const theme: 'classic' | "it's #7ac943" = await flags.theme.value({ targetingKey: 'u-1' });
const size: 10 | 100 = await flags.searchPageSize.value();
const region: 'eu' | 'us' = await flags.region.value('eu', { targetingKey: 'u-1' });
const { variant } = await flags.darkMode.details();
const name: FlagVariants['dark-mode'] | undefined = variant;
const limits = await flags.uploadLimits.value();
const bytes: number = limits.maxBytes;
const note: string | undefined = limits.note;
const key: FlagKey = flags['a-b'].key;
const webTheme: 'classic' | "it's #7ac943" = createWebFlags(Web.getClient()).theme.value();
console.log(theme, size, region, name, bytes, note, key, webTheme);
`;

const MISUSES = `import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as Web } from '@openfeature/web-sdk';
import { createFlags } from './server.js';
import { createFlags as createWebFlags } from './web.js';

const flags = createFlags(OpenFeature.getClient());
const size: boolean = await flags.searchPageSize.value();
const region = await flags.region.value('mars');
const missing = flags.darkMood;
const secret = createWebFlags(Web.getClient()).darkMode;
console.log(size, region, missing, secret, (await flags.theme.details()).variant === 'winter');
`;

test('the strictest compiler takes it, and finds what is misused (issue: checked with tsc)', async () => {
  const folder = folderWithSdks({
    'server.ts': await generate(cwd),
    'web.ts': await generate(cwd, '--sdk', 'web'),
    'empty.ts': await generate(empty, '--project', 'bare'),
    'uses.ts': USES,
    'misuses.ts': MISUSES,
  });
  const names = ['server.ts', 'web.ts', 'empty.ts', 'uses.ts', 'misuses.ts'];
  const lines = mistakesIn(folder, names).map((mistake) => mistake.split(': ')[0]);
  assert.equal(
    lines,
    [7, 8, 9, 10, 11].map((line) => `misuses.ts:${line}`),
  );
});

test('over the SDK of servers it gives what the server answers', async () => {
  const text = await generate(cwd);
  const generated = (await runModule(folderWithSdks({}), 'server', text)) as Generated;
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: server.url }) as Provider);
  const { theme, region, uploadLimits, '2fa': second } = generated.createFlags(OpenFeature.getClient());
  const context = { targetingKey: 'u-1' };
  assert.is(await theme.value(context), "it's #7ac943");
  assert.is(((await theme.details(context)) as { variant: string }).variant, 'spring');
  assert.is(await region.value('us', context), 'eu');
  assert.is(((await uploadLimits.value(context)) as { note: string }).note, 'big');
  assert.is(await second.value(context), false);
  assert.is(theme.defaultValue, 'classic');
});

test('over the SDK of browsers it gives values at once, of the flags that browsers may ask', async () => {
  const text = await generate(cwd, '--sdk', 'web');
  const generated = (await runModule(folderWithSdks({}), 'web', text)) as Generated;
  assert.equal(generated.FLAG_KEYS, ['region', 'theme']);
  await WebOpenFeature.setProviderAndWait(
    new InMemoryProvider({
      theme: { variants: { spring: "it's #7ac943" }, defaultVariant: 'spring', disabled: false },
    }),
  );
  const { theme, region } = generated.createFlags(WebOpenFeature.getClient());
  assert.is(theme.value(), "it's #7ac943");
  assert.is((theme.details() as { variant: string }).variant, 'spring');
  assert.is(region.value('us'), 'us');
});

test.run();
