import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { FetchLinksService, type FoundMedia, SendableMediaService } from '#media';
import type { Priority } from '#messages';
import { Logger } from '#observability';
import { ClaimMessagesService } from './claim-messages.service.js';
import type { TemplateVerdict } from './domain/template-rule.js';
import { ConnectionShare } from './connection-share.js';
import { LaneBreakerService } from './lane-breaker.service.js';
import type { SlottedMessage } from './pacing/lane-line.js';
import { WriteGate } from './pacing/write-gate.js';
import type { ClaimedMessage } from './queries/claim-due-messages.query.js';
import { type OpenAttempt, SendAttemptService } from './send-attempt.service.js';
import { SettleOrJournalService } from './journal/settle-or-journal.service.js';
import { type FoundTargets, TargetsService } from './targets/targets.service.js';
import { contentToSend } from './template-key.js';
import { TemplateRuleService } from './template-rule.service.js';
import type { ReadyMessage } from './unsendable.js';
import { WindowRuleService } from './window-rule.service.js';

/** Share of the connections to Graph that each priority has for itself, so that bulk never delays urgent. */
const SHARES: Record<Priority, number> = { urgent: 0.3, standard: 0.4, bulk: 0.3 };
/** Slots that are claimed together, ms: a message is claimed no earlier than that before it goes on the wire. */
const WINDOW_MS = 200;
/** How long before its first slot a window is claimed, ms. */
const CLAIM_MS = 25;

/** A message and how close together messages of its lane may go. */
export interface PacedMessage extends SlottedMessage {
  intervalMs: number;
}

/** Sends messages that have their slots: claim, wait for the slot, send, settle, each on its own connection. */
@Injectable()
export class SendSlottedService {
  private readonly shares: Record<Priority, ConnectionShare>;
  private readonly gate = new WriteGate();
  private isStopping = false;

  constructor(
    private readonly claims: ClaimMessagesService,
    private readonly windowRule: WindowRuleService,
    private readonly attempts: SendAttemptService,
    private readonly settlements: SettleOrJournalService,
    private readonly breaker: LaneBreakerService,
    private readonly media: SendableMediaService,
    private readonly links: FetchLinksService,
    private readonly targets: TargetsService,
    private readonly templateRule: TemplateRuleService,
    environment: Environment,
    private readonly logger: Logger,
  ) {
    const share = (priority: Priority) =>
      new ConnectionShare(Math.max(1, Math.floor(environment.GRAPH_CONNECTIONS * SHARES[priority])));
    this.shares = { urgent: share('urgent'), standard: share('standard'), bulk: share('bulk') };
  }

  /** Resolves when each of them, by slot, is settled or not ours; never rejects for one of them, its lease brings it back. */
  async send(messages: readonly PacedMessage[], priority: Priority): Promise<void> {
    await Promise.all(windowsOf(messages).map((window) => this.sendWindow(window, this.shares[priority])));
  }

  /** Claims nothing more: for the shutdown. */
  stop(): void {
    this.isStopping = true;
  }

  /** Requests to Graph under way, and results not written down yet. */
  get inFlight(): number {
    return Object.values(this.shares).reduce((sum, { inUse }) => sum + inUse, 0);
  }

  /** Claims no more at once than there are connections for. */
  private async sendWindow(window: readonly PacedMessage[], share: ConnectionShare): Promise<void> {
    const waitMs = (window[0]?.slotAt ?? 0) - CLAIM_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const running: Promise<void>[] = [];
    let next = 0;
    while (next < window.length && !this.isStopping) {
      const taken = await share.take(window.length - next);
      if (this.isStopping) {
        share.give(taken);
        break;
      }
      running.push(...(await this.start(window.slice(next, next + taken), share)));
      next += taken;
    }
    const left = window.slice(next);
    left.forEach(({ release }) => release());
    await this.claims.putBack(left.map(({ message }) => message.messageId));
    await Promise.all(running);
  }

  private async start(messages: readonly PacedMessage[], share: ConnectionShare): Promise<Promise<void>[]> {
    const claimedAt = performance.now();
    const slots = new Map(messages.map((paced) => [paced.message.messageId, paced]));
    const claimed = await this.claims.claim([...slots.keys()]).catch((error: unknown) => {
      this.logger.error('claim.failed', { count: messages.length }, error);
      return [];
    });
    messages.forEach(({ release }) => release());
    share.give(messages.length - claimed.length);
    const [closed, files, targets, templates] = await Promise.all([
      this.windowRule.closedAmong(claimed),
      this.media.find(claimed.map(toSend)),
      this.targets.find(claimed.map(toSend)),
      this.templateRule.verdicts(claimed),
    ]);
    const named: Named = { files, targets, templates };
    return claimed.map((message) => {
      const attempt = { message, claimedAt, isWindowClosed: closed.has(message.messageId) };
      return this.sendOne(attempt, named, slots.get(message.messageId)).finally(() => share.give(1));
    });
  }

  private async sendOne(attempt: OpenAttempt, named: Named, paced: PacedMessage | undefined): Promise<void> {
    const { messageId, attemptNo, phoneNumberId } = attempt.message;
    try {
      const prepared = await this.prepare(attempt.message, named);
      await this.gate.pass(phoneNumberId, paced?.slotAt ?? 0, paced?.intervalMs ?? 0);
      const settlement = await this.attempts.send({ ...attempt, prepared });
      await this.settlements.settle(settlement);
      await this.breaker.note(phoneNumberId, settlement, paced?.message.lane.isBroken ?? false);
    } catch (error) {
      this.logger.error('attempt.not_settled', { messageId, attemptNo }, error);
    }
  }

  /** The message with Meta's names of the messages and files that it names. */
  private async prepare(message: ClaimedMessage, { files, targets, templates }: Named): Promise<ReadyMessage> {
    const verdict = templates.get(message.messageId) ?? 'fine';
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
}

/** What some messages name, as it was found. */
interface Named {
  files: FoundMedia;
  targets: FoundTargets;
  /** Messages whose template may not go out as it is. */
  templates: ReadonlyMap<string, TemplateVerdict>;
}

const toSend = (message: ClaimedMessage) => ({
  clientId: message.clientId,
  phoneNumberId: message.phoneNumberId,
  content: contentToSend(message),
});

/** Messages cut into runs of WINDOW_MS, each by slot. */
function windowsOf(messages: readonly PacedMessage[]): PacedMessage[][] {
  const windows: PacedMessage[][] = [];
  for (const paced of [...messages].sort((a, b) => a.slotAt - b.slotAt)) {
    const last = windows.at(-1);
    if (last?.[0] !== undefined && paced.slotAt - last[0].slotAt < WINDOW_MS) last.push(paced);
    else windows.push([paced]);
  }
  return windows;
}
