import { listFixtures, type NotificationItem, readFixture, splitNotification } from '#graph-api';
import type { Tx } from '#persistence';
import { aMessage } from '#testing';
import { PROJECTIONS } from '../replay/projections.js';
import type { IntakeWorld } from './intake-world.js';

/** One delivery of a fixture, with when it came: an hour after what it tells of. */
export interface FixtureDelivery {
  file: string;
  body: string;
  receivedAt: Date;
}

/** Of these no delivery is to be made of: one tests the handshake. */
const NO_DELIVERY = new Set(['verification_get']);
const HOUR_MS = 3_600_000;

/** The deliveries of a fixture file: most hold one, one is a sequence, one holds signed ones. */
export function deliveriesOf(file: string): FixtureDelivery[] {
  const parsed = JSON.parse(readFixture('webhooks', `${file}.json`)) as
    { deliveries?: unknown[] } | { raw_body: string }[];
  const bodies = Array.isArray(parsed)
    ? parsed.map(({ raw_body }) => raw_body)
    : (parsed.deliveries ?? [parsed]).map((body) => JSON.stringify(body));
  return bodies.map((body) => ({ file, body, receivedAt: new Date(toldMs(body) + HOUR_MS) }));
}

/** The names of all fixtures that are deliveries, without `.json`. */
export const fixtureNames = (): string[] =>
  listFixtures('webhooks')
    .map((file) => file.replace(/\.json$/, ''))
    .filter((file) => !NO_DELIVERY.has(file));

/** Meta's second in fixtures that name none. */
const DEFAULT_SECOND = 1_790_856_000;
const timesOf = (item: NotificationItem): number[] =>
  [('timestamp' in item ? item.timestamp : null) ?? ('time' in item ? item.time : null)].filter(
    (time) => time !== null,
  );

function toldMs(body: string): number {
  const times = splitNotification(body).flatMap(timesOf);
  return (times.length === 0 ? DEFAULT_SECOND : Math.max(...times)) * 1_000;
}

/** The wamids of statuses in a fixture. */
const statusWamids = (file: string): { wamid: string; recipient: string }[] =>
  deliveriesOf(file)
    .flatMap(({ body }) => splitNotification(body))
    .flatMap((item) => (item.kind === 'status' ? [{ wamid: item.wamid, recipient: item.recipient }] : []));

/** Fixtures whose statuses are of messages that another system sent. */
const FOREIGN = /marketing|batch|reaction/;

/** A message of ours, already accepted, for each wamid that statuses of the fixtures are about, but for foreign ones; ids are always the same. */
export async function sendFixtureMessages({ database }: IntakeWorld): Promise<void> {
  const ours = fixtureNames()
    .filter((file) => !FOREIGN.test(file))
    .flatMap(statusWamids);
  const byWamid = [...new Map(ours.map((each) => [each.wamid, each])).values()];
  for (const [n, { wamid, recipient }] of byWamid.entries()) {
    const id = `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const startedAt = new Date('2024-12-01T00:00:00Z');
    const attempt = { state: 'accepted', wamid, startedAt, endedAt: startedAt };
    const clientId = '01990000-0000-7000-9000-000000000000';
    await aMessage(database, { id, clientId, state: 'accepted', ...recipientOf(recipient), attempts: [attempt] });
  }
}

function recipientOf(recipient: string): { recipient: string; recipientKind: string } {
  if (recipient === '') return recipientOf('15550100001');
  const recipientKind = /^\d+$/.test(recipient) ? 'phone' : /^[A-Z]{2}\./.test(recipient) ? 'user' : 'group';
  return { recipient, recipientKind };
}

/** A row of a projection: what identifies it, and its columns that are the same whenever and in whatever order it is stored. */
export type ProjectionRow = Record<string, unknown> & { key: string };

/** All rows of all projections, and every charge, by table; but for which notification told something first. */
export async function readProjections(tx: Tx): Promise<Record<string, ProjectionRow[]>> {
  const tables: Record<string, ProjectionRow[]> = {};
  for (const { name, table, key, compared } of [...PROJECTIONS, CHARGES]) {
    const same = compared.filter((column) => column !== 't.inbox_id');
    const members = same.map((column) => `'${column.replace(/^t\.| - 'idx'$/g, '')}', ${column}`).join(', ');
    tables[name] = (
      await tx.query<{ row: ProjectionRow }>(
        {
          name: '',
          sql: `SELECT jsonb_build_object('key', ${key}, ${members}) AS row FROM ${table} t ORDER BY ${key}`.replaceAll(
            '@',
            '',
          ),
        },
        [],
      )
    ).map(({ row }) => row);
  }
  return tables;
}

/** Charges one by one; which place in a month's tiers one had depends on when it was recorded. */
const CHARGES = {
  name: 'charge',
  table: 'charge',
  key: 't.wamid',
  compared:
    'message_id phone_number_id recipient market pricing_category pricing_type era category charged_at day currency mark because rate_micros amount_micros'
      .split(' ')
      .map((column) => `t.${column}`),
};
