import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ask, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FILES } from './sample.js';

interface Place {
  server: TestServer;
  token: string;
}

const test = suite<Place>('http: authors');
const FLAG = '/api/v1/feature-flags/dark-mode';

test.before(async (place) => {
  place.server = await serveFiles(FILES);
  place.token = await tokenOf({ sub: 'u-123', email: 'marc@example.com', name: 'Marc' });
});
test.after(({ server }) => server.close());

/** What forges a header or a trailer of a commit where somebody pastes it into one. */
const INJECTIONS = [
  'fine\ncommitter Eve <eve@example.com> 0 +0000',
  'fine\n\nCo-authored-by: Eve <eve@example.com>',
  'fine\r\nFlagstaff-Force: nobody asked',
  'fine\u2028Flagstaff-Reason: forged',
  '\n\nauthor Eve <eve@example.com> 0 +0000\n\n',
  'fine\0Eve',
  '$(touch eve) `touch eve` ; touch eve',
  '--author=Eve <eve@example.com>',
];

/** The commit at the head: who made it, as git's own program reads it, and the names of its trailers. */
async function head({
  repository,
}: TestServer): Promise<{ readonly people: string; readonly trailers: string }> {
  const people = await repository.git('log', '-1', '--format=%an <%ae>, %cn <%ce>');
  return { people, trailers: await repository.git('log', '-1', '--format=%(trailers:only,unfold,keyonly)') };
}

async function writes({ server, token }: Place, path: string, question: Ask): Promise<void> {
  const { status } = await server.ask(path, { token, ...question });
  assert.ok([200, 201, 400, 422].includes(status), `${status}`);
  const { people, trailers } = await head(server);
  assert.ok(people === MARC || people === START, people);
  assert.ok(
    trailers.split('\n').every((name) => OWN_TRAILERS.includes(name)),
    trailers,
  );
}

/** Nobody here forces anything, and the first commit has none. */
const OWN_TRAILERS = ['Flagstaff-Org', 'Flagstaff-Change', 'Flagstaff-Reason', 'Flagstaff-User', ''];
const MARC = 'Marc <marc@example.com>, Flagstaff <flagstaff@flagstaff.invalid>';
/** Where the first of them was refused. */
const START = 'Marc <marc@example.com>, Marc <marc@example.com>';

for (const text of INJECTIONS) {
  test(`no text of a request forges who did it: ${JSON.stringify(text)} (P17)`, async (place) => {
    await writes(place, FLAG, { method: 'PUT', body: { description: text } });
    await writes(place, `${FLAG}/kill`, { body: { reason: text } });
    await writes(place, `${FLAG}/unkill`, { body: { reason: 'over' } });
    const changes = [
      { kind: 'flag.update', flag: 'dark-mode', patch: { owner: `team ${INJECTIONS.indexOf(text)}` } },
    ];
    await writes(place, '/api/v1/changes', { body: { org_id: 'acme', changes, message: text } });
    assert.is((await head(place.server)).people, MARC);
  });
}

test('a commit says by which subject of a token it was made, where that is not the address (P21)', async (place) => {
  const { server } = place;
  const subjectAfter = async (sub: string, description: string): Promise<string> => {
    const token = await tokenOf({ sub, email: 'marc@example.com', name: 'Marc' });
    const { status } = await server.ask(FLAG, { method: 'PUT', token, body: { description } });
    assert.is(status, 200);
    const format = '--format=%(trailers:key=Flagstaff-User,valueonly,separator=%x2C)';
    return server.repository.git('log', '-1', format);
  };
  assert.is(await subjectAfter('u-123', 'by its subject'), 'u-123');
  assert.is(await subjectAfter('marc@example.com', 'by its address'), '');
});

test('no field and no header of a request names another author (P17)', async (place) => {
  const eve = 'Eve <eve@example.com>';
  for (const field of ['author', 'committer', 'email', 'name', 'updated_by', 'createdBy']) {
    const { status } = await place.server.ask(FLAG, {
      method: 'PUT',
      token: place.token,
      body: { description: 'x', [field]: eve },
    });
    assert.is(status, 400, field);
  }
  for (const [number, name] of [
    'X-User',
    'X-Forwarded-User',
    'From',
    'X-Remote-User',
    'Git-Author-Name',
  ].entries()) {
    await writes(place, FLAG, {
      method: 'PUT',
      body: { description: `number ${number}` },
      headers: { [name]: eve },
    });
    assert.is((await head(place.server)).people, MARC, name);
  }
});

test('a commit is by who the token says, whatever name another token of theirs has (P17)', async ({
  server,
}) => {
  const token = await tokenOf({ sub: 'u-123', email: 'marc@example.com', name: 'Marc Example' });
  await server.ask(FLAG, { method: 'PUT', token, body: { description: 'by another name' } });
  assert.is(
    (await head(server)).people,
    'Marc Example <marc@example.com>, Flagstaff <flagstaff@flagstaff.invalid>',
  );
});

test.run();
