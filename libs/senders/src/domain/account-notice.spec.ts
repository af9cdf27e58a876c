import { describe, expect, it } from '@jest/globals';
import { type OtherItem, readFixture, splitNotification } from '#graph-api';
import { ACCOUNT_FIELDS, readAccountNotice } from './account-notice.js';

const NUMBER = 'number:15550100100';
const words = (field: string, raw: unknown) =>
  readAccountNotice(field, raw).map(({ subject, kind, value }) => `${subject} ${kind} ${value}`);

describe('what Meta tells of an account', () => {
  it.each([
    ['account_alert', ['account account_alert INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED']],
    ['account_deleted', ['account account_event ACCOUNT_DELETED']],
    ['account_review', ['account account_review APPROVED']],
    ['business_username', [`${NUMBER} username_status approved`, `${NUMBER} username example_shop`]],
    ['capability_250', ['account messaging_limit 250', 'account phone_numbers_limit 2']],
    ['capability_integer_legacy', ['account messaging_limit 2000', 'account phone_numbers_limit 25']],
    ['history_chunk', []],
    ['history_declined', ['id:800000000000001 history_sharing declined']],
    ['flows_status_change', ['flow:600000000000001 flow_event THROTTLED']],
    ['payment_configuration', ['account payment_configuration Needs Testing']],
    ['phone_name_approved', [`${NUMBER} name_status APPROVED`, `${NUMBER} verified_name Example Shop`]],
    ['phone_name_rejected', [`${NUMBER} name_status REJECTED`]],
    [
      'phone_quality_throughput',
      ['account messaging_limit unlimited', `${NUMBER} number_event THROUGHPUT_UPGRADE`, `${NUMBER} throughput 1000`],
    ],
    ['security_pin_changed', [`${NUMBER} security_event PIN_CHANGED`]],
  ])('in %s', (file, expected) => {
    const { field, raw } = splitNotification(readFixture('webhooks', `${file}.json`))[0] as OtherItem;
    expect(words(field, raw)).toEqual(expected);
  });

  it.each([
    ['FLAGGED', ['number_event FLAGGED', 'quality_flag FLAGGED']],
    ['UNFLAGGED', ['number_event UNFLAGGED', 'quality_flag UNFLAGGED']],
    ['UPGRADE', ['number_event UPGRADE']],
    ['DOWNGRADE', ['number_event DOWNGRADE']],
    ['ONBOARDING', ['number_event ONBOARDING']],
  ])('of quality by %s is a flag, where it is about quality at all', (event, expected) => {
    const raw = { display_phone_number: '15550100100', event, current_limit: 'TIER_100K' };
    expect(words('phone_number_quality_update', raw)).toEqual(expected.map((word) => `${NUMBER} ${word}`));
  });

  it('of history that is not shared says no more than that', () => {
    const history = [{ errors: [{ code: 2_593_109 }], threads: [{ messages: [{ text: { body: 'a secret' } }] }] }];
    const raw = { metadata: { phone_number_id: '8' }, history };
    expect(readAccountNotice('history', raw)).toEqual([
      { subject: 'id:8', kind: 'history_sharing', value: 'declined', details: { errors: [{ code: 2_593_109 }] } },
    ]);
    expect(readAccountNotice('history', { ...raw, history: [{ errors: [{ code: 1 }] }] })).toEqual([]);
  });

  it('of groups has a time of its own', () => {
    const groups = [{ group_id: 'g1', type: 'group_create', timestamp: '1790856000' }, { group_id: 'g2' }];
    expect(readAccountNotice('group_lifecycle_update', { groups })).toEqual([
      { subject: 'group:g1', kind: 'group_lifecycle', value: 'group_create', at: 1_790_856_000 },
    ]);
  });

  it.each(
    [...ACCOUNT_FIELDS, 'history'].flatMap((field) =>
      [null, 'x', [], {}, { event: 7 }].map((raw) => [field, raw] as const),
    ),
  )('in %s as %j is at most a word that Meta said', (field, raw) => {
    for (const notice of readAccountNotice(field, raw)) expect(notice.value).toBe('7');
  });

  it('without a number, or in another field, is nothing', () => {
    expect(readAccountNotice('security', { event: 'PIN_CHANGED' })).toEqual([]);
    expect(readAccountNotice('toString', { event: 'PIN_CHANGED' })).toEqual([]);
  });
});
