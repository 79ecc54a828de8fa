import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FeatureContext, type Flagstaff, openFlagstaff } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { type Configured, configured, FEATURES } from './sample.js';

interface Opened extends Configured {
  flagstaff: Flagstaff;
}

const test = suite<Opened>('the order of evaluation');

test.before(async (context) => {
  Object.assign(context, await configured());
  context.flagstaff = await openFlagstaff({ repo: context.server.repository.dir });
});
test.after(async ({ flagstaff, server }) => {
  await flagstaff.close();
  await server.close();
});

const CALLER = { companyId: 'company-123', userId: 'user-456', email: 'user@example.com' };
const BY_USER = { userOverrides: ['user-456'] };
const BY_ADDRESS = { userOverrides: ['User@Example.com'] };
const BY_COMPANY = { companyOverrides: ['company-123'] };
const OTHERS = { userOverrides: ['user-1'], companyOverrides: ['company-1'] };
const WITH_USER = { includedUsers: ['user-456'] };
const WITH_COMPANY = { includedCompanies: ['company-123'] };
const WITH_OTHERS = { includedUsers: ['user-1'], includedCompanies: ['company-1'] };
const WITH_RULE = {
  rules: {
    operator: 'AND',
    conditions: [{ attribute: 'email', operator: 'ENDS_WITH', value: '@example.com' }],
  },
};

/** What is written over REST about one flag, and whether the caller has access then. */
interface Row {
  readonly title: string;
  readonly overrides?: object;
  /** The segment that is attached. */
  readonly segment?: object;
  /** A segment that nobody attached. */
  readonly loose?: object;
  readonly isEnabled: boolean;
  readonly context?: FeatureContext;
  readonly has: boolean;
}

const ROWS: readonly Row[] = [
  {
    title: '1: an overridden user id is allowed while the switch is off',
    overrides: BY_USER,
    isEnabled: false,
    has: true,
  },
  {
    title: '1: an overridden address, whatever its case',
    overrides: BY_ADDRESS,
    isEnabled: false,
    has: true,
  },
  { title: '1: an overridden company', overrides: BY_COMPANY, isEnabled: false, has: true },
  {
    title: '1 before 2: an override allows whom the attached segment excludes',
    ...{ overrides: BY_USER, segment: { ...WITH_COMPANY, excludedUsers: ['user-456'] } },
    ...{ isEnabled: false, has: true },
  },
  { title: '2: a user of an attached segment', segment: WITH_USER, isEnabled: false, has: true },
  { title: '2: a company of an attached segment', segment: WITH_COMPANY, isEnabled: false, has: true },
  { title: '2: a member by rule', segment: WITH_RULE, isEnabled: false, has: true },
  {
    title: '2: a segment allows whom no override names',
    ...{ overrides: OTHERS, segment: WITH_USER, isEnabled: false, has: true },
  },
  {
    title: '2: a segment that is not active is nobody',
    ...{ segment: { ...WITH_USER, isActive: false }, isEnabled: false, has: false },
  },
  {
    title: '2: who is excluded is no member, whatever else names them',
    ...{
      segment: { ...WITH_COMPANY, ...WITH_RULE, excludedUsers: ['user-456'] },
      isEnabled: false,
      has: false,
    },
  },
  {
    title: '2: a segment that is not attached allows nobody',
    loose: WITH_USER,
    isEnabled: false,
    has: false,
  },
  { title: '3: the switch allows everybody', isEnabled: true, has: true },
  {
    title: '3: overrides and segments of others take nothing away',
    overrides: OTHERS,
    isEnabled: true,
    has: true,
  },
  {
    title: '3: nor does a segment that excludes them',
    ...{ segment: { excludedUsers: ['user-456'] }, isEnabled: true, has: true },
  },
  { title: '3: a caller without any name', isEnabled: true, context: {}, has: true },
  {
    title: '4: nobody else is allowed',
    overrides: OTHERS,
    segment: WITH_OTHERS,
    isEnabled: false,
    has: false,
  },
  { title: '4: a caller without any name', overrides: BY_USER, isEnabled: false, context: {}, has: false },
  { title: '4: a new flag allows nobody', isEnabled: false, has: false },
];

for (const [index, { title, ...row }] of ROWS.entries()) {
  test(`002, step ${title}`, async ({ ask, put, flagstaff }) => {
    const id = `row_${index}`;
    const { segment, loose, overrides = {}, isEnabled, context = CALLER, has } = row;
    await ask(FEATURES, { body: { id, name: title } });
    if (segment !== undefined || loose !== undefined) {
      await ask('/api/platform/segments', { body: { key: id, name: title, ...(segment ?? loose) } });
    }
    if (segment !== undefined) await ask(`${FEATURES}/${id}/segments`, { body: { segmentId: id } });
    await put(`${FEATURES}/${id}`, { ...overrides, isEnabled });
    await isServed({ ask, flagstaff, sign: `${id}_is_written` });
    assert.is(flagstaff.isFeatureEnabled(id, context), has);
    const { body } = await ask(`/ofrep/v1/evaluate/flags/${id}`, { body: { context } });
    assert.is((body as { readonly value: unknown }).value, has);
  });
}

/** What is written last is seen last: once a flag that is on is seen, all that was written before it is. */
async function isServed({
  ask,
  flagstaff,
  sign,
}: Pick<Opened, 'ask' | 'flagstaff'> & { readonly sign: string }): Promise<void> {
  await ask(FEATURES, { body: { id: sign, name: sign, isEnabled: true } });
  await until(() => flagstaff.isFeatureEnabled(sign));
}

test.run();
