import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '#testing';
import { AddSenderService } from './add-sender.service.js';
import { SenderDirectory } from './sender-directory.js';
import { SendersRepository } from './senders.repository.js';
import { TokenVault } from './token-vault.js';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
let lastId = 800_000_000_000_000;

function setup({ keys = [key('k1', 1)] } = {}) {
  const vault = new TokenVault({ HERALD_ENCRYPTION_KEYS: keys });
  const directory = new SenderDirectory(new SendersRepository(database), vault);
  const id = String((lastId += 1));
  const wanted = { phoneNumberId: id, wabaId: `9${id.slice(1)}`, accessToken: `EAAG-canary-${id}` };
  return { directory, addSender: new AddSenderService(database, vault, directory), wanted };
}

describe('AddSenderService', () => {
  it('adds a sender with the defaults', async () => {
    const { addSender, wanted } = setup();
    expect(await addSender.add(wanted)).toEqual({
      phoneNumberId: wanted.phoneNumberId,
      wabaId: wanted.wabaId,
      portfolioId: `waba-${wanted.wabaId}`,
      appId: 'default',
      displayNumber: null,
      currency: 'USD',
      timezone: 'UTC',
      listeningSince: null,
      createdAt: expect.any(Date),
    });
  });

  it('keeps what a second call leaves out, and changes what it names', async () => {
    const { addSender, wanted } = setup();
    await addSender.add({
      ...wanted,
      portfolioId: 'p1',
      currency: 'EUR',
      displayNumber: '+1 555 010 0001',
      appId: 'a1',
    });
    expect(
      await addSender.add({ ...wanted, timezone: 'Europe/Berlin', accessToken: `${wanted.accessToken}2` }),
    ).toMatchObject({
      portfolioId: 'p1',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      displayNumber: '+1 555 010 0001',
      appId: 'default',
    });
  });

  it('keeps one row for one token, whoever uses it, also at the same time', async () => {
    const { addSender, wanted } = setup();
    const other = setup().wanted;
    await Promise.all([
      ...[1, 2, 3].map(() => addSender.add(wanted)),
      ...[1, 2, 3].map(() => addSender.add({ ...other, accessToken: wanted.accessToken })),
    ]);
    const tokens = await database.prisma.sender.findMany({
      where: { phoneNumberId: { in: [wanted.phoneNumberId, other.phoneNumberId] } },
      distinct: ['accessTokenId'],
    });
    expect(tokens).toHaveLength(1);
  });

  it('never stores a token as it is', async () => {
    const { addSender, wanted } = setup();
    await addSender.add(wanted);
    const rows = await database.prisma.$queryRaw<{ row: string }[]>`SELECT access_token::text AS row FROM access_token`;
    expect(rows.map(({ row }) => row).join()).not.toContain('canary');
  });
});

describe('SenderDirectory', () => {
  it('decrypts the credentials of a sender', async () => {
    const { addSender, directory, wanted } = setup();
    await addSender.add(wanted);
    expect(await directory.credentials(wanted.phoneNumberId)).toEqual({
      accessToken: wanted.accessToken,
      accessTokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      appId: 'default',
      wabaId: wanted.wabaId,
      portfolioId: `waba-${wanted.wabaId}`,
    });
  });

  it('knows no other sender', async () => {
    const { directory } = setup();
    expect(await directory.find('1')).toBeNull();
    await expect(directory.credentials('1')).rejects.toMatchObject({ code: 'unknown_sender' });
  });

  it('gives a new token at once where it was added', async () => {
    const { addSender, directory, wanted } = setup();
    await addSender.add(wanted);
    await directory.credentials(wanted.phoneNumberId);
    await addSender.add({ ...wanted, accessToken: 'EAAG-new' });
    expect((await directory.credentials(wanted.phoneNumberId)).accessToken).toBe('EAAG-new');
  });

  it('lists all senders or the ones that are asked for', async () => {
    const { addSender, directory, wanted } = setup();
    await addSender.add(wanted);
    expect((await directory.list()).length).toBeGreaterThan(1);
    expect(await directory.list([wanted.phoneNumberId, '1'])).toEqual([
      expect.objectContaining({ wabaId: wanted.wabaId }),
    ]);
  });

  it('reads on while keys rotate, and says which key is missing when the old one went too early', async () => {
    const { addSender, wanted } = setup({ keys: [key('old', 1)] });
    await addSender.add(wanted);
    const rotating = setup({ keys: [key('new', 2), key('old', 1)] });
    expect((await rotating.directory.credentials(wanted.phoneNumberId)).accessToken).toBe(wanted.accessToken);

    const tooEarly = setup({ keys: [key('new', 2)] });
    await expect(tooEarly.directory.credentials(wanted.phoneNumberId)).rejects.toThrow(
      'encryption key "old" is not in',
    );

    await rotating.addSender.add(wanted);
    expect((await setup({ keys: [key('new', 2)] }).directory.credentials(wanted.phoneNumberId)).accessToken).toBe(
      wanted.accessToken,
    );
  });
});
