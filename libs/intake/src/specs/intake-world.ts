import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { StatusChannelService } from '#delivery';
import { Logger } from '#observability';
import { Database } from '#persistence';
import type { WakeService } from '#queues';
import { A_SENDER, anEnvironment, aSender, createTestDatabase } from '#testing';
import { ApplyNotificationsService } from '../apply-notifications.service.js';

/** Every table that a notification may touch. */
const TABLES = [
  'inbox',
  'inbox_work',
  'inbox_dead_item',
  'inbox_unhandled',
  'inbox_parked',
  'inbound_message',
  'inbound_deletion',
  'inbound_copy',
  'app_message',
  'account_fact',
  'media_asset',
  'inbound_call',
  'marketing_suppression',
  'marketing_choice_told',
  'window_closing',
  'listening_spell',
  'conversation',
  'contact_fact',
  'contact',
  'contact_alias',
  'message',
  'attempt',
  'status_event',
  'orphan_status',
  'event',
  'alert',
  'hold',
  'charge',
  'tier_usage',
  'tier_adjustment',
];

/** An intake on a database of its own, with one sender. */
export async function openIntakeWorld() {
  const testDatabase = await createTestDatabase();
  const database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 15_000 });
  const environment = anEnvironment({ DATABASE_URL: testDatabase.url });
  await aSender(database);
  const run = <Row = Record<string, unknown>>(sql: string, ...values: unknown[]) =>
    database.query<Row>({ name: '', sql }, values);
  const waitAgain = (inboxId: string) =>
    run('INSERT INTO inbox_work (inbox_id, received_at) SELECT id, received_at FROM inbox WHERE id = $1', inboxId);
  return {
    database,
    run,
    waitAgain,
    newIntake: (on = database, variables: Record<string, string> = {}) =>
      new ApplyNotificationsService(
        on,
        new StatusChannelService(on, environment),
        { wakeSoon: () => Promise.resolve(true) } as unknown as WakeService,
        anEnvironment({ DATABASE_URL: testDatabase.url, ...variables }),
        Logger.create('silent'),
      ),
    message: (id: string) => database.prisma.message.findUniqueOrThrow({ where: { id } }),
    /** Stores a body as the webhook edge does. @returns its inbox id */
    store: async (body: unknown, receivedAt = new Date()) => {
      const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const id = uuidv7();
      const sha256 = createHash('sha256').update(raw).update(id).digest();
      await run(
        'INSERT INTO inbox (id, raw, sha256, received_at) VALUES ($1, $2, $3, $4)',
        id,
        raw,
        sha256,
        receivedAt,
      );
      await waitAgain(id);
      return id;
    },
    /** All rows of all tables, as text, in no order that matters. */
    dump: async () => {
      const tables = await Promise.all(
        TABLES.map(async (table) => {
          const rows = await run<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
          return [table, rows.map(({ row }) => row).sort()] as const;
        }),
      );
      return Object.fromEntries(tables);
    },
    clear: () => run(`TRUNCATE ${TABLES.join(', ')}, message_content`),
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
}
export type IntakeWorld = Awaited<ReturnType<typeof openIntakeWorld>>;

const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** A delivery of Meta's for our sender, with what `value` says. */
export const aDelivery = (value: object, { phoneNumberId, wabaId } = A_SENDER) => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: wabaId,
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '15550100100', phone_number_id: phoneNumberId },
            ...value,
          },
        },
      ],
    },
  ],
});

/** One status. `opaque` is `biz_opaque_callback_data`. */
export const aStatus = ({
  wamid,
  status = 'delivered',
  opaque,
  ts = nowSeconds(),
  ...rest
}: {
  wamid: string;
  status?: string;
  opaque?: string;
  ts?: number;
  errors?: { code: number; title: string }[];
  pricing?: { billable?: boolean; pricing_model: string; type?: string; category?: string };
}) => ({
  id: wamid,
  status,
  timestamp: String(ts),
  recipient_id: '15550100101',
  biz_opaque_callback_data: opaque,
  ...rest,
});

/** One message from a contact. */
export const anInbound = (wamid: string, body = 'Hello') => ({
  id: wamid,
  from: '15550100101',
  timestamp: String(nowSeconds()),
  type: 'text',
  text: { body },
});
