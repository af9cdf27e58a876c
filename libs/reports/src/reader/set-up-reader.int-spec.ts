import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { READER_ROLE, SetUpReaderService } from './set-up-reader.service.js';
import { openReportWorld, type ReportWorld } from '../specs/report-world.js';

let world: ReportWorld;
beforeAll(async () => {
  world = await openReportWorld();
}, 60_000);
afterAll(() => world.close());

async function logIn(password: string): Promise<pg.Client> {
  const url = new URL(world.url);
  url.username = READER_ROLE;
  url.password = encodeURIComponent(password);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

it('lets dashboards log in with the password, and with no other', async () => {
  await new SetUpReaderService(world.database).setUp('a first one: it’s long');
  await new SetUpReaderService(world.database).setUp('a second one: it’s long');
  const client = await logIn('a second one: it’s long');
  expect(
    (await client.query('SELECT current_user AS name, count(*)::int AS senders FROM reporting.senders')).rows,
  ).toEqual([{ name: 'herald_reporting', senders: 2 }]);
  // What the role is set to, beside what it may: a mistake in a panel changes nothing and ends.
  expect((await client.query('SHOW default_transaction_read_only')).rows).toEqual([
    { default_transaction_read_only: 'on' },
  ]);
  expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '30s' }]);
  await expect(client.query('SELECT * FROM public.message_content')).rejects.toMatchObject({ code: '42501' });
  await client.end();
  await expect(logIn('a first one: it’s long')).rejects.toMatchObject({ code: '28P01' });
});
