import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BETA,
  type Configured,
  changedLines,
  configured,
  FEATURES,
  FLAG_PATH,
  fileOf,
  objectOf,
  sentenceOf,
  WIDGET,
} from './sample.js';

const test = suite<Configured>('attached segments');

test.before.each(async (context) => {
  Object.assign(context, await configured());
});
test.after.each(({ server }) => server.close());

/** The ids of what is attached to the flag. */
async function attachedTo(ask: Configured['ask'], path = WIDGET): Promise<readonly string[]> {
  const { segments } = objectOf(await ask(path)) as unknown as { segments: readonly { segmentId: string }[] };
  return segments.map(({ segmentId }) => segmentId);
}

test('POST attaches a segment by its id: 200 with the ids of the seed (002)', async ({ ask, server }) => {
  const attached = await ask(`${WIDGET}/segments`, { body: { segmentId: 'seg-456' } });
  assert.is(attached.status, 200);
  const { id, ...rest } = objectOf(attached);
  assert.equal(rest, { featureFlagId: 'feedback_widget', segmentId: 'seg-456' });
  assert.match(String(id), /^ffs-[0-9A-Z]{16}$/);
  assert.equal(await changedLines(server), [
    '-    segments: [beta-testers]',
    '+    segments: [beta-testers, pros]',
  ]);
  const { segments } = objectOf(await ask(WIDGET));
  assert.equal((segments as readonly object[])[1], {
    id,
    segmentId: 'seg-456',
    segment: { id: 'seg-456', name: 'pros' },
  });
});

test('attaching again is answered the same, without a commit; the id of an attachment is stable', async ({
  ask,
  server,
}) => {
  const first = await ask(`${WIDGET}/segments`, { body: { segmentId: 'pros' } });
  const head = await server.repository.head();
  const again = await ask(`${WIDGET}/segments`, { body: { segmentId: 'seg-456' } });
  assert.equal([again.status, again.body], [200, first.body]);
  assert.is(again.headers['flagstaff-changed'], 'false');
  assert.is(await server.repository.head(), head);
  await ask(`${WIDGET}/segments/pros`, { method: 'DELETE' });
  const anew = await ask(`${WIDGET}/segments`, { body: { segmentId: 'pros' } });
  assert.equal(anew.body, first.body);
});

test('DELETE detaches by the id or key of the segment, or the id of the attachment: { success: true }', async ({
  ask,
  server,
}) => {
  const { id } = objectOf(await ask(`${WIDGET}/segments`, { body: { segmentId: 'pros' } }));
  for (const name of ['seg-456', 'pros', String(id)]) {
    await ask(`${WIDGET}/segments`, { body: { segmentId: 'pros' } });
    const gone = await ask(`${WIDGET}/segments/${name}`, { method: 'DELETE' });
    assert.equal([gone.status, gone.body], [200, { success: true }]);
    assert.equal(await attachedTo(ask), [BETA]);
  }
  await ask(`${WIDGET}/segments/${BETA}`, { method: 'DELETE' });
  assert.equal(await changedLines(server), ['-    segments: [beta-testers]']);
  const twice = await ask(`${WIDGET}/segments/${BETA}`, { method: 'DELETE' });
  assert.is(twice.status, 404);
  assert.is(sentenceOf(twice), 'segment beta-testers: not attached to flag feedback_widget in production');
});

test('the first attachment in an environment that the file does not name leaves the flag off there', async ({
  ask,
  server,
}) => {
  await ask(`${FEATURES}/plain/segments`, { body: { segmentId: BETA } });
  const { isEnabled } = objectOf(await ask(`${FEATURES}/plain`));
  assert.equal([isEnabled, await attachedTo(ask, `${FEATURES}/plain`)], [false, [BETA]]);
  assert.match(fileOf(server, 'flags/acme/web-app/flags/plain.yaml'), 'enabled: false');
});

test('a segment whose members get another variant is shown, and is not attached over: 409', async ({
  ask,
  server,
}) => {
  const text = fileOf(server).replace('[beta-testers]', '[{ segment: pros, serve: off }]');
  await server.repository.commit({ [FLAG_PATH]: text });
  await ask('/api/v1/feature-flags/load/acme', { method: 'POST' });
  assert.equal(await attachedTo(ask), ['seg-456']);
  const refused = await ask(`${WIDGET}/segments`, { body: { segmentId: 'pros' } });
  assert.is(refused.status, 409);
  assert.match(
    sentenceOf(refused),
    /^segment pros: is attached to feedback_widget in production for something else/,
  );
  assert.is(fileOf(server), text);
});

test('what is not there or no name is refused, with its place: 400, 404, 412', async ({ ask, server }) => {
  const head = await server.repository.head();
  const attach = (body: object, path = WIDGET) => ask(`${path}/segments`, { body });
  const refusals = [
    [await attach({}), 400, /^segmentId: is missing$/],
    [await attach({ segmentId: 7 }), 400, /^segmentId: /],
    [await attach({ segmentId: 'a b' }), 400, /^the segment: neither an id nor a key$/],
    [await attach({ segmentId: 'pros', flag: 'x' }), 400, /^flag: no such field/],
    [await attach({ segmentId: 'nobody' }), 404, /^segment nobody: not found/],
    [await attach({ segmentId: 'pros' }, `${FEATURES}/nothing`), 404, /^flag nothing: not found/],
    [
      await attach({ segmentId: 'pros' }, `${FEATURES}/theme`),
      409,
      /^flag theme: has no variant that is access/,
    ],
    [await ask(`${WIDGET}/segments/nobody`, { method: 'DELETE' }), 404, /^segment nobody: not found/],
    [
      await ask(`${WIDGET}/segments/${BETA}`, { method: 'DELETE', headers: { 'If-Match': '"0"' } }),
      412,
      /is not as the request expects/,
    ],
  ] as const;
  for (const [refused, status, sentence] of refusals) {
    assert.is(refused.status, status, refused.text);
    assert.match(sentenceOf(refused), sentence);
  }
  assert.is(await server.repository.head(), head);
});

test.run();
