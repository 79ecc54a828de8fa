import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { ACTION_FOLDER, type Runner, runStep } from './action-steps.js';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: string;
}

interface GivenComment {
  readonly body: string;
  readonly url: string;
  readonly html_url: string;
  readonly user: { readonly login: string };
}

/** What stands for GitHub: the token is the bot's, and may write comments or not. */
async function withGitHub(
  { comments, mayWrite }: { readonly comments: GivenComment[]; readonly mayWrite: boolean },
  use: (api: string, asked: readonly Asked[]) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { method, url } = request;
    const body = await bodyOf(request);
    asked.push({ method, url, body });
    response.setHeader('Content-Type', 'application/json');
    if (url === '/graphql') response.end('{"data":{"viewer":{"login":"github-actions[bot]"}}}');
    else if (method === 'GET') response.end(JSON.stringify(comments));
    else if (!mayWrite) response.writeHead(403).end('{}');
    else {
      const place = { url: `${addressOf(server)}/comments/7`, html_url: 'the comment' };
      const own = { ...place, body: JSON.parse(body).body, user: { login: 'github-actions[bot]' } };
      if (method === 'POST') comments.push(own);
      response.end(JSON.stringify(own));
    }
  });
  await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', fulfil));
  try {
    await use(addressOf(server), asked);
  } finally {
    server.close();
  }
}

/** The runner after a step that has written the report. */
function commenting(api: string): Runner {
  const temporary = temporaryFolder();
  const report = path.join(temporary, 'flagstaff-report.md');
  writeFileSync(report, 'dark-mode is on\n');
  const values = {
    'inputs.token': 'a-token',
    'github.event.pull_request.number': '12',
    'github.action_path': ACTION_FOLDER,
    'steps.report.outputs.file': report,
  };
  return { workspace: temporary, temporary, values, api };
}

test("one comment is written, and updated by the next run; somebody else's with the same mark stays", async () => {
  const place = { url: '/comments/1', html_url: 'none' };
  const comments = [
    { ...place, body: '<!-- flagstaff -->\nmine', user: { login: 'mallory' } },
    { ...place, body: '<!-- flagstaff --> and more', user: { login: 'github-actions[bot]' } },
  ];
  await withGitHub({ comments, mayWrite: true }, async (api, asked) => {
    for (const word of ['wrote', 'updated']) {
      const { status, out, err } = await runStep('Comment', commenting(api));
      assert.equal([status, out], [0, `${word} the comment\n`], err);
    }
    assert.equal(
      asked.filter(({ url }) => url !== '/graphql').map(({ method, url }) => `${method} ${url}`),
      [
        'GET /repos/acme/flags/issues/12/comments?per_page=100&page=1',
        'POST /repos/acme/flags/issues/12/comments',
        'GET /repos/acme/flags/issues/12/comments?per_page=100&page=1',
        'PATCH /comments/7',
      ],
    );
    const [written] = asked.filter(({ url }) => url?.endsWith('/comments'));
    assert.match(JSON.parse(written?.body ?? '{}').body, /^<!-- flagstaff -->\ndark-mode is on\n$/);
  });
});

test('a token that may not write, as in pull requests from forks, is a warning and stops nothing', async () => {
  await withGitHub({ comments: [], mayWrite: false }, async (api) => {
    const { status, out, err } = await runStep('Comment', commenting(api));
    assert.equal([status, out.split(':').slice(0, 3)], [0, ['', '', 'warning']], err);
    assert.match(out, '403');
  });
});

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

test.run();
