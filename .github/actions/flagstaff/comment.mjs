import { readFileSync } from 'node:fs';

/**
 * Writes the report into one comment of the pull request: the one that an earlier run wrote, else a new one. GITHUB_TOKEN
 * must be allowed to write pull requests; GITHUB_API_URL and GITHUB_REPOSITORY are the runner's own.
 */
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST, REPORT } = process.env;

/** What the comment is found by; nobody sees it. */
const MARK = '<!-- flagstaff -->';
/** GitHub takes no more than 65,536 characters. */
const MOST_CHARACTERS = 65_000;
const PAGE = 100;

const comments = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${PULL_REQUEST}/comments`;

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
  if (!response.ok)
    throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${response.statusText}`);
  return response.json();
}

async function findComment() {
  for (let page = 1; ; page += 1) {
    const found = await ask(`${comments}?per_page=${PAGE}&page=${page}`, 'GET');
    const own = found.find((comment) => comment.body?.startsWith(MARK));
    if (own !== undefined || found.length < PAGE) return own;
  }
}

function bodyOf(report) {
  const whole = `${MARK}\n${report}`;
  if (whole.length <= MOST_CHARACTERS) return whole;
  const kept = whole.slice(0, MOST_CHARACTERS);
  return `${kept.slice(0, kept.lastIndexOf('\n'))}\n\nThe rest is in the summary of the run.\n`;
}

const body = bodyOf(readFileSync(REPORT, 'utf8'));
const known = await findComment();
const written =
  known === undefined ? await ask(comments, 'POST', { body }) : await ask(known.url, 'PATCH', { body });
console.log(`${known === undefined ? 'wrote' : 'updated'} ${written.html_url}`);
