import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { AccessRepository } from './access.repository.js';
import { hashApiKey } from './domain/api-key.js';
import type { Principal } from './domain/principal.js';
import { EnsureClientService } from './ensure-client.service.js';
import { RecentReads } from './recent-reads.js';

/** Name of the client that the bootstrap key belongs to; made when that key is first used. */
export const ADMIN_CLIENT = 'admin';

/** How long a revoked key may still work in a process that did not revoke it, ms. */
export const AUTHENTICATION_TTL_MS = 3_000;
const MAX_KEYS_REMEMBERED = 10_000;

/** Says who holds an API key. */
@Injectable()
export class AuthenticateService {
  private readonly recent = new RecentReads<Principal>({
    ttlMs: AUTHENTICATION_TTL_MS,
    maxEntries: MAX_KEYS_REMEMBERED,
  });
  private readonly adminHash: Buffer | null;

  constructor(
    environment: Environment,
    private readonly repository: AccessRepository,
    private readonly ensureClient: EnsureClientService,
  ) {
    this.adminHash = environment.HERALD_ADMIN_KEY === undefined ? null : hashApiKey(environment.HERALD_ADMIN_KEY);
  }

  /** The principal of a key, or null when the key is not valid (any more). Only the hash of a key is kept in memory. */
  async authenticate(key: string): Promise<Principal | null> {
    const hash = hashApiKey(key);
    return this.recent.get(hash.toString('base64url'), () =>
      this.isAdmin(hash) ? this.admin() : this.repository.principalOf(hash),
    );
  }

  /** Reads every key again on its next use. */
  forget(): void {
    this.recent.clear();
  }

  private isAdmin(hash: Buffer): boolean {
    return this.adminHash !== null && timingSafeEqual(hash, this.adminHash);
  }

  private async admin(): Promise<Principal> {
    const { id } = await this.ensureClient.ensure(ADMIN_CLIENT);
    return { clientId: id, keyId: null, scopes: ['all'], senders: 'all' };
  }
}
