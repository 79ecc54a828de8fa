/** One folder of `src/`: how high it stands, and the packages that may be imported there and nowhere above or below. */
interface Layer {
  readonly folder: string;
  readonly packages: readonly string[];
}

/** From the top down: a file imports from its own layer or from one above it. The files of `src/` itself stand below all. */
export const LAYERS: readonly Layer[] = [
  { folder: 'model', packages: [] },
  { folder: 'evaluation', packages: ['re2js', 'semver'] },
  { folder: 'files', packages: ['yaml', 'ajv'] },
  { folder: 'changes', packages: ['diff', 'node-diff3'] },
  { folder: 'repository', packages: ['isomorphic-git', 'chokidar'] },
  {
    folder: 'http',
    packages: [
      'koa',
      '@koa/router',
      'jose',
      'rate-limiter-flexible',
      'prom-client',
      'pino',
      '@opentelemetry/api',
    ],
  },
  { folder: 'cli', packages: ['commander', '@modelcontextprotocol/server', 'zod'] },
];

/** The one file that may only pass on what others export: the package's public face. */
export const PUBLIC_FACE = 'src/index.ts';

/** Names that say nothing about what is in the file. */
export const EMPTY_NAME = /(?:^|-)(?:utils?|helpers?|common|misc|shared|services?|managers?)$/i;

/** What wires the layers together: the files of `src/` itself. */
const WIRING = LAYERS.length;

/** The rank of a file of `src/`, 0 at the top, or undefined where its folder is none of the layers. */
export function rankOf(file: string): number | undefined {
  const [source, folder, ...rest] = file.split('/');
  if (source !== 'src' || folder === undefined) return undefined;
  if (rest.length === 0) return WIRING;
  const rank = LAYERS.findIndex((layer) => layer.folder === folder);
  return rank === -1 ? undefined : rank;
}

/** What a rank is called in a sentence. */
export function rankName(rank: number): string {
  return rank === WIRING ? 'the wiring in src/' : `${LAYERS[rank]?.folder}/`;
}

/** The packages that files of this rank may import; the wiring none, it has the layers for that. */
export function packagesOf(rank: number): readonly string[] {
  return LAYERS[rank]?.packages ?? [];
}
