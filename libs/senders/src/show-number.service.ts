import { Injectable } from '@nestjs/common';
import { GraphClient } from '#graph-api';
import { Logger } from '#observability';
import { SenderDirectory } from './sender-directory.js';

/** What Meta tells of a number (sending.md §6), to whoever may use it. */
const FIELDS: readonly string[] = [
  'id',
  'display_phone_number',
  'verified_name',
  'code_verification_status',
  'quality_rating',
  'quality_score',
  'platform_type',
  'status',
  'name_status',
  'throughput',
  'whatsapp_business_manager_messaging_limit',
  'webhook_configuration',
  'account_mode',
  'is_official_business_account',
  'health_status',
];
/** What it tells when nothing is asked for. */
const USUAL_FIELDS = FIELDS.slice(0, 5).concat('platform_type', 'throughput', 'webhook_configuration');

/** Graph for `ShowNumberService`: somebody waits for its answers. */
export class NumberGraph extends GraphClient {}

/** Shows a phone number as Meta has it now. */
@Injectable()
export class ShowNumberService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly graph: NumberGraph,
    private readonly logger: Logger,
  ) {}

  /**
   * What Meta says of a number; null when it cannot be asked just now, or does not say. Never rejects.
   * @param fields those wanted, of FIELDS; the usual ones when left out
   */
  async show(phoneNumberId: string, fields: readonly string[] = USUAL_FIELDS): Promise<Record<string, unknown> | null> {
    const query = { fields: FIELDS.filter((field) => field === 'id' || fields.includes(field)).join(',') };
    try {
      const { accessToken } = await this.senders.credentials(phoneNumberId);
      const answer = await this.graph.read({ path: phoneNumberId, query, accessToken });
      if (answer.kind === 'read') return { ...answer.body };
      this.logger.warn('number.not_read', { lane: phoneNumberId, reason: answer.reason, code: answer.code });
    } catch (error) {
      this.logger.warn('number.not_read', { lane: phoneNumberId }, error);
    }
    return null;
  }
}
