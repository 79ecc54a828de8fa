import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ask, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { CHANGES, errorOf, FLAGS, RICH_FILES } from './change-sample.js';

const test = suite('bad change sets');
let server: TestServer;
let head: string;
let token: string;

test.before(async () => {
  server = await serveFiles(RICH_FILES);
  head = await server.repository.head();
  token = await tokenOf({ superAdmin: true });
});
test.after(() => server.close());

const KILL = { kind: 'flag.kill', flag: 'checkout' };
const UPDATE = { kind: 'flag.update', flag: 'checkout' };
const NAMES = { kind: 'override.delete', flag: 'checkout' };
const edits = (...list: readonly unknown[]) => ({ ...UPDATE, edits: list });

/** One change that is wrong, after one that is good, and the beginning of what is told about it. */
const CHANGES_CORPUS: readonly (readonly [unknown, string])[] = [
  [null, 'changes[1]: wanted an object'],
  [[], 'changes[1]: wanted an object'],
  [{}, 'changes[1].kind: wanted one of'],
  [{ kind: 'commit.revert', flag: 'checkout' }, 'changes[1].kind: wanted one of'],
  [{ kind: 'flag.restore', flag: 'checkout' }, 'changes[1].to: is missing'],
  [{ kind: 'commit.revert' }, 'changes[1].kind: wanted one of'],
  [{ kind: 'toString' }, 'changes[1].kind: wanted one of'],
  [{ ...KILL, patch: {} }, 'changes[1].patch: no such field'],
  [{ ...KILL, flags: 'x' }, 'changes[1].flags: no such field'],
  [{ kind: 'flag.kill' }, 'changes[1].flag: is missing'],
  [{ ...KILL, flag: 7 }, 'changes[1].flag: not in the grammar'],
  [{ ...KILL, flag: '../../x' }, 'changes[1].flag: not in the grammar'],
  [{ ...KILL, flag: '.git' }, 'changes[1].flag: not in the grammar'],
  [{ ...KILL, flag: 'con' }, 'changes[1].flag: not in the grammar'],
  [{ ...KILL, project: 'Web App' }, 'changes[1].project: not in the grammar'],
  [{ ...KILL, project: '..' }, 'changes[1].project: not in the grammar'],
  [{ ...KILL, environment: 'a/b' }, 'changes[1].environment: not in the grammar'],
  [{ ...KILL, ifMatch: 'abc' }, 'changes[1].ifMatch: wanted a blob id'],
  [{ ...KILL, ifMatch: null }, 'changes[1].ifMatch: wanted a blob id'],
  [{ kind: 'segment.delete', segment: '%2e' }, 'changes[1].segment: not in the grammar'],
  [{ kind: 'flag.create', flag: 'new' }, 'changes[1].file: is missing'],
  [{ kind: 'flag.create', flag: 'new', file: [] }, 'changes[1].file: wanted an object'],
  [{ kind: 'flag.create', flag: 'new', file: { name: '\ud800' } }, 'changes[1].file.name: half a character'],
  [UPDATE, 'changes[1]: wanted either patch or edits'],
  [{ ...UPDATE, patch: {}, edits: [] }, 'changes[1].edits: wanted a list of 1'],
  [{ ...UPDATE, patch: [] }, 'changes[1].patch: wanted an object'],
  [edits({ at: [], set: 1 }), 'changes[1].edits[0].at: wanted a list of 1'],
  [edits({ set: 1 }), 'changes[1].edits[0].at: is missing'],
  [edits({ at: ['a'] }), 'changes[1].edits[0]: wanted one of set, insert, remove'],
  [edits({ at: ['a'], set: 1, remove: true }), 'changes[1].edits[0]: wanted one of'],
  [edits({ at: ['a'], remove: false }), 'changes[1].edits[0].remove: wanted true'],
  [edits({ at: ['a'], insert: 1 }), 'changes[1].edits[0].insert: wanted a place that ends in a number'],
  [edits({ at: ['a', -1], set: 1 }), 'changes[1].edits[0].at[1]: wanted the name'],
  [edits({ at: ['a', 1.5], set: 1 }), 'changes[1].edits[0].at[1]: wanted the name'],
  [edits({ at: [''], set: 1 }), 'changes[1].edits[0].at[0]: wanted the name'],
  [edits({ at: ['__proto__', 'a'], set: 1 }), 'changes[1].edits[0].at[0]: no file has'],
  [edits({ at: ['constructor'], set: 1 }), 'changes[1].edits[0].at[0]: no file has'],
  [edits({ at: ['a'], set: 1, to: 2 }), 'changes[1].edits[0].to: no such field'],
  [edits({ at: ['a'], set: ['\udfff'] }), 'changes[1].edits[0].set[0]: half a character'],
  [{ kind: 'rule.delete', flag: 'checkout', rule: '' }, 'changes[1].rule: wanted text of 1 to 100'],
  [{ kind: 'rule.create', flag: 'checkout', rule: 'x' }, 'changes[1].rule: wanted an object'],
  [{ kind: 'rule.move', flag: 'checkout', rule: 'canary' }, 'changes[1].before: is missing'],
  [{ kind: 'rule.move', flag: 'checkout', rule: 'canary', before: 1 }, 'changes[1].before: wanted text'],
  [{ ...NAMES, names: [] }, 'changes[1].names: wanted a list of 1'],
  [{ ...NAMES, names: [{}] }, 'changes[1].names[0]: wanted either user or company'],
  [{ ...NAMES, names: [{ user: 'a', company: 'b' }] }, 'changes[1].names[0]: wanted either'],
  [{ ...NAMES, names: [{ user: '' }] }, 'changes[1].names[0].user: wanted text of 1 to 320'],
  [{ ...NAMES, names: ['u-1'] }, 'changes[1].names[0]: wanted an object'],
  [{ kind: 'tests.replace', flag: 'checkout', tests: {} }, 'changes[1].tests: wanted a list'],
];

for (const [change, told] of CHANGES_CORPUS) {
  const text = JSON.stringify(change);
  test(`${text.slice(0, 80)} is 400 with its place, and nothing is written (RELIABILITY 3)`, async () => {
    const body = { org_id: 'acme', changes: [KILL, change] };
    await refused({ path: CHANGES, ask: { body }, status: 400, told });
  });
}

const many = (count: number) => Array.from({ length: count }, () => KILL);
const set = (more: object) => ({ org_id: 'acme', changes: [KILL], ...more });

/** JSON may write a number that no file can hold; it is read as infinity. */
const HUGE = (
  [
    ['{"kind":"flag.update","flag":"limit","patch":{"variants":{"low":1e400}}}', 'patch.variants.low'],
    ['{"kind":"flag.update","flag":"limit","edits":[{"at":["a"],"set":[-1e400]}]}', 'edits[0].set[0]'],
    ['{"kind":"flag.create","flag":"new","file":{"metadata":{"a":1e400}}}', 'file.metadata.a'],
    ['{"kind":"override.create","flag":"limit","entry":{"serve":1e400}}', 'entry.serve'],
    ['{"kind":"rule.create","flag":"checkout","rule":{"percentage":1e400}}', 'rule.percentage'],
    ['{"kind":"tests.replace","flag":"checkout","tests":[{"at":1e400}]}', 'tests[0].at'],
  ] as const
).map(([change, place]) => [
  `{"org_id":"acme","changes":[${change}]}`,
  `changes[0].${place}: a number that is too large`,
]);

/** Bodies and paths that are wrong as a whole. */
const CORPUS: readonly { path: string; ask: Ask; status: number; told: string }[] = [
  ...(
    [
      [undefined, 'changes: is missing'],
      [{ changes: [] }, 'changes: wanted a list of 1 to 200'],
      [{ changes: {} }, 'changes: wanted a list'],
      [{ org_id: 'acme', changes: many(201) }, 'changes: wanted a list of 1 to 200'],
      [set({ colour: 1 }), 'colour: no such field'],
      [set({ org_id: 1 }), 'org_id: wanted text'],
      [set({ org_id: '../x' }), 'the organization: neither'],
      [set({ dryRun: 'yes' }), 'dryRun: wanted true or false'],
      [set({ message: 7 }), 'message: wanted text'],
      [set({ message: 'x'.repeat(5001) }), 'message: wanted text of 0 to 5000'],
      [set({ message: 'a\u0000b' }), 'the message has control characters'],
      [set({ reason: '' }), 'reason: wanted one line'],
      [set({ reason: 'a\nb' }), 'reason: wanted one line'],
      [set({ reason: 'x'.repeat(501) }), 'reason: wanted one line'],
      [set({ force: true }), 'force: wanted an object'],
      [set({ force: {} }), 'force.reason: is missing'],
      [set({ force: { reason: ' ' } }), 'force.reason: wanted one line'],
      [set({ force: { reason: 'a', by: 'b' } }), 'force.by: no such field'],
      ['{"changes":[{"__proto__":{}}]}', 'the body: a property may not be named __proto__'],
      ...HUGE,
      [
        {
          org_id: 'acme',
          changes: Array.from({ length: 3 }, () => edits(...Array(200).fill({ at: ['a'], set: 1 }))),
        },
        'changes: wanted at most 500 edits',
      ],
    ] as const
  ).map(([body, told]) => ({ path: CHANGES, ask: { method: 'POST', body }, status: 400, told })),
  {
    path: CHANGES,
    ask: { body: { org_id: 'acme', changes: [KILL, KILL] }, headers: { 'If-Match': '"x"' } },
    status: 400,
    told: 'If-Match',
  },
  ...[
    'limit=0',
    'limit=101',
    'offset=-1',
    'offset=x',
    'flag=..',
    'project=A',
    'author=a%20b',
    'limit=1&limit=2',
  ].map((query) => ({
    path: `${CHANGES}?org_id=acme&${query}`,
    ask: {},
    status: 400,
    told: query.split('=')[0] ?? '',
  })),
  { path: `${CHANGES}?page=1`, ask: {}, status: 400, told: 'there is no query parameter' },
  ...(
    [
      ['..%2f..%2fconfig', 400, 'the revision: wanted a commit'],
      ['%00', 400, 'the revision: wanted a commit'],
      ['-x', 400, 'the revision: wanted a commit'],
      ['HEAD~10001', 400, 'the revision: more than 10000 commits back'],
      ['abc', 404, 'commit abc: not found in this history'],
      ['g'.repeat(40), 404, `commit ${'g'.repeat(40)}: not found`],
      ['HEAD~7', 404, 'commit HEAD~7: not found'],
    ] as const
  ).flatMap(([commit, status, told]) => [
    { path: `${CHANGES}/${commit}?org_id=acme`, ask: {}, status, told },
    { path: `${CHANGES}/${commit}/revert`, ask: { body: { org_id: 'acme' } }, status, told },
  ]),
  ...['kill', 'unkill'].flatMap((turn) =>
    (
      [
        [undefined, 'reason: is missing'],
        [{}, 'reason: is missing'],
        [{ reason: 7 }, 'reason: wanted one line'],
        [{ reason: 'a\r\nFlagstaff-Force: b' }, 'reason: wanted one line'],
        [{ reason: 'a', environment: '../x' }, 'environment: not in the grammar'],
        [{ reason: 'a', why: 'b' }, 'why: no such field'],
      ] as const
    ).map(([body, told]) => ({
      path: `${FLAGS}/checkout/${turn}`,
      ask: { method: 'POST', body },
      status: 400,
      told,
    })),
  ),
  ...(
    [
      [{}, 'to: is missing'],
      [{ to: '' }, 'to: wanted text of 1 to 250'],
      [{ to: 'HEAD', dryRun: true }, 'dryRun: no such field'],
      [{ to: 'HEAD', dry_run: 1 }, 'dry_run: wanted true or false'],
    ] as const
  ).map(([body, told]) => ({ path: `${FLAGS}/checkout/revert`, ask: { body }, status: 400, told })),
  ...['kill', 'unkill', 'revert'].map((verb) => ({
    path: `${FLAGS}/..%2fx/${verb}`,
    ask: { body: verb === 'revert' ? { to: 'HEAD' } : { reason: 'a' } },
    status: 400,
    told: 'the key: not in the grammar',
  })),
  ...['history', 'blame'].map((what) => ({
    path: `${FLAGS}/..%2fx/${what}`,
    ask: {},
    status: 400,
    told: 'the key: not in the grammar',
  })),
  {
    path: `${FLAGS}/nobody/kill?org_id=acme`,
    ask: { body: { reason: 'a' } },
    status: 404,
    told: 'flag nobody: not found',
  },
];

for (const one of CORPUS) {
  const text = one.ask.body === undefined ? '' : JSON.stringify(one.ask.body).slice(0, 60);
  test(`${one.path.slice(0, 80)} ${text} is ${one.status}, and nothing is written (RELIABILITY 3)`, () =>
    refused(one));
}

async function refused(asked: { path: string; ask: Ask; status: number; told: string }): Promise<void> {
  const answered = await server.ask(asked.path, { token, ...asked.ask });
  assert.is(answered.status, asked.status, answered.text);
  assert.is(errorOf(answered).message.slice(0, asked.told.length), asked.told);
  assert.is(await server.repository.head(), head);
  assert.equal(server.log, []);
}

test.run();
