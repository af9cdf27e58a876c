import { Injectable } from '@nestjs/common';
import { suppressedContacts } from '#contacts';
import { Logger } from '#observability';
import { Database } from '#persistence';
import type { ClaimedMessage } from '../queries/claim-due-messages.query.js';
import type { TemplateVerdicts } from './template-rule.service.js';

/** Messages of marketing to somebody who has stopped it, by id; `unknown`: those that the database could not be asked about just now. */
export interface OptedOut {
  ids: ReadonlySet<string>;
  unknown: ReadonlySet<string>;
}

/** Who has stopped marketing since their message was accepted. */
@Injectable()
export class MarketingRuleService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** @returns those that are marketing, by themselves or by their fallback, to somebody who wants none. Never rejects. */
  async optedOutAmong(messages: readonly ClaimedMessage[], templates: TemplateVerdicts): Promise<OptedOut> {
    const marketing = messages.filter((message) => isMarketing(message, templates));
    try {
      const isOptedOut = await suppressedContacts(this.database, marketing);
      return { ids: idsOf(marketing.filter(isOptedOut)), unknown: new Set() };
    } catch (error) {
      this.logger.warn('marketing.not_read', { count: marketing.length }, error);
      return { ids: new Set(), unknown: idsOf(marketing) };
    }
  }
}

const idsOf = (messages: readonly ClaimedMessage[]) => new Set(messages.map(({ messageId }) => messageId));

/** Of a fallback whose template could not be read it is taken for granted. */
function isMarketing({ messageId, category, usesFallback }: ClaimedMessage, templates: TemplateVerdicts): boolean {
  if (category === 'marketing') return true;
  return usesFallback && (templates === 'unreadable' || templates.get(messageId)?.category === 'MARKETING');
}
