import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer, type TestGitServer } from '../../support/git-server.js';
import { MAIN, openClone, WAYS } from './remote-clone.js';

const test = suite<{ server: TestGitServer }>('repository/remote/transport-tip');
const PATIENCE_MS = 30_000;

test.before(async (context) => {
  context.server = await startGitServer({ files: { 'flags/acme/org.yaml': 'name: Acme\n' } });
});

test.after(({ server }) => server.close());

for (const way of WAYS) {
  test(`${way}: where a ref is can be asked without bringing it here`, async ({ server }) => {
    const { transport, test: clone } = await openClone(server, way);
    const tip = await transport.tipOf(MAIN, AbortSignal.timeout(PATIENCE_MS));
    assert.is(tip, await server.bare.git('rev-parse', 'main'));
    assert.is(await clone.git('for-each-ref'), '');
    assert.is(await clone.git('count-objects'), '0 objects, 0 kilobytes');
    assert.is(await transport.tipOf(`${MAIN}-2`, AbortSignal.timeout(PATIENCE_MS)), undefined);
  });

  test(`${way}: a host that does not answer is REMOTE_UNREACHABLE for that question too`, async ({
    server,
  }) => {
    const { transport } = await openClone(server, way);
    server.setFault({ kind: 'status', status: 500 });
    const error = await transport.tipOf(MAIN, AbortSignal.timeout(PATIENCE_MS)).catch((thrown) => thrown);
    server.setFault(undefined);
    assert.is(error.code, 'REMOTE_UNREACHABLE');
  });
}

test.run();
