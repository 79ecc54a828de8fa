import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withSwitchesOf } from '../../src/changes/kill-switch.js';
import type { FlagFile } from '../../src/model/flag.js';

const test = suite('the switches of the version that is served');

const TEXT = `environments:
  staging: { enabled: true, killed: true } # quiet
  production: { enabled: true } # live
`;

function switched(environments: FlagFile['environments']): string {
  return withSwitchesOf({ environments }, { path: 'flags/acme/web-app/flags/a.yaml', text: TEXT });
}

test('a switch that was set or released since the text was written is so in the text; all else stays', () => {
  const on = { enabled: true };
  const off = { enabled: true, killed: true };
  assert.is(switched({ staging: off, production: on }), TEXT);
  assert.is(switched({ staging: off, production: { ...on, killed: false } }), TEXT);
  assert.is(
    switched({ staging: on, production: off }),
    `environments:
  staging: { enabled: true } # quiet
  production: { enabled: true, killed: true } # live
`,
  );
  assert.is(switched({ production: on }), TEXT.replace(', killed: true', ''));
  assert.is(
    switched({ staging: off, development: { enabled: false, killed: true } }),
    `${TEXT}  development: { enabled: false, killed: true }
`,
  );
});

test.run();
