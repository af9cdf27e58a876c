import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aTemplate, aText, type MessageView } from './world/herald-api.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { recipients, SENDER, wabaOf } from './world/senders.js';
import { aStatus, aValue } from './world/webhook.js';
import { World } from './world/world.js';

/** What a message shows in the end, by what Meta reported of it. `times` are those that are known, `s`ent, `d`elivered, `r`ead. */
interface Ending {
  status: string | null;
  times: string;
  error?: number;
  /** Codes of what it warns of. */
  warnings?: string[];
}

const READ: Ending = { status: 'read', times: 'sdr' };
const DELIVERED: Ending = { status: 'delivered', times: 'sd' };

/** Recipient of a scenario of the simulator, and how its message must end. */
const SCENARIOS: [scenario: string, to: string, Ending][] = [
  ['plain', '+15550100101', READ],
  ['duplicated', '+15550160001', READ],
  ['out_of_order', '+15550160101', READ],
  ['no_statuses', '+15550160201', { status: null, times: '' }],
  ['no_delivered', '+15550160301', READ],
  ['never_read', '+15550160401', DELIVERED],
  ['no_sent', '+15550160501', READ],
  ['only_sent', '+15550160601', { status: 'sent', times: 's' }],
  ['only_read', '+15550160701', READ],
  ['status_before_answer', '+15550160801', READ],
  ['all_before_answer', '+15550160901', READ],
  ['late_statuses', '+15550161101', READ],
  ['deleted', '+15550162001', READ],
  ['warning', '+15550162101', { ...READ, warnings: ['warning'] }],
  ['played', '+15550162201', { status: 'played', times: 'sdr' }],
  ['failed_after_delivered', '+15550162301', { status: 'delivered', times: 'sd' }],
  ['delivered_after_failed', '+15550162401', { status: 'delivered', times: 'sd' }],
  ['unknown_status', '+15550162501', READ],
  ['no_callback_data', '+15550162601', READ],
  ['undeliverable', '+15550162701', { status: 'failed', times: '', error: 131026 }],
  ['failed_status', '+15550130410', { status: 'failed', times: '', error: 131049 }],
  ['sent_then_failed', '+15550140420', { status: 'failed', times: 's', error: 131050 }],
  ['wa_id_differs', '+15550153201', READ],
  ['replies_with_text', '+15550170001', READ],
];

describe('statuses in any order give the same row', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  describe('whatever Meta’s habits', () => {
    const views = new Map<string, MessageView>();
    beforeAll(async () => {
      const ids = await world.api.sendAll(SCENARIOS.map(([, to]) => aText(to)));
      await world.until(ids, "state = 'accepted'");
      await world.simulator.idle();
      await eventually(() => expectInvariants(world));
      for (const [index, [scenario]] of SCENARIOS.entries()) views.set(scenario, await world.api.message(ids[index]!));
    });

    it.each(SCENARIOS)('%s', (scenario, to, { status, times, error = null, warnings = [] }) => {
      const view = views.get(scenario)!;
      expect(view).toMatchObject({ to, state: 'accepted', status, attempts: 1, waitsFor: null });
      expect(view.warnings.map(({ code }) => code)).toEqual(warnings);
      expect(view.error?.code ?? null).toBe(error);
      const { sentAt, deliveredAt, readAt } = view;
      expect([sentAt && 's', deliveredAt && 'd', readAt && 'r'].filter(Boolean).join('')).toBe(times);
      expect(view.failedAt === null).toBe(status !== 'failed');
    });

    it('each message was sent once', async () => {
      await expectSentOnce(
        world,
        [...views.values()].map(({ id }) => id),
      );
    });

    it('a status that comes twice is one event', async () => {
      const { id } = views.get('duplicated')!;
      const statuses = (await world.api.timeline(id)).filter(({ kind }) => kind === 'status');
      expect(statuses.map(({ what }) => what).toSorted()).toEqual(['delivered', 'read', 'sent']);
    });

    it('a status that nobody knows yet is kept', async () => {
      const timeline = await world.api.timeline(views.get('unknown_status')!.id);
      expect(timeline.map(({ what }) => what)).toContain('pondered');
    });

    it('the answer of the customer names the message', async () => {
      const { waWamid } = views.get('replies_with_text')!;
      expect(await world.query('SELECT type FROM inbound_message WHERE context_wamid = $1', [waWamid])).toEqual([
        { type: 'text' },
      ]);
    });

    // The one that is dropped comes last: 132015 pauses its template for the messages after it.
    it.each<[string, string, Ending]>([
      ['held', '+15550153001', READ],
      ['template_paused_answer', '+15550153301', { status: null, times: '' }],
      ['held_then_dropped', '+15550153101', { status: 'failed', times: '', error: 132015 }],
    ])('a template that Meta holds for review: %s', async (_scenario, to, { status, error = null }) => {
      const id = await world.api.send(aTemplate(to, 'hello_customer'));
      await world.until([id], "state = 'accepted'");
      await world.simulator.idle();
      await eventually(async () => expect(await world.api.message(id)).toMatchObject({ status }));
      expect((await world.api.message(id)).error?.code ?? null).toBe(error);
    });
  });

  it('all 24 orders of four statuses, one of them twice', async () => {
    const orders = permutations(Object.keys(AT) as (keyof typeof AT)[]);
    const ids = await world.api.sendAll(recipients('01602', orders.length, 10).map((to) => aText(to)));
    await world.until(ids, "state = 'accepted'");
    const wamids = await Promise.all(ids.map(async (id) => (await world.api.message(id)).waWamid ?? ''));

    // In waves: the first status of every message is applied before any second one comes.
    for (const wave of [0, 1, 2, 3, 0]) {
      for (const [index, order] of orders.entries()) {
        await world.simulator.webhook(aWebhook(wamids[index]!, order[wave]!, wave));
      }
      await world.simulator.idle();
      await eventually(async () => expect(await world.query('SELECT * FROM inbox_work')).toEqual([]));
    }

    const rows = await world.query(
      `SELECT DISTINCT state, wa_rank, sent_at, delivered_at, read_at, played_at, failed_at, wa_error_code, deleted_at, error_code, attempt_no, burned
        FROM message WHERE id = ANY($1::uuid[])`,
      [ids],
    );
    expect(rows).toEqual([
      {
        state: 'accepted',
        wa_rank: 5,
        sent_at: new Date(AT.sent * 1_000),
        delivered_at: new Date(AT.delivered * 1_000),
        read_at: new Date(AT.read * 1_000),
        played_at: null,
        failed_at: new Date(AT.failed * 1_000),
        wa_error_code: 131026,
        deleted_at: null,
        error_code: null,
        attempt_no: 1,
        burned: 0,
      },
    ]);
    const events = `SELECT DISTINCT count(*)::int AS count FROM status_event WHERE message_id = ANY($1::uuid[]) GROUP BY message_id`;
    expect(await world.query(events, [ids])).toEqual([{ count: 4 }]);
  });
});

const NOW = Math.floor(Date.now() / 1_000);
const AT = { sent: NOW - 40, delivered: NOW - 30, read: NOW - 20, failed: NOW - 10 };

/** A webhook with one status, as Meta writes it. `wave` makes two of the same status two deliveries. */
const aWebhook = (wamid: string, status: keyof typeof AT, wave: number) => ({
  wabaId: wabaOf(SENDER),
  field: 'messages',
  value: aValue({
    statuses: [
      aStatus(wamid, status, {
        timestamp: String(AT[status]),
        ...(status === 'failed' ? { errors: [{ code: 131026, title: 'Message undeliverable' }] } : {}),
        wave,
      }),
    ],
  }),
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
