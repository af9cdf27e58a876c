import { Injectable } from '@nestjs/common';
import { FetchLinksService, type FoundMedia, SendableMediaService } from '#media';
import { coalesce } from '#persistence';
import { MarketingRuleService, type OptedOut } from './marketing-rule.service.js';
import type { ClaimedMessage } from '../queries/claim-due-messages.query.js';
import { type FoundTargets, TargetsService } from '../targets/targets.service.js';
import { contentToSend } from '../template-key.js';
import { TemplateRuleService, type TemplateVerdicts } from './template-rule.service.js';
import type { ReadyMessage } from './unsendable.js';
import { WindowRuleService } from './window-rule.service.js';

const MAX_CLAIMS = 64;
const IN_FLIGHT = 2;

/** What is to be known of claimed messages before they go, as it was found. */
export interface ClaimFacts {
  /** Ids of free-form messages whose customer service window is closed. */
  closed: ReadonlySet<string>;
  optedOut: OptedOut;
  files: FoundMedia;
  targets: FoundTargets;
  templates: TemplateVerdicts;
}

/** Turns claimed messages into what Meta is to read, or says why one may not go (now). */
@Injectable()
export class PrepareMessagesService {
  private readonly findAll = coalesce<readonly ClaimedMessage[], ClaimFacts>({
    run: async (claims) => {
      const facts = await this.read(claims.flat());
      return claims.map(() => facts);
    },
    maxBatch: MAX_CLAIMS,
    inFlight: IN_FLIGHT,
  });

  constructor(
    private readonly windowRule: WindowRuleService,
    private readonly marketingRule: MarketingRuleService,
    private readonly templateRule: TemplateRuleService,
    private readonly media: SendableMediaService,
    private readonly links: FetchLinksService,
    private readonly targets: TargetsService,
  ) {}

  /** What is to be known of messages just claimed. Claims that ask at once share their statements. Never rejects. */
  facts(messages: readonly ClaimedMessage[]): Promise<ClaimFacts> {
    return this.findAll(messages);
  }

  /** The message with Meta's names of the messages and files that it names; its files are uploaded first where Meta has them no more. */
  async prepare(
    message: ClaimedMessage,
    { closed, optedOut, templates, files, targets }: ClaimFacts,
  ): Promise<ReadyMessage> {
    if (closed.has(message.messageId)) return { kind: 'window_closed' };
    if (optedOut.ids.has(message.messageId)) return { kind: 'opted_out' };
    if (optedOut.unknown.has(message.messageId)) return { kind: 'choice_not_read' };
    const verdict = templates === 'unreadable' ? 'fine' : (templates.get(message.messageId)?.verdict ?? 'fine');
    if (verdict !== 'fine') return { kind: `template_${verdict}` };
    const targeted = this.targets.name(toSend(message), targets);
    if (targeted.kind !== 'ready') return targeted;
    if (message.mediaMode !== 'upload' || targeted.content === null)
      return this.media.prepare({ ...toSend(message), content: targeted.content }, files);
    const fetched = await this.links.replace({ ...message, content: targeted.content });
    if (fetched.kind !== 'ready') return fetched;
    const linked = { ...toSend(message), content: fetched.content };
    return this.media.prepare(linked, await this.media.find([linked]));
  }

  private async read(messages: readonly ClaimedMessage[]): Promise<ClaimFacts> {
    const [closed, files, targets, templates] = await Promise.all([
      this.windowRule.closedAmong(messages),
      this.media.find(messages.map(toSend)),
      this.targets.find(messages.map(toSend)),
      this.templateRule.verdicts(messages),
    ]);
    return { closed, files, targets, templates, optedOut: await this.marketingRule.optedOutAmong(messages, templates) };
  }
}

const toSend = (message: ClaimedMessage) => ({
  clientId: message.clientId,
  phoneNumberId: message.phoneNumberId,
  content: contentToSend(message),
});
