import { readFileSync } from 'node:fs';
import { Failure } from '../model/failure.js';
import type { Asked, Content, Reply, Route } from './route.js';

/** Where the build puts the description and the page's files: beside the compiled program. */
const FOLDER = new URL('../../dist/reference/', import.meta.url);
const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** What the page is made of. Only what is named here is ever read. */
const FILES: Readonly<Record<string, { readonly type: string; readonly text?: string }>> = {
  'swagger-ui.css': { type: 'text/css; charset=utf-8' },
  'swagger-ui-bundle.js': { type: SCRIPT },
  'start.js': {
    type: SCRIPT,
    text: "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', deepLinking: true, validatorUrl: null });\n",
  },
};
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Flagstaff: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
/** The page is ours and asks this server alone; its style sheet and its pictures are partly written into it. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

/** The description of the API, and a page that shows it without asking anybody but this server. */
export function referenceRoutes(): readonly Route[] {
  return [
    { operation: 'GET /openapi.json', query: [], handle: () => sent(descriptionOf()) },
    {
      operation: 'GET /docs',
      query: [],
      handle: () => ({ ...sent({ type: HTML, bytes: Buffer.from(PAGE) }), headers: PAGE_HEADERS }),
    },
    { operation: 'GET /docs/:file', query: [], handle: sendFile },
  ];
}

function sendFile({ params }: Asked): Reply {
  const name = params.file ?? '';
  const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (file === undefined) throw new Failure('not-found', 'NOT_FOUND', 'there is nothing at this path');
  const { type, text } = file;
  return sent({ type, bytes: text === undefined ? built(name) : Buffer.from(text) });
}

function descriptionOf(): Content {
  return { type: 'application/json; charset=utf-8', bytes: built('openapi.json') };
}

const kept = new Map<string, Buffer>();

/** A file of the build, read once. */
function built(name: string): Buffer {
  const known = kept.get(name) ?? readFileSync(new URL(name, FOLDER));
  kept.set(name, known);
  return known;
}

function sent(content: Content): Reply {
  return { status: 200, content };
}
