import { Injectable } from '@nestjs/common';
import { GraphClient } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { readMessagingLimit, readThroughput } from '../domain/sender-limits.js';
import { setMessagingLimits, setThroughputs } from '../queries/sender-limits.query.js';
import { SenderDirectory } from '../sender-directory.js';

const FIELDS = 'throughput,whatsapp_business_manager_messaging_limit,is_on_biz_app';

/** Asks Meta, now and then, what each number may send: a webhook may have been missed, and some things no webhook tells. */
@Injectable()
export class ReadLimitsService {
  constructor(
    private readonly database: Database,
    private readonly senders: SenderDirectory,
    private readonly graph: GraphClient,
    private readonly logger: Logger,
  ) {}

  /** Reads every sender, one after the other. One that cannot be read keeps what is known of it. @returns how many were read */
  async readAll(): Promise<number> {
    let read = 0;
    for (const { phoneNumberId, wabaId } of await this.senders.list()) {
      const isRead = await this.readOne(phoneNumberId, wabaId).catch((error: unknown) => {
        this.logger.warn('limits.not_read', { lane: phoneNumberId }, error);
        return false;
      });
      if (isRead) read += 1;
    }
    return read;
  }

  private async readOne(phoneNumberId: string, wabaId: string): Promise<boolean> {
    const { accessToken } = await this.senders.credentials(phoneNumberId);
    const knownAt = new Date();
    const answer = await this.graph.read({ path: phoneNumberId, query: { fields: FIELDS }, accessToken });
    if (answer.kind !== 'read') {
      this.logger.warn('limits.not_read', { lane: phoneNumberId, reason: answer.reason, code: answer.code });
      return false;
    }
    const { throughput, whatsapp_business_manager_messaging_limit: limit, is_on_biz_app } = answer.body;
    const level = (throughput as { level?: unknown } | undefined)?.level;
    const perSecond = readThroughput({ level, isOnBizApp: is_on_biz_app === true });
    const users = readMessagingLimit(limit);
    await this.database.transaction(async (tx) => {
      if (users !== undefined) await setMessagingLimits(tx, [{ wabaId, users, knownAt }]);
      if (perSecond !== undefined)
        await setThroughputs(tx, [{ phoneNumberId, wabaId: null, displayNumber: null, perSecond, knownAt }]);
    });
    return true;
  }
}
