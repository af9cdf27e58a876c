import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { keepToldFacts } from '#senders';
import { type ApiApp, SENDER, startApi } from './api-app.js';

let api: ApiApp;
let database: Database;
beforeAll(async () => {
  api = await startApi();
  database = api.app.get(Database);
}, 60_000);
afterAll(() => api.close());

const limits = (id = SENDER, key?: string) =>
  api.call('GET', `/v1/senders/${id}/limits`, key === undefined ? {} : { key });

describe('the limits of a sender', () => {
  it('that Meta told nothing of are the defaults', async () => {
    expect(await limits()).toMatchObject({
      status: 200,
      body: {
        messagingLimit: { isKnown: false, users: null, usersLast24h: null, usersLeft: null, knownAt: null },
        throughput: { perSecond: 80, knownAt: null },
        quality: { rating: null, ratingSeenAt: null, isFlagged: null, flagKnownAt: null },
        current: [],
        history: [],
      },
    });
  });

  it('are shown with what is left of them, and with their history', async () => {
    const at = new Date('2026-10-01T12:00:00Z');
    const fact = { wabaId: '900000000000001', subject: 'account', at };
    await database.transaction((tx) =>
      keepToldFacts(tx, [
        { ...fact, kind: 'messaging_limit', value: '250', details: { max: 'TIER_250' } },
        { ...fact, kind: 'quality_flag', value: 'FLAGGED', subject: `id:${SENDER}` },
        { ...fact, kind: 'account_event', value: 'ACCOUNT_VIOLATION', at: new Date(at.getTime() + 1_000) },
      ]),
    );
    await database.query({ name: '', sql: `INSERT INTO portfolio_limit SELECT portfolio_id, 250, $1 FROM waba` }, [at]);
    await database.query(
      { name: '', sql: `INSERT INTO portfolio_user SELECT portfolio_id, '15550100001', now() FROM waba` },
      [],
    );
    const { body } = await limits();
    expect(body).toMatchObject({
      messagingLimit: { isKnown: true, users: 250, usersLast24h: 1, usersLeft: 249, knownAt: at.toISOString() },
      quality: { rating: null, ratingSeenAt: null, isFlagged: true, flagKnownAt: at.toISOString() },
      history: [
        { kind: 'account_event', value: 'ACCOUNT_VIOLATION', about: 'account', source: 'webhook' },
        { kind: 'messaging_limit', value: '250', knownAt: at.toISOString(), details: { max: 'TIER_250' } },
        { kind: 'quality_flag', value: 'FLAGGED', about: 'number' },
      ],
    });
  });

  it.each([['800000000000404'], ['x']])('of %s, which is none, are not found', async (id) => {
    expect(await limits(id)).toMatchObject({ status: 404, body: { code: 'sender_not_found' } });
  });

  it('of a sender that the key may not use are not found', async () => {
    const { key } = await api.aKey({ scopes: ['senders'], senders: ['800000000000002'] });
    expect(await limits(SENDER, key)).toMatchObject({ status: 404, body: { code: 'sender_not_found' } });
  });
});
