import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consentWords } from '#contacts';
import { splitNotification } from '#graph-api';
import { ImportRateCardService, PriceWaitingService, RecentRates, SAMPLE_RATE_CARD, sampleRateCardCsv } from '#pricing';
import type { Tx } from '#persistence';
import { A_SENDER, aSender } from '#testing';
import { applyItems } from './apply-items.js';
import {
  deliveriesOf,
  type FixtureDelivery,
  fixtureNames,
  type ProjectionRow,
  readProjections,
  sendFixtureMessages,
} from './specs/fixture-world.js';
import { type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';
import { peopleNamed } from './specs/people-named.js';

/** Those of the fixtures that are ours. */
const SENDERS = [A_SENDER.phoneNumberId, '800000000000002'];

let world: IntakeWorld;
let empty: Record<string, ProjectionRow[]>;
beforeAll(async () => {
  world = await openIntakeWorld();
  await aSender(world.database, { phoneNumberId: SENDERS[1] });
  const card = { ...SAMPLE_RATE_CARD, validUntil: null, isOfficial: false, tiersCsv: null };
  await new ImportRateCardService(
    world.database,
    new RecentRates(world.database),
    new PriceWaitingService(world.database),
  ).import({
    ...card,
    csv: sampleRateCardCsv(),
  });
  await begin();
  empty = await readProjections(world.database);
}, 60_000);
afterAll(() => world.close());

/** Nothing but the messages that fixtures are about, as they were sent. */
async function begin(): Promise<void> {
  await world.clear();
  await world.run('TRUNCATE portfolio_limit, template');
  await world.run(
    `UPDATE sender SET display_number = '+1 555-010-0100', throughput_limit = 80, throughput_known_at = NULL, listening_since = NULL, last_heard_at = NULL`,
  );
  await world.run(`UPDATE sender SET display_number = NULL WHERE phone_number_id = '800000000000002'`);
  await sendFixtureMessages(world);
}

type Rows = Partial<ProjectionRow>[];
/** Rows that are new or other than before, by table; `counted`: what had no effect. */
type Change = Record<string, Rows> & { counted?: Rows };

const PERSON = '15550100001';
const rows = (table: string, ...changed: object[]) => ({ [table]: changed }) as Change;
const window = (contact: unknown = PERSON) => rows('conversation', { contact, category: null, extended_count: 0 });
/** A message that opens the window; `more`: what is stored with it. */
const heard = (type: string, contact: unknown = PERSON, more = {}): Change => ({
  ...rows('inbound_message', { type, contact, deleted_at: null, ...more }),
  ...window(contact),
});
const silent = (type: string, more = {}): Change => rows('inbound_message', { type, ...more });
const RANKS = { sent: 2, failed: 3, delivered: 4, read: 5, played: 6 } as const;
const status = (
  name: keyof typeof RANKS,
  pricing: [category: string | null, type: string | null] = [null, null],
): Change => ({
  ...rows('status_event', {
    key: expect.stringContaining(` ${name} `),
    pricing_category: pricing[0],
    pricing_type: pricing[1],
  }),
  ...rows('message', { wa_rank: RANKS[name], [`${name}_at`]: expect.any(String), wa_error_code: null }),
});
const failed = (code: number): Change => ({
  ...rows('status_event', { key: expect.stringMatching(new RegExp(` failed \\d+ ${code}$`)), rank: 3 }),
  ...rows('message', { wa_rank: 3, wa_error_code: code, failed_at: expect.any(String) }),
});
const charge = (category: string, mark: string, more = {}): Change =>
  rows('charge', { message_id: expect.any(String), pricing_category: category, mark, ...more });
const cbp = (category: string): Change => rows('conversation', { category, key: expect.stringContaining(' cbp ') });
const freeEntry = rows('conversation', { key: expect.stringContaining(' free_entry_point ') });
const foreign = (name: string): Change => rows('orphan_status', { key: expect.stringContaining(` ${name} `) });
const facts = (...told: [subject: string, kind: string, value: string][]): Change =>
  rows(
    'account_fact',
    ...told.map(([subject, kind, value]) => ({
      key: `900000000000001 ${subject} ${kind} 2026-10-01 12:00:00+00 ${value} webhook`,
      details: expect.any(Object),
    })),
  );
const account = (kind: string, value: string) => facts(['account', kind, value]);
const number = (kind: string, value: string) => facts(['number:15550100100', kind, value]);
const TEMPLATE = 'template:en_US:order_shipped';
const template = (row: object, ...told: [kind: string, value: string][]): Change => ({
  ...(told.length === 0
    ? {}
    : facts(...told.map(([kind, value]) => [TEMPLATE, kind, value] as [string, string, string]))),
  ...rows('template', row),
});
const templateStatus = (value: string, category: string) =>
  template({ status: value, category }, ['category', category], ['status', value]);
const limit = (users: number | null, ...more: [string, string, string][]): Change => ({
  ...facts(['account', 'messaging_limit', users === null ? 'unlimited' : String(users)], ...more),
  ...rows('portfolio_limit', { users }),
});
/** A choice of marketing as it was told, under each of these identifiers. */
const chosen = (reason: string, wants: boolean, ...contacts: string[]): Change =>
  rows(
    'marketing_choice_told',
    ...contacts.map((contact) => ({
      key: expect.stringMatching(new RegExp(`^900000000000001 ${contact} .* ${reason} ${wants ? 't' : 'f'}$`)),
    })),
  );
const counted = (field: string, kind: string) => ({ counted: [{ field, kind }] }) as Change;

/** What each fixture must change, and nothing else: from a world in which what it is about was sent, and nothing was told. */
const EXPECTED: Readonly<Record<string, Change>> = {
  account_alert: account('account_alert', 'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED'),
  account_auth_intl_eligibility: account('account_event', 'AUTH_INTL_PRICE_ELIGIBILITY_UPDATE'),
  account_deleted: account('account_event', 'ACCOUNT_DELETED'),
  account_disabled_update: account('account_event', 'DISABLED_UPDATE'),
  account_partner_added: account('account_event', 'PARTNER_ADDED'),
  account_primary_location: account('account_event', 'BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE'),
  account_restriction: account('account_event', 'ACCOUNT_RESTRICTION'),
  account_review: account('account_review', 'APPROVED'),
  account_violation: account('account_event', 'ACCOUNT_VIOLATION'),
  account_volume_tier: account('account_event', 'VOLUME_BASED_PRICING_TIER_UPDATE'),
  batch_multiple_entries_and_changes: {
    ...rows('inbound_message', { type: 'text' }, { type: 'text' }),
    // Two numbers with one user id: one person.
    ...rows('conversation', { category: null, extended_count: 1 }),
    ...counted('messages', 'unknown_sender'),
  },
  business_username: facts(
    ['number:15550100100', 'username', 'example_shop'],
    ['number:15550100100', 'username_status', 'approved'],
  ),
  calls_connect: { ...rows('inbound_call', { key: 'wacid.EXAMPLE0001', contact: PERSON }), ...window() },
  calls_terminate: {
    ...rows('inbound_call', { key: 'wacid.EXAMPLE0001', started_at: '2026-10-01T12:00:05+00:00' }),
    ...window(),
  },
  capability_250: limit(250, ['account', 'phone_numbers_limit', '2']),
  capability_integer_legacy: limit(2_000, ['account', 'phone_numbers_limit', '25']),
  capability_tier_string: limit(2_000, ['account', 'phone_numbers_limit', '25']),
  errors_value_level: counted('messages', 'account_error'),
  flows_status_change: facts(['flow:600000000000001', 'flow_event', 'THROTTLED']),
  history_chunk: rows(
    'app_message',
    { origin: 'history', is_outbound: true, contact: PERSON, status: 'read' },
    { origin: 'history', is_outbound: false, contact: PERSON, status: 'played', type: 'media_placeholder' },
  ),
  // It names no time: it holds from when it came.
  history_declined: rows('account_fact', {
    key: '900000000000001 id:800000000000001 history_sharing 2026-10-01 13:00:00+00 declined webhook',
    details: expect.any(Object),
  }),
  message_audio_file: heard('audio'),
  message_audio_voice: heard('audio'),
  message_bsuid_username_no_phone: heard('text', expect.stringMatching(/^US\./)),
  message_button_template: heard('button', PERSON, { context_wamid: expect.stringMatching(/^wamid\./) }),
  message_contacts: heard('contacts'),
  message_contacts_requested: heard('contacts'),
  message_document: heard('document'),
  message_edit: silent('edit', { target_wamid: expect.stringMatching(/^wamid\./) }),
  message_group: silent('text'),
  message_identity_key_hash: heard('text'),
  message_image: heard('image'),
  message_interactive_button_reply: heard('interactive'),
  message_interactive_call_permission_reply: heard('interactive'),
  message_interactive_list_reply: heard('interactive'),
  message_interactive_nfm_reply_address: heard('interactive'),
  message_interactive_nfm_reply_flow: heard('interactive'),
  message_legacy_pre_bsuid: heard('text'),
  message_location: heard('location'),
  message_media_too_large_131052: heard('unsupported'),
  message_order: heard('order'),
  message_parent_bsuid: heard('text'),
  message_reaction: heard('reaction', PERSON, { target_wamid: expect.stringMatching(/^wamid\./) }),
  message_reaction_removed: heard('reaction', PERSON, { target_wamid: expect.stringMatching(/^wamid\./) }),
  message_request_welcome: heard('request_welcome'),
  message_revoke: { ...silent('revoke'), ...rows('inbound_deletion', { deleted_at: expect.any(String) }) },
  message_sticker: heard('sticker'),
  message_system_number_changed: silent('system', { contact: PERSON }),
  message_system_user_id_changed: silent('system', { contact: '' }),
  message_text: heard('text', PERSON, { profile_name: 'Test Customer A' }),
  message_text_forwarded: heard('text'),
  message_text_frequently_forwarded: heard('text'),
  message_text_referral_ad: heard('text', PERSON, { has_referral: true }),
  message_text_referral_status_ad_video: heard('text', PERSON, { has_referral: true }),
  message_text_referred_product: heard('text', PERSON, { has_referral: false }),
  message_text_reply_context: heard('text', PERSON, { context_wamid: expect.stringMatching(/^wamid\./) }),
  message_text_unicode_and_escapes: heard('text'),
  message_unsupported_131051: heard('unsupported'),
  message_unsupported_131060: heard('unsupported'),
  message_video: heard('video'),
  partner_solution: counted('partner_solutions', 'other'),
  payment_configuration: account('payment_configuration', 'Needs Testing'),
  phone_name_approved: facts(
    ['number:15550100100', 'name_status', 'APPROVED'],
    ['number:15550100100', 'verified_name', 'Example Shop'],
  ),
  phone_name_rejected: number('name_status', 'REJECTED'),
  phone_quality_throughput: {
    ...limit(
      null,
      ['number:15550100100', 'number_event', 'THROUGHPUT_UPGRADE'],
      ['number:15550100100', 'throughput', '1000'],
    ),
    ...rows('sender', { key: '800000000000001', throughput_limit: 1_000 }),
  },
  security_pin_changed: number('security_event', 'PIN_CHANGED'),
  security_pin_reset_request: number('security_event', 'PIN_RESET_REQUEST'),
  sequence_out_of_order: {
    ...rows(
      'status_event',
      ...['delivered', 'read', 'sent'].map((name) => ({ key: expect.stringContaining(` ${name} `) })),
    ),
    ...rows('message', {
      wa_rank: 5,
      sent_at: expect.any(String),
      delivered_at: expect.any(String),
      read_at: expect.any(String),
    }),
    ...charge('utility', 'rated'),
  },
  signature_vectors: { ...silent('text'), ...rows('inbound_message', { type: 'text' }, { type: 'text' }), ...window() },
  smb_app_state_sync: counted('smb_app_state_sync', 'other'),
  smb_message_echo: rows('app_message', { origin: 'echo', is_outbound: true, contact: PERSON, status: null }),
  status_deleted_legacy: {
    ...rows('status_event', { key: expect.stringContaining(' deleted '), rank: 0 }),
    ...rows('message', { wa_rank: 0, deleted_at: expect.any(String) }),
  },
  status_delivered_bsuid_username: { ...status('delivered', ['service', 'regular']), ...charge('service', 'rated') },
  status_delivered_cbp_utility: {
    ...status('delivered', ['utility', null]),
    ...cbp('utility'),
    ...charge('utility', 'rate_missing', { era: 'cbp' }),
  },
  status_delivered_free_entry_point: {
    ...status('delivered', ['referral_conversion', 'free_entry_point']),
    ...freeEntry,
    ...charge('referral_conversion', 'free', { because: 'free_entry_point', amount_micros: 0 }),
  },
  status_delivered_v25_utility_regular: {
    ...status('delivered', ['utility', 'regular']),
    ...charge('utility', 'rated'),
  },
  status_failed_130403: failed(130403),
  status_failed_130429: failed(130429),
  status_failed_130472: failed(130472),
  status_failed_131000: failed(131000),
  status_failed_131009: failed(131009),
  status_failed_131026: failed(131026),
  status_failed_131031: failed(131031),
  status_failed_131042: failed(131042),
  status_failed_131047: {
    ...failed(131047),
    ...rows('window_closing', { key: expect.stringContaining(`800000000000001 ${PERSON} `) }),
  },
  status_failed_131048: failed(131048),
  status_failed_131049: failed(131049),
  status_failed_131050: {
    ...failed(131050),
    ...rows('marketing_suppression', { key: `900000000000001 ${PERSON}`, reason: 'meta_131050', lifted_at: null }),
    ...chosen('meta_131050', false, PERSON),
  },
  status_failed_131052: failed(131052),
  status_failed_131053: failed(131053),
  status_failed_131056: failed(131056),
  status_failed_131064: failed(131064),
  status_failed_132015: failed(132015),
  status_failed_bsuid: failed(131026),
  status_group_delivered: {
    ...rows('status_event', { rank: 4 }, { rank: 4 }),
    ...rows('message', { wa_rank: 4 }),
    // One a member.
    ...rows(
      'charge',
      ...[1, 2].map((n) => ({
        key: expect.stringMatching(new RegExp(`^wamid\\.\\S+ 1555010000${n}$`)),
        message_id: expect.any(String),
        pricing_category: 'group_service',
        market: 'North America',
        mark: 'rated',
        amount_micros: 3_400,
      })),
    ),
  },
  status_played_voice: status('played'),
  status_reaction_sent_only: foreign('sent'),
  status_read_cbp_utility: status('read'),
  status_read_v25_no_pricing: status('read'),
  status_read_without_delivered: { ...status('read', ['marketing', 'regular']), ...charge('marketing', 'rated') },
  status_sent_authentication: status('sent', ['authentication', 'regular']),
  status_sent_authentication_international: status('sent', ['authentication_international', 'regular']),
  status_sent_bsuid_no_phone: status('sent', ['service', 'regular']),
  status_sent_cbp_second_message_same_conversation: status('sent', ['utility', null]),
  status_sent_cbp_service_free: status('sent', ['service', null]),
  status_sent_cbp_utility: status('sent', ['utility', null]),
  status_sent_free_entry_point: { ...status('sent', ['referral_conversion', 'free_entry_point']), ...freeEntry },
  status_sent_marketing: foreign('sent'),
  status_sent_marketing_lite: foreign('sent'),
  status_sent_service_pmp1_free: status('sent', ['service', 'free_customer_service']),
  status_sent_service_pmp2_regular: status('sent', ['service', 'regular']),
  status_sent_unknown_free_type: status('sent', ['service', 'free_example_future_value']),
  status_sent_utility_in_window_pmp1_free: status('sent', ['utility', 'free_customer_service']),
  status_sent_v23_pmp_with_conversation: status('sent', ['utility', 'regular']),
  status_sent_v25_utility_regular: status('sent', ['utility', 'regular']),
  template_category_done: template({ category: 'MARKETING' }, ['category', 'MARKETING']),
  template_category_impending: template({ category: 'UTILITY', category_at: expect.stringContaining('1970') }),
  template_components: template({ status: 'PENDING' }),
  template_quality: template({ quality: 'YELLOW' }, ['quality', 'YELLOW']),
  template_status_approved: templateStatus('APPROVED', 'UTILITY'),
  template_status_disabled: templateStatus('DISABLED', 'MARKETING'),
  template_status_paused: templateStatus('PAUSED', 'MARKETING'),
  template_status_pending_deletion: templateStatus('PENDING_DELETION', 'UTILITY'),
  template_status_rejected: templateStatus('REJECTED', 'MARKETING'),
  unknown_field: counted('field_not_invented_yet', 'other'),
  unknown_message_type: heard('hologram'),
  user_preferences_resume: {
    ...rows(
      'marketing_suppression',
      { key: `900000000000001 ${PERSON}`, reason: 'user_preference', lifted_at: expect.any(String) },
      { key: expect.stringContaining('US.'), lifted_at: expect.any(String) },
    ),
    ...chosen('user_preference', true, PERSON, 'US\\.\\d+'),
  },
  user_preferences_stop: {
    ...rows(
      'marketing_suppression',
      { key: `900000000000001 ${PERSON}`, reason: 'user_preference', lifted_at: null },
      { key: expect.stringContaining('US.'), lifted_at: null },
    ),
    ...chosen('user_preference', false, PERSON, 'US\\.\\d+'),
  },
};

/** What each of them tells of who is who is derived from its names: `peopleNamed`. */
const WHO_IS_WHO = new Set(['contact', 'contact_alias', 'contact_fact']);

class Undo extends Error {}

/** What is to be seen after a fixture, of itself: nothing of it stays. */
async function after<Seen>(file: string, look: (tx: Tx, unhandled: Rows) => Promise<Seen>): Promise<Seen> {
  let seen: Seen | undefined;
  const work = world.database.transaction(async (tx) => {
    const unhandled: Rows = [];
    for (const { body, receivedAt } of deliveriesOf(file)) {
      const inboxId = '01990000-0000-7000-a000-000000000000';
      const items = splitNotification(body).map((item) => ({ item, inboxId, receivedAt }));
      unhandled.push(
        ...((await applyItems(tx, items, consentWords(['STOP'], ['START']))).unhandled as unknown as Rows),
      );
    }
    seen = await look(tx, unhandled);
    throw new Undo();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return seen as Seen;
}

/** What a fixture changes. */
const changesOf = (file: string): Promise<Record<string, Rows>> =>
  after(file, async (tx, unhandled) => {
    const projections = Object.entries(await readProjections(tx)).filter(([table]) => !WHO_IS_WHO.has(table));
    const changed = projections.map(([table, now]) => {
      const known = new Set(empty[table]?.map((row) => JSON.stringify(row)));
      return [table, now.filter((row) => !known.has(JSON.stringify(row)))] as const;
    });
    return Object.fromEntries([...changed, ['counted', unhandled] as const].filter(([, found]) => found.length > 0));
  });

/** The contacts that there are after a fixture, each by its identifiers. */
const peopleAfter = (file: string): Promise<string[][]> =>
  after(file, async (tx) => {
    const sql = `SELECT array_agg(DISTINCT kind || ' ' || value) AS names FROM contact_alias WHERE kind <> 'username' GROUP BY contact_id`;
    const people = await tx.query<{ names: string[] }>({ name: '', sql }, []);
    return people.map(({ names }) => names.sort()).sort();
  });

describe('a fixture', () => {
  it('has an assertion here, each of them', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(fixtureNames().sort());
  });

  it.each(Object.entries(EXPECTED))('%s changes what it must, and nothing else', async (file, expected) => {
    const changes = await changesOf(file);
    expect(Object.keys(changes).sort()).toEqual(Object.keys(expected).sort());
    expect(changes).toMatchObject(expected);
  });

  it.each(fixtureNames())('%s tells who is who as its names say', async (file) => {
    expect(await peopleAfter(file)).toEqual(peopleNamed(deliveriesOf(file), SENDERS));
  });

  it('tells of people, most of them', () => {
    const people = fixtureNames().map((file) => peopleNamed(deliveriesOf(file), SENDERS).length);
    expect(people.filter((count) => count > 0).length).toBeGreaterThan(60);
  });
});

/** Fisher and Yates, with a generator that gives the same order for a seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items];
  let state = seed;
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = Math.floor((state / 2_147_483_648) * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

describe('all fixtures', () => {
  const all = fixtureNames().flatMap(deliveriesOf);
  /** Stores and applies so many at a time. @returns every projection, row by row */
  async function deliver(order: readonly FixtureDelivery[], atATime: number): Promise<Record<string, ProjectionRow[]>> {
    await begin();
    for (let first = 0; first < order.length; first += atATime) {
      for (const { body, receivedAt } of order.slice(first, first + atATime)) await world.store(body, receivedAt);
      await world.newIntake().apply();
    }
    expect(await world.run('SELECT FROM inbox_work')).toEqual([]);
    return readProjections(world.database);
  }

  let inOrder: Record<string, ProjectionRow[]>;
  it('delivered in order leave rows in every table', async () => {
    inOrder = await deliver(all, all.length);
    expect(Object.entries(inOrder).filter(([, stored]) => stored.length === 0)).toEqual([]);
  });

  it.each([
    ['reversed', all.toReversed(), 1],
    ['shuffled', shuffled(all, 7), 1],
    ['shuffled otherwise, a few at a time', shuffled(all, 20_261_129), 6],
    ['twice, shuffled', shuffled([...all, ...all], 42), 9],
    ['twice, one order after the other', [...all, ...all.toReversed()], 20],
  ])(
    'delivered %s leave the same',
    async (_how, order, atATime) => {
      const tables = await deliver(order, atATime);
      for (const [table, stored] of Object.entries(tables)) expect([table, stored]).toEqual([table, inOrder[table]]);
    },
    60_000,
  );
});
