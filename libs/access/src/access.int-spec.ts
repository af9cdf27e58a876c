import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from '#config';
import { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '#testing';
import { AccessRepository } from './access.repository.js';
import { AuthenticateService } from './authenticate.service.js';
import { ClientDirectory } from './client-directory.js';
import { CreateApiKeyService } from './create-api-key.service.js';
import { CreateClientService } from './create-client.service.js';
import { DisableClientService } from './disable-client.service.js';
import { EnableClientService } from './enable-client.service.js';
import { EnsureClientService } from './ensure-client.service.js';
import { RevokeApiKeyService } from './revoke-api-key.service.js';

const ADMIN_KEY = 'hk_the-bootstrap-key-of-this-test';
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

/** One process with the database of this suite; `elsewhere` is a second one. */
async function setup() {
  const repository = new AccessRepository(database);
  const ensureClient = new EnsureClientService(repository);
  const environment = { HERALD_ADMIN_KEY: ADMIN_KEY } as Environment;
  const authenticate = new AuthenticateService(environment, repository, ensureClient);
  const client = await new CreateClientService(repository).create(`client ${Math.random()}`);
  return {
    client,
    ensureClient,
    authenticate,
    elsewhere: new AuthenticateService(environment, repository, ensureClient),
    createClient: new CreateClientService(repository),
    createKey: new CreateApiKeyService(repository),
    revokeKey: new RevokeApiKeyService(repository, authenticate),
    disableClient: new DisableClientService(repository, authenticate),
    enableClient: new EnableClientService(repository),
    directory: new ClientDirectory(repository),
  };
}

describe('an API key', () => {
  it('says who its holder is and what they may do', async () => {
    const { client, createKey, authenticate } = await setup();
    const { key, id } = await createKey.create({
      clientId: client.id,
      scopes: ['messages:write'],
      senders: ['1', '2'],
    });
    expect(await authenticate.authenticate(key)).toEqual({
      clientId: client.id,
      keyId: id,
      scopes: ['messages:write'],
      senders: ['1', '2'],
    });
    expect(await authenticate.authenticate(`${key.slice(0, -1)}-`)).toBeNull();
  });

  it('is stored as its hash only', async () => {
    const { client, createKey, directory } = await setup();
    const { key, prefix } = await createKey.create({ clientId: client.id, scopes: ['all'], senders: 'all' });
    const rows = await database.prisma.$queryRaw<{ row: string }[]>`SELECT api_key::text AS row FROM api_key`;
    expect(rows.map(({ row }) => row).join()).not.toContain(key.slice(10));
    expect(key.startsWith(prefix)).toBe(true);
    expect(await directory.keys(client.id)).toEqual([expect.objectContaining({ prefix, senders: 'all' })]);
  });

  it('stops at once where it is revoked, and stays revoked', async () => {
    const { client, createKey, revokeKey, authenticate } = await setup();
    const { key, id } = await createKey.create({ clientId: client.id, scopes: ['all'], senders: 'all' });
    expect(await authenticate.authenticate(key)).not.toBeNull();
    const { revokedAt } = await revokeKey.revoke(client.id, id);
    expect(await authenticate.authenticate(key)).toBeNull();
    expect((await revokeKey.revoke(client.id, id)).revokedAt).toEqual(revokedAt);
  });

  it('is read once by those who use it together', async () => {
    const { client, createKey, elsewhere } = await setup();
    const { key } = await createKey.create({ clientId: client.id, scopes: ['all'], senders: 'all' });
    const principals = await Promise.all(Array.from({ length: 20 }, () => elsewhere.authenticate(key)));
    expect(new Set(principals).size).toBe(1);
  });

  it('belongs to its client: another one cannot revoke it', async () => {
    const { client, createClient, createKey, revokeKey } = await setup();
    const other = await createClient.create(`other ${Math.random()}`);
    const { id } = await createKey.create({ clientId: client.id, scopes: ['all'], senders: 'all' });
    await expect(revokeKey.revoke(other.id, id)).rejects.toMatchObject({ code: 'api_key_not_found' });
  });

  it('cannot give more than it has', async () => {
    const { client, createKey } = await setup();
    const wanted = { clientId: client.id, scopes: ['clients', 'messages:read'] as const, senders: 'all' as const };
    await expect(
      createKey.create({ ...wanted, grantedBy: { scopes: ['clients'], senders: ['1'] } }),
    ).rejects.toMatchObject({
      code: 'grant_too_wide',
      message: expect.stringContaining('messages:read and senders'),
    });
    await expect(
      createKey.create({ ...wanted, grantedBy: { scopes: ['all'], senders: 'all' } }),
    ).resolves.toBeDefined();
  });
});

describe('a client', () => {
  it('has a name of its own', async () => {
    const { client, createClient } = await setup();
    await expect(createClient.create(client.name)).rejects.toMatchObject({ code: 'client_name_taken' });
    await expect(createClient.create('admin')).rejects.toMatchObject({ code: 'client_name_taken' });
  });

  it('is one for all who ensure it at the same time', async () => {
    const { ensureClient, directory } = await setup();
    const name = `ensured ${Math.random()}`;
    const clients = await Promise.all(Array.from({ length: 8 }, () => ensureClient.ensure(name)));
    expect(new Set(clients.map(({ id }) => id)).size).toBe(1);
    expect(await directory.named(name)).toEqual(clients[0]);
  });

  it('that is disabled gets nowhere', async () => {
    const { client, createKey, disableClient, authenticate } = await setup();
    const { key } = await createKey.create({ clientId: client.id, scopes: ['all'], senders: 'all' });
    expect(await authenticate.authenticate(key)).not.toBeNull();
    await disableClient.disable(client.id);
    expect(await authenticate.authenticate(key)).toBeNull();
    await expect(createKey.create({ clientId: client.id, scopes: ['all'], senders: 'all' })).rejects.toMatchObject({
      code: 'client_disabled',
    });
  });

  it('that is enabled again has its keys back, but for the revoked ones', async () => {
    const { client, createKey, revokeKey, disableClient, enableClient, authenticate } = await setup();
    const grant = { clientId: client.id, scopes: ['all'] as const, senders: 'all' as const };
    const [kept, revoked] = [await createKey.create(grant), await createKey.create(grant)];
    await revokeKey.revoke(client.id, revoked.id);
    await disableClient.disable(client.id);
    expect(await enableClient.enable(client.id)).toMatchObject({ id: client.id, disabledAt: null });
    expect(await authenticate.authenticate(kept.key)).toMatchObject({ keyId: kept.id });
    expect(await authenticate.authenticate(revoked.key)).toBeNull();
  });
});

describe('the bootstrap key', () => {
  it('may do all, for the client admin', async () => {
    const { authenticate, elsewhere, directory } = await setup();
    const principal = await authenticate.authenticate(ADMIN_KEY);
    expect(principal).toMatchObject({ keyId: null, scopes: ['all'], senders: 'all' });
    expect(await elsewhere.authenticate(ADMIN_KEY)).toEqual(principal);
    expect((await directory.named('admin'))?.id).toBe(principal?.clientId);
  });
});
