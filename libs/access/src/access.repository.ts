import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Database, newId } from '#persistence';
import type { ApiKey, Client } from './domain/client.js';
import type { Grant, Principal } from './domain/principal.js';
import { isScope } from './domain/scope.js';

/** Clients and their keys as Postgres holds them. An id that is no UUID is nobody's. */
@Injectable()
export class AccessRepository {
  constructor(private readonly database: Database) {}

  /** @returns null when the name is taken */
  async insertClient(name: string): Promise<Client | null> {
    const [client] = await this.database.prisma.client.createManyAndReturn({
      data: [{ id: newId(), name }],
      skipDuplicates: true,
    });
    return client ?? null;
  }

  async clientNamed(name: string): Promise<Client | null> {
    return this.database.prisma.client.findUnique({ where: { name } });
  }

  async client(id: string): Promise<Client | null> {
    return isUuid(id) ? this.database.prisma.client.findUnique({ where: { id } }) : null;
  }

  async clients(): Promise<Client[]> {
    return this.database.prisma.client.findMany({ orderBy: { id: 'asc' } });
  }

  /** Disables once: the first time stays. @returns null when there is no such client */
  async disableClient(id: string): Promise<Client | null> {
    if (!isUuid(id)) return null;
    await this.database.prisma.client.updateMany({ where: { id, disabledAt: null }, data: { disabledAt: new Date() } });
    return this.client(id);
  }

  async enableClient(id: string): Promise<Client | null> {
    if (!isUuid(id)) return null;
    await this.database.prisma.client.updateMany({ where: { id }, data: { disabledAt: null } });
    return this.client(id);
  }

  async insertKey(clientId: string, { prefix, hash }: { prefix: string; hash: Buffer }, grant: Grant): Promise<ApiKey> {
    const allSenders = grant.senders === 'all';
    return toApiKey(
      await this.database.prisma.apiKey.create({
        data: {
          id: newId(),
          clientId,
          prefix,
          hash: Uint8Array.from(hash),
          scopes: [...grant.scopes],
          allSenders,
          senders: grant.senders === 'all' ? [] : [...grant.senders],
        },
      }),
    );
  }

  async keys(clientId: string): Promise<ApiKey[]> {
    return (await this.database.prisma.apiKey.findMany({ where: { clientId }, orderBy: { id: 'asc' } })).map(toApiKey);
  }

  /** Revokes once: the first time stays. @returns null when the client has no such key */
  async revokeKey(clientId: string, keyId: string): Promise<ApiKey | null> {
    if (!isUuid(clientId) || !isUuid(keyId)) return null;
    await this.database.prisma.apiKey.updateMany({
      where: { id: keyId, clientId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    const row = await this.database.prisma.apiKey.findFirst({ where: { id: keyId, clientId } });
    return row && toApiKey(row);
  }

  /** Who holds the key of this hash; null when nobody does, or no longer. */
  async principalOf(hash: Buffer): Promise<Principal | null> {
    const row = await this.database.prisma.apiKey.findFirst({
      where: { hash: Uint8Array.from(hash), revokedAt: null, client: { disabledAt: null } },
    });
    return row && { clientId: row.clientId, keyId: row.id, ...grantOf(row) };
  }
}

interface KeyRow extends Omit<ApiKey, 'scopes' | 'senders'> {
  scopes: string[];
  allSenders: boolean;
  senders: string[];
}

function toApiKey(row: KeyRow): ApiKey {
  const { id, clientId, prefix, createdAt, revokedAt } = row;
  return { id, clientId, prefix, createdAt, revokedAt, ...grantOf(row) };
}

const grantOf = ({ scopes, allSenders, senders }: KeyRow): Grant => ({
  scopes: scopes.filter(isScope),
  senders: allSenders ? 'all' : senders,
});
