import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { templateStates, type TemplateUse } from '#templates';
import { judgeTemplate, type TemplateVerdict } from '../domain/template-rule.js';
import type { ClaimedMessage } from '../queries/claim-due-messages.query.js';
import { templateKey } from '../template-key.js';

/** What is to be said of the template of each message that sends one, by the message's id; 'unreadable' when the database could not be asked just now. */
export type TemplateVerdicts = ReadonlyMap<string, { verdict: TemplateVerdict; category: string }> | 'unreadable';

/** What became of templates since their messages were accepted, for messages that are about to be sent. */
@Injectable()
export class TemplateRuleService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** @returns the verdict on each message whose template is known. Never rejects: what cannot be read is left to Meta. */
  async verdicts(messages: readonly ClaimedMessage[]): Promise<TemplateVerdicts> {
    const uses = messages.flatMap(useOf);
    if (uses.length === 0) return new Map();
    try {
      const acceptedAs = new Map(messages.map((message) => [message.messageId, acceptedCategory(message)]));
      const states = await templateStates(this.database, uses);
      return new Map(
        states.map(({ messageId, ...state }) => {
          const verdict = judgeTemplate(state, acceptedAs.get(messageId) ?? null);
          return [messageId, { verdict, category: state.category }];
        }),
      );
    } catch (error) {
      this.logger.warn('templates.not_judged', { count: uses.length }, error);
      return 'unreadable';
    }
  }
}

/** A fallback was accepted for what it does, whatever it costs. */
const acceptedCategory = ({ category, categorySource, usesFallback }: ClaimedMessage) =>
  categorySource === 'synced' && !usesFallback ? category : null;

function useOf(message: ClaimedMessage): TemplateUse[] {
  const [name, language] = templateKey(message)?.split(':') ?? [];
  if (name === undefined || language === undefined) return [];
  return [{ messageId: message.messageId, phoneNumberId: message.phoneNumberId, name, language }];
}
