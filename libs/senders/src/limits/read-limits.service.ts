import { Injectable } from '@nestjs/common';
import { GraphClient } from '#graph-api';
import { Logger } from '#observability';
import { Database, type Tx } from '#persistence';
import { limitValue } from '../domain/account-notice.js';
import { readMessagingLimit, readThroughput } from '../domain/sender-limits.js';
import { deriveLimits } from '../facts/queries/derive-limits.query.js';
import { type AccountFact, keepReadFacts } from '../facts/queries/keep-facts.query.js';
import { nameNumber } from '../queries/name-number.query.js';
import { SenderDirectory } from '../sender-directory.js';

const NUMBER_FIELDS =
  'throughput,whatsapp_business_manager_messaging_limit,is_on_biz_app,quality_rating,status,verified_name,name_status,display_phone_number';
const ACCOUNT_FIELDS = 'account_review_status';

type Body = Readonly<Record<string, unknown>>;

/** Asks Meta, now and then, what each number may send and how it stands: a webhook may have been missed, and some things no webhook tells. */
@Injectable()
export class ReadLimitsService {
  constructor(
    private readonly database: Database,
    private readonly senders: SenderDirectory,
    private readonly graph: GraphClient,
    private readonly logger: Logger,
  ) {}

  /**
   * Reads every sender, one after the other, and each account once. One that cannot be read keeps what is known of it.
   * @returns how many senders were read
   */
  async readAll(): Promise<number> {
    const accounts = new Set<string>();
    let read = 0;
    for (const { phoneNumberId, wabaId } of await this.senders.list()) {
      const isRead = await this.readNumber(phoneNumberId, wabaId).catch((error: unknown) => {
        this.logger.warn('limits.not_read', { lane: phoneNumberId }, error);
        return false;
      });
      if (!isRead) continue;
      read += 1;
      if (accounts.has(wabaId)) continue;
      accounts.add(wabaId);
      await this.readAccount(phoneNumberId, wabaId).catch((error: unknown) =>
        this.logger.warn('account.not_read', { lane: phoneNumberId }, error),
      );
    }
    return read;
  }

  private async readNumber(phoneNumberId: string, wabaId: string): Promise<boolean> {
    const at = new Date();
    const body = await this.ask(phoneNumberId, phoneNumberId, NUMBER_FIELDS);
    if (body === null) return false;
    await this.database.transaction(async (tx) => {
      await nameNumber(tx, phoneNumberId, textOf(body.display_phone_number));
      await this.keep(tx, wabaId, at, { [`id:${phoneNumberId}`]: numberFacts(body), account: accountLimit(body) });
    });
    return true;
  }

  private async readAccount(phoneNumberId: string, wabaId: string): Promise<void> {
    const at = new Date();
    const body = await this.ask(phoneNumberId, wabaId, ACCOUNT_FIELDS);
    if (body === null) return;
    await this.database.transaction((tx) =>
      this.keep(tx, wabaId, at, { account: { account_review: textOf(body.account_review_status) } }),
    );
  }

  /** @returns null when Meta does not answer with the fields */
  private async ask(phoneNumberId: string, path: string, fields: string): Promise<Body | null> {
    const { accessToken } = await this.senders.credentials(phoneNumberId);
    const answer = await this.graph.read({ path, query: { fields }, accessToken });
    if (answer.kind === 'read') return answer.body;
    this.logger.warn('limits.not_read', { lane: phoneNumberId, reason: answer.reason, code: answer.code });
    return null;
  }

  private async keep(
    tx: Tx,
    wabaId: string,
    at: Date,
    read: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
  ): Promise<void> {
    const facts = Object.entries(read).flatMap(([subject, kinds]) =>
      Object.entries(kinds).flatMap(([kind, value]): AccountFact[] =>
        value === null ? [] : [{ wabaId, subject, kind, value, at }],
      ),
    );
    await keepReadFacts(tx, facts);
    await deriveLimits(tx, facts.length === 0 ? [] : [wabaId]);
  }
}

function numberFacts(body: Body): Record<string, string | null> {
  const level = (body.throughput as { level?: unknown } | undefined)?.level;
  const perSecond = readThroughput({ level, isOnBizApp: body.is_on_biz_app === true });
  return {
    throughput: perSecond === undefined ? null : String(perSecond),
    quality_rating: textOf(body.quality_rating),
    number_status: textOf(body.status),
    verified_name: textOf(body.verified_name),
    name_status: textOf(body.name_status),
  };
}

function accountLimit(body: Body): Record<string, string | null> {
  const users = readMessagingLimit(body.whatsapp_business_manager_messaging_limit);
  return { messaging_limit: users === undefined ? null : limitValue(users) };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
