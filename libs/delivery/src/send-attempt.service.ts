import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { WindowEvidenceService } from '#conversations';
import { attemptId, buildSendBody, classifySendResult, GraphClient, lookupError, type SendOutcome } from '#graph-api';
import { Logger, MetricsService } from '#observability';
import { newId } from '#persistence';
import {
  DecryptionFailedError,
  type SenderCredentials,
  SenderDirectory,
  UnknownEncryptionKeyError,
  UnknownSenderError,
} from '#senders';
import { isMarketingRefusal } from './apply-marketing-refusal.js';
import {
  decideNext,
  type NextStep,
  type Standstill,
  TARGET_WAIT_MS,
  WINDOW_CLOSED_CODE,
} from './domain/decide-next.js';
import type { SendPlace } from './domain/hold-policy.js';
import { HoldService } from './hold.service.js';
import type { ClaimedMessage } from './queries/claim-due-messages.query.js';
import type { Settlement } from './queries/settle-attempts.query.js';
import { contentToSend, templateKey } from './template-key.js';
import { type ReadyMessage, unsendable } from './preparing/unsendable.js';

/** A message that was claimed, and when: `claimedAt` in ms of `performance.now()`, taken before the claim. */
export interface OpenAttempt {
  message: ClaimedMessage;
  claimedAt: number;
  /** What is sent, its files and targets as Meta knows them; left out: the content as it is stored. */
  prepared?: ReadyMessage;
}

/** What to wait when a hold could not be written: Graph will answer the same again. */
const UNKNOWN_HOLD_MS = 5_000;

/** Credentials that no later try would find better. */
const UNUSABLE = [UnknownSenderError, UnknownEncryptionKeyError, DecryptionFailedError];

/** Makes the one request of an attempt (T2) and decides what becomes of its message. Writes nothing of the message itself. */
@Injectable()
export class SendAttemptService {
  constructor(
    private readonly graph: GraphClient,
    private readonly senders: SenderDirectory,
    private readonly holds: HoldService,
    private readonly evidence: WindowEvidenceService,
    private readonly environment: Environment,
    private readonly logger: Logger,
    private readonly metrics: MetricsService,
  ) {}

  /** Never throws: whatever happens is an outcome. */
  async send({ message, claimedAt, prepared }: OpenAttempt): Promise<Settlement> {
    const startedAt = performance.now();
    const sentAt = new Date();
    const credentials = await this.credentials(message.phoneNumberId);
    const outcome: SendOutcome =
      credentials === 'unreadable'
        ? { kind: 'not_sent', reason: 'credentials_not_read' }
        : await this.request(message, credentials, { claimedAt, prepared });
    await this.learn(message, outcome, sentAt);
    if (credentials !== null && credentials !== 'unreadable') await this.pause(message, outcome, credentials);
    const awaitsTarget = prepared?.kind === 'awaits_target' ? prepared.targetId : null;
    const next = decideNext(outcome, {
      ...message,
      standstill: await this.standstill(message, credentials, prepared),
      hasUnusedFallback: message.windowFallback !== null && !message.usesFallback,
      holdMs:
        outcome.kind === 'throttled' && credentials !== 'unreadable'
          ? await this.hold(outcome, message, credentials)
          : null,
      random: Math.random(),
      retryBaseMs: this.environment.RETRY_BASE_MS,
    });
    const settlement = { ...toSettlement(message, outcome, next), awaitsTarget };
    this.metrics.countAttempt(next.attempt);
    this.logger.info('attempt.finished', {
      messageId: message.messageId,
      attemptNo: message.attemptNo,
      outcome: next.attempt,
      code: settlement.errorCode,
      httpStatus: settlement.httpStatus,
      state: next.state,
      durationMs: Math.round(performance.now() - startedAt),
    });
    return settlement;
  }

  /** Null when they can never be used as they are stored; 'unreadable' when the database could not be asked just now. */
  private async credentials(phoneNumberId: string): Promise<SenderCredentials | 'unreadable' | null> {
    try {
      return await this.senders.credentials(phoneNumberId);
    } catch (error) {
      if (UNUSABLE.some((kind) => error instanceof kind)) return null;
      this.logger.warn('credentials.not_read', { lane: phoneNumberId }, error);
      return 'unreadable';
    }
  }

  private async request(
    message: ClaimedMessage,
    credentials: SenderCredentials | null,
    {
      claimedAt,
      prepared = { kind: 'ready', content: contentToSend(message) },
    }: Pick<OpenAttempt, 'claimedAt' | 'prepared'>,
  ): Promise<SendOutcome> {
    if (prepared.kind !== 'ready') return unsendable(prepared);
    const { content } = prepared;
    if (credentials === null || content === null) {
      await this.holds.reportUnbuildable(message.phoneNumberId);
      return classifySendResult({ kind: 'not_built' });
    }
    return this.graph.send({
      phoneNumberId: message.phoneNumberId,
      accessToken: credentials.accessToken,
      // The fallback for a closed window is no marketing message by itself.
      api: message.usesFallback ? 'messages' : message.api,
      body: buildSendBody({
        recipient: { kind: message.recipientKind, id: message.recipient },
        message: content,
        attemptId: attemptId(message.messageId, message.attemptNo),
      }),
      writeByMs: claimedAt + this.environment.SEND_WRITE_GUARD_MS,
    });
  }

  /** Why a message stands still though nothing failed; a template's hold is set for all its messages. */
  private async standstill(
    message: ClaimedMessage,
    credentials: SenderCredentials | 'unreadable' | null,
    prepared: ReadyMessage | undefined,
  ): Promise<Standstill | null> {
    switch (prepared?.kind) {
      case 'awaits_target':
        return { reason: 'awaits_target', delayMs: TARGET_WAIT_MS };
      case 'template_paused':
      case 'template_recategorised': {
        const key = templateKey(message);
        if (credentials === null || credentials === 'unreadable' || key === null)
          return { reason: prepared.kind, delayMs: UNKNOWN_HOLD_MS };
        const target = { scope: 'template', scopeId: `${credentials.wabaId}:${key}` } as const;
        const isHeld = await this.holds.holdTemplate(target, prepared.kind).then(
          () => true,
          (error: unknown) => {
            this.logger.error('hold.not_set', { messageId: message.messageId }, error);
            return false;
          },
        );
        return { reason: prepared.kind, delayMs: isHeld ? 0 : UNKNOWN_HOLD_MS };
      }
      default:
        return null;
    }
  }

  /** What the answer tells of the window, of webhooks to come, of the recipient, and of marketing to them. */
  private async learn(message: ClaimedMessage, outcome: SendOutcome, sentAt: Date): Promise<void> {
    const { phoneNumberId, recipient, recipientKind } = message;
    if (outcome.kind === 'accepted') {
      const { waId = null, userId = null } = outcome;
      this.evidence.noteAccepted(phoneNumberId, sentAt);
      this.evidence.noteRecipient({ phoneNumberId, recipient, recipientKind, waId, userId, at: sentAt });
    }
    if (outcome.kind !== 'rejected_permanent') return;
    // What the contact writes is dated by Meta's clock: so is the refusal that it comes before or after.
    const at = outcome.answeredAt ?? sentAt;
    if (outcome.code === WINDOW_CLOSED_CODE) await this.evidence.noteClosing({ phoneNumberId, contact: recipient, at });
    if (isMarketingRefusal(Number(outcome.code)))
      await this.holds.noteMarketingRefusal({ code: Number(outcome.code), phoneNumberId, recipient, at });
  }

  /** An answer that ends its message may pause others, too: a template that is disabled. */
  private async pause(message: ClaimedMessage, outcome: SendOutcome, credentials: SenderCredentials): Promise<void> {
    if (outcome.kind !== 'rejected_permanent' || typeof outcome.code !== 'number') return;
    if (lookupError({ code: outcome.code, httpStatus: outcome.httpStatus }).pausesScope)
      await this.holds.pause(outcome.code, placeOf(message, credentials));
  }

  private async hold(
    outcome: Extract<SendOutcome, { kind: 'throttled' }>,
    message: ClaimedMessage,
    credentials: SenderCredentials | null,
  ): Promise<number | null> {
    if (credentials === null) return UNKNOWN_HOLD_MS;
    // A new token may be stored already: what is remembered of the old one would be refused again and again.
    if (outcome.scope === 'access_token') this.senders.forget();
    return this.holds.hold(outcome, placeOf(message, credentials)).catch((error: unknown) => {
      this.logger.error('hold.not_set', { messageId: message.messageId, code: outcome.code }, error);
      return UNKNOWN_HOLD_MS;
    });
  }
}

function placeOf(message: ClaimedMessage, credentials: SenderCredentials): SendPlace {
  const { appId, accessTokenId, portfolioId, wabaId } = credentials;
  return { ...message, appId, accessTokenId, portfolioId, wabaId, templateKey: templateKey(message) };
}

function toSettlement(
  { messageId, fence, attemptNo }: ClaimedMessage,
  outcome: SendOutcome,
  next: NextStep,
): Omit<Settlement, 'awaitsTarget'> {
  const { state, attempt, reason, delayMs, usesFallback } = next;
  return {
    messageId,
    fence,
    attemptNo,
    state,
    attempt,
    reason,
    delayMs,
    usesFallback,
    wamid: outcome.kind === 'accepted' ? outcome.wamid : null,
    httpStatus: 'httpStatus' in outcome ? (outcome.httpStatus ?? null) : null,
    http2xx: outcome.kind === 'accepted' || (outcome.kind === 'uncertain' && outcome.http2xx),
    errorCode: 'code' in outcome && typeof outcome.code === 'number' ? outcome.code : null,
    detail: detailOf(outcome),
    eventId: newId(),
  };
}

/** What was said of the outcome, for the client; null when it went well. */
function detailOf(outcome: SendOutcome): string | null {
  if ('error' in outcome) return [outcome.error.title, outcome.error.details].filter(Boolean).join(': ');
  return 'reason' in outcome ? outcome.reason : null;
}
