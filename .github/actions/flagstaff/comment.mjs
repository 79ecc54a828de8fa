import { readFileSync } from 'node:fs';

/**
 * Writes the report into one comment of the pull request: the one that an earlier run wrote, else a new one. A
 * GITHUB_TOKEN that may not write pull requests, as those of forks, is told and stops nothing. GITHUB_API_URL,
 * GITHUB_GRAPHQL_URL and GITHUB_REPOSITORY are the runner's own.
 */
const { GITHUB_API_URL, GITHUB_GRAPHQL_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST, REPORT } =
  process.env;

/** What the comment is found by; nobody sees it. */
const MARK = '<!-- flagstaff -->';
/** GitHub takes no more than 65,536 characters. */
const MOST_CHARACTERS = 65_000;
const PAGE = 100;
/** The token is none, or may not do that. */
const REFUSED = [401, 403];

const comments = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${PULL_REQUEST}/comments`;

class Refusal extends Error {}

async function ask(url, method, body) {
  const response = await fetch(url, {
    method,
    headers: {
      Accept: 'application/vnd.github+json',
      Authorization: `Bearer ${GITHUB_TOKEN}`,
      'Content-Type': 'application/json',
      'User-Agent': 'flagstaff',
      'X-GitHub-Api-Version': '2022-11-28',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response.json();
  const message = `${method} ${new URL(url).pathname}: ${response.status} ${response.statusText}`;
  throw REFUSED.includes(response.status) ? new Refusal(message) : new Error(message);
}

/** Anybody may write the mark, so only what the owner of the token wrote counts. */
async function findComment() {
  const { data } = await ask(GITHUB_GRAPHQL_URL, 'POST', { query: '{ viewer { login } }' });
  const login = data?.viewer?.login;
  if (login === undefined) throw new Refusal('nothing says whose token it is');
  const isOwn = ({ body, user }) => user?.login === login && body?.split(/\r?\n/, 1)[0] === MARK;
  for (let page = 1; ; page += 1) {
    const found = await ask(`${comments}?per_page=${PAGE}&page=${page}`, 'GET');
    const own = found.find(isOwn);
    if (own !== undefined || found.length < PAGE) return own;
  }
}

function bodyOf(report) {
  const whole = `${MARK}\n${report}`;
  if (whole.length <= MOST_CHARACTERS) return whole;
  const kept = whole.slice(0, MOST_CHARACTERS);
  return `${kept.slice(0, kept.lastIndexOf('\n'))}\n\nThe rest is in the summary of the run.\n`;
}

async function comment() {
  const body = bodyOf(readFileSync(REPORT, 'utf8'));
  const known = await findComment();
  const written =
    known === undefined ? await ask(comments, 'POST', { body }) : await ask(known.url, 'PATCH', { body });
  return `${known === undefined ? 'wrote' : 'updated'} ${written.html_url}`;
}

try {
  console.log(await comment());
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.log(
    `::warning::No comment: the token may not write it (${error.message}), as in pull requests from forks. The summary has it all.`,
  );
}
